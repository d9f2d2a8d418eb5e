import type * as v from 'valibot'
import type { transferAsk, TransferReceipt, TransferRequests } from '../../../shared/api/transfers.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { askRefusal, moveRequest, requestDays, type RequestAct, type RequestParty } from '../../../shared/domain/transfer-request.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { findLive } from '../registrations/registration.repository.ts'
import { validIdCardNo } from '../registrations/registrations.service.ts'
import {
  closeRequest, countRequests, earlierRequests, expireRequests, findRequest, insertRequest, listIncoming, listOutgoing, releaseOvertaken, type TransferRequestRow,
} from './transfer-request.repository.ts'

const day = 86_400_000

export async function listRequests({ db, clock, personal }: ServiceContext, { organizationId }: Who): Promise<TransferRequests> {
  const now = clock.now()
  return { incoming: await listIncoming(db, organizationId, personal, now), outgoing: await listOutgoing(db, organizationId, personal, now) }
}

/**
 * 申请迁入. Carried to the unit where the person is registered; who asks learns no more than 新增 told already.
 * @throws AppError with what is wrong with the number, or what stands against asking (`askRefusal`)
 */
export async function askTransfer(context: ServiceContext, trx: CentralDb, who: Who, { id, idCardNo, name }: v.InferOutput<typeof transferAsk>): Promise<TransferReceipt> {
  const { personal, clock } = context
  const { organizationId, accountId, deviceId } = who
  const number = validIdCardNo(context, idCardNo)
  const hash = personal.hashIdCardNo(number)
  const now = clock.now()
  const at = now.toISOString()
  const before = (time: number) => new Date(now.getTime() - time).toISOString()
  const live = await findLive(trx, hash)
  await expireRequests(trx, at)
  if (live) await releaseOvertaken(trx, organizationId, hash, live.id, at)
  const earlier = await earlierRequests(trx, organizationId, hash, before(requestDays * day))
  const refusal = askRefusal({
    live: !live ? 'nowhere' : live.organization_id === organizationId ? 'here' : 'elsewhere',
    earlier: earlier.map(({ state, created_at, answered_at }) => ({ state, at: new Date(created_at), answeredAt: answered_at === null ? null : new Date(answered_at) })),
    askedToday: await countRequests(trx, organizationId, before(day)),
    now,
  })
  if (refusal) throw new AppError(refusal.code, refusal.code === 'registration-here' ? { id: live?.id } : refusal.days === undefined ? {} : { days: refusal.days })
  const inserted =
    live &&
    (await insertRequest(trx, {
      id, organization_id: organizationId, account_id: accountId, registration_id: live.id, holding_organization_id: live.organization_id, id_card_no_hash: hash,
      id_card_no_sealed: personal.seal(number, { column: 'transfer_request.id_card_no', rowId: id }),
      name_sealed: personal.seal(tidyText(name), { column: 'transfer_request.name', rowId: id }),
      state: 'waiting', refusal_sealed: null, created_at: at, expires_at: new Date(now.getTime() + requestDays * day).toISOString(), answered_at: null,
    }))
  if (!inserted) throw new AppError('transfer-already-asked')
  // Of the unit that was asked nothing stands here: whoever reads a unit's audit is of that unit.
  await appendAudit(personal, trx, { kind: 'transfer-asked', organizationId, accountId, deviceId, details: { requestId: id } }, now)
  return { id, state: 'waiting' }
}

/** @throws AppError not-found, transfer-request-closed */
export async function refuseTransfer(context: ServiceContext, trx: CentralDb, who: Who, { id, words }: { id: string; words: string }): Promise<TransferReceipt> {
  return close(context, trx, who, id, 'refuse', context.personal.seal(tidyText(words), { column: 'transfer_request.refusal', rowId: id }))
}

/** @throws AppError not-found, transfer-request-closed */
export async function withdrawTransfer(context: ServiceContext, trx: CentralDb, who: Who, id: string): Promise<TransferReceipt> {
  return close(context, trx, who, id, 'withdraw', null)
}

async function close({ clock, personal }: ServiceContext, trx: CentralDb, who: Who, id: string, act: RequestAct, refusalSealed: string | null): Promise<TransferReceipt> {
  const now = clock.now()
  const at = now.toISOString()
  const request = await findRequest(trx, id)
  if (!request) throw new AppError('not-found')
  const move = moveRequest(request.state === 'waiting' && request.expires_at <= at ? 'expired' : request.state, act, partyOf(request, who))
  if (!move.ok) throw new AppError(move.code)
  // Whoever was faster between the look and now has closed it.
  if (!(await closeRequest(trx, id, act, at, refusalSealed))) throw new AppError('transfer-request-closed')
  const { organizationId, accountId, deviceId } = who
  await appendAudit(personal, trx, { kind: `transfer-${move.to}`, organizationId, accountId, deviceId, details: { requestId: id } }, now)
  return { id, state: move.to }
}

function partyOf(request: TransferRequestRow, { organizationId }: Who): RequestParty | null {
  if (request.organization_id === organizationId) return 'asking'
  return request.holding_organization_id === organizationId ? 'holding' : null
}
