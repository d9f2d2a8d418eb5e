import type * as v from 'valibot'
import type { WriteReceipt } from '../../../shared/api/resources.ts'
import type { transferOutBody } from '../../../shared/api/transfers.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { departureProblems, transferOutRefusal } from '../../../shared/domain/departure.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { endBindingsOfRegistration } from '../bindings/end-bindings.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { reviewOf, updateOwnRegistration } from '../registrations/registration.repository.ts'
import { requireVersion } from '../registrations/registrations.service.ts'
import { insertDeparture } from './departure.repository.ts'
import { closeRequest, findRequest, releaseWaiting } from './transfer-request.repository.ts'

interface TransferOut {
  readonly id: string
  readonly baseVersion: number
  readonly departure: v.InferOutput<typeof transferOutBody>
}

/**
 * 离职迁出 (manual 4.1 (2)): the registration ends, with its history, its bindings and the number it reserved; every unit that waits
 * for the person hears that they are free. At the request of one unit it ends only while that one still asks.
 * @throws AppError not-found, version-conflict, registration-left, transfer-out-invalid, transfer-request-closed
 */
export async function transferOut(context: ServiceContext, trx: CentralDb, who: Who, { id, baseVersion, departure }: TransferOut): Promise<WriteReceipt> {
  const seq = await nextSeq(trx, who.organizationId)
  const current = await requireVersion(trx, who, id, baseVersion)
  const refusal = transferOutRefusal(current.status)
  if (refusal) throw new AppError(refusal)
  const now = context.clock.now()
  const at = now.toISOString()
  const { requestId, leftOn, reason } = departure
  const note = tidyText(departure.note)
  const facts = { registeredOn: shanghaiDate(new Date(current.created_at)), today: shanghaiDate(now), isRequested: requestId !== null }
  const fields = Object.keys(departureProblems({ reason, note, leftOn }, facts))
  if (fields.length > 0) throw new AppError('transfer-out-invalid', { count: fields.length, fields })
  const version = baseVersion + 1
  if (!(await updateOwnRegistration(trx, { organizationId: who.organizationId, id, version: baseVersion }, { status: 'left', version, seq, updated_at: at }))) throw new AppError('version-conflict')
  if (requestId !== null) await answerRequest(trx, who, id, requestId, at)
  await releaseWaiting(trx, id, at)
  await insertDeparture(trx, {
    id, organization_id: who.organizationId, reason, left_on: leftOn, review_status: reviewOf[current.status], left_at: at,
    note_sealed: context.personal.seal(note, { column: 'departure.note', rowId: id }),
  })
  const bindings = await endBindingsOfRegistration(context, trx, who, id)
  const { organizationId, accountId, deviceId } = who
  const details = { registrationId: id, reason, bindings, ...(requestId === null ? {} : { requestId }) }
  await appendAudit(context.personal, trx, { kind: 'registration-left', organizationId, accountId, deviceId, details }, now)
  return { id, version, status: 'left' }
}

/** 同意迁出. @throws AppError not-found where this registration was never asked for by it, transfer-request-closed */
async function answerRequest(trx: CentralDb, who: Who, registrationId: string, requestId: string, at: string): Promise<void> {
  const request = await findRequest(trx, requestId)
  if (request?.holding_organization_id !== who.organizationId || request.registration_id !== registrationId) throw new AppError('transfer-request-closed')
  if (!(await closeRequest(trx, requestId, 'release', at))) throw new AppError('transfer-request-closed')
}
