import type * as v from 'valibot'
import type { transferInRequest } from '../../../shared/api/transfers.ts'
import { carriedValues, isSameName } from '../../../shared/domain/carried-values.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { findLive, findOwnRegistration, valuesOf } from '../registrations/registration.repository.ts'
import { validIdCardNo } from '../registrations/registrations.service.ts'
import { findLastLeft } from './departure.repository.ts'

/** Wrong names a unit may try for one number within a day. */
const namesTried = 5
export const failuresKept = 86_400_000

/**
 * 迁入: what may be carried over of a person whose last registration has ended (ADR 0032). A look, not a write: the registration is
 * made by 提交, and of two units that look the first to submit has the person.
 * @throws AppError registration-here, registration-elsewhere; transfer-in-nothing alike for an unknown number and a wrong name
 */
export async function transferIn(context: ServiceContext, who: Who, { idCardNo, name }: v.InferOutput<typeof transferInRequest>): Promise<PersonValues> {
  const { db, personal, clock } = context
  const number = validIdCardNo(context, idCardNo)
  const hash = personal.hashIdCardNo(number)
  const live = await findLive(db, hash)
  if (live) throw live.organization_id === who.organizationId ? new AppError('registration-here', { id: live.id }) : new AppError('registration-elsewhere')
  const { organizationId, accountId, deviceId } = who
  const audit = (trx: CentralDb, outcome: string) => appendAudit(personal, trx, { kind: 'transfer-in', organizationId, accountId, deviceId, details: { outcome } }, clock.now())
  const values = await inTransaction(db, async (trx) => {
    const left = (await failuresOf(trx, organizationId, hash, clock.now())) < namesTried ? await findLastLeft(trx, hash) : undefined
    const row = left && (await findOwnRegistration(trx, left.organization_id, left.id))
    const found = row && valuesOf(row, personal)
    if (!left || !found || !isSameName(found.name, name)) {
      if (left) await countFailure(trx, organizationId, hash, clock.now())
      await audit(trx, 'nothing')
      return null
    }
    await audit(trx, 'carried')
    return carriedValues(found, left.organization_id === organizationId)
  })
  if (!values) throw new AppError('transfer-in-nothing')
  return { ...values, idCardNo: number }
}

async function failuresOf(db: CentralDb, organizationId: string, hash: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('transfer_in_failure')
    .select('failures')
    .where('organization_id', '=', organizationId)
    .where('id_card_no_hash', '=', hash)
    .where('last_failed_at', '>', new Date(now.getTime() - failuresKept).toISOString())
    .executeTakeFirst()
  return row?.failures ?? 0
}

async function countFailure(trx: CentralDb, organizationId: string, hash: string, now: Date): Promise<void> {
  const failures = (await failuresOf(trx, organizationId, hash, now)) + 1
  const last_failed_at = now.toISOString()
  await trx
    .insertInto('transfer_in_failure')
    .values({ organization_id: organizationId, id_card_no_hash: hash, failures, last_failed_at })
    .onConflict((conflict) => conflict.columns(['organization_id', 'id_card_no_hash']).doUpdateSet({ failures, last_failed_at }))
    .execute()
}
