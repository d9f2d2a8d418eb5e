import { sql, type Insertable, type Selectable } from 'kysely'
import type { IncomingRequest, OutgoingRequest } from '../../../shared/api/transfers.ts'
import { requestMoves, shownRequestState, type RequestAct } from '../../../shared/domain/transfer-request.ts'
import type { CentralDb } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { TransferRequestTable } from './transfer.tables.ts'

export type TransferRequestRow = Selectable<TransferRequestTable>

export async function findRequest(db: CentralDb, id: string): Promise<TransferRequestRow | undefined> {
  return db.selectFrom('transfer_request').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @returns false where the id is used, or the unit has one that waits for this person */
export async function insertRequest(trx: CentralDb, row: Insertable<TransferRequestTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await trx.insertInto('transfer_request').values(row).onConflict((conflict) => conflict.doNothing()).executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

/** Closes a request that still waits, if it does: of two that come at once the first one's word counts. @returns whether this was the first */
export async function closeRequest(trx: CentralDb, id: string, act: RequestAct, at: string, refusalSealed: string | null = null): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('transfer_request')
    .set({ state: requestMoves[act].to, answered_at: at, refusal_sealed: refusalSealed })
    .where('id', '=', id)
    .where('state', '=', requestMoves[act].from)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Whoever else waits for this registration: it has ended, so there is nothing left to answer. */
export async function releaseWaiting(trx: CentralDb, registrationId: string, at: string): Promise<void> {
  await trx.updateTable('transfer_request').set({ state: 'released', answered_at: at }).where('registration_id', '=', registrationId).where('state', '=', 'waiting').where('expires_at', '>', at).execute()
}

/** Time is up, of all or of one unit's. */
export async function expireRequests(db: CentralDb, at: string): Promise<void> {
  await db.updateTable('transfer_request').set((row) => ({ state: 'expired', answered_at: row.ref('expires_at') })).where('state', '=', 'waiting').where('expires_at', '<=', at).execute()
}

/** The registration that this unit once asked for is no longer the one to ask for: the person is registered anew since. */
export async function releaseOvertaken(trx: CentralDb, organizationId: string, idCardNoHash: string, liveId: string, at: string): Promise<void> {
  await trx
    .updateTable('transfer_request')
    .set({ state: 'released', answered_at: at })
    .where('organization_id', '=', organizationId)
    .where('id_card_no_hash', '=', idCardNoHash)
    .where('state', '=', 'waiting')
    .where('registration_id', '<>', liveId)
    .execute()
}

/** What this unit has asked since `since`, for this person. */
export function earlierRequests(db: CentralDb, organizationId: string, idCardNoHash: string, since: string): Promise<Pick<TransferRequestRow, 'state' | 'created_at' | 'answered_at'>[]> {
  return db
    .selectFrom('transfer_request')
    .select(['state', 'created_at', 'answered_at'])
    .where('organization_id', '=', organizationId)
    .where('id_card_no_hash', '=', idCardNoHash)
    .where('created_at', '>', since)
    .execute()
}

export async function countRequests(db: CentralDb, organizationId: string, since: string): Promise<number> {
  const { n } = await db
    .selectFrom('transfer_request')
    .select((eb) => eb.fn.countAll<number | string>().as('n'))
    .where('organization_id', '=', organizationId)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** A closed one is deleted so long after it was closed, and with it the number that was typed. */
export async function deleteClosedRequests(db: CentralDb, before: string): Promise<void> {
  await db.deleteFrom('transfer_request').where('state', '<>', 'waiting').where('answered_at', '<=', before).execute()
}

const listed = 200

/** With the person's live registration of today, and whether it is the one that was asked for. */
function withLive(db: CentralDb) {
  return db
    .selectFrom('transfer_request as t')
    .leftJoin('registration as live', (join) => join.onRef('live.id_card_no_hash', '=', 't.id_card_no_hash').on(sql<boolean>`live.status in ('pending', 'active')`))
    .selectAll('t')
    .select(['live.id as live_id', 'live.organization_id as live_organization_id'])
    .orderBy(sql`case when t.state = 'waiting' then 0 else 1 end`)
    .orderBy('t.created_at', 'desc')
    .limit(listed)
}

type Found = TransferRequestRow & { live_id: string | null; live_organization_id: string | null }

export async function listIncoming(db: CentralDb, organizationId: string, personal: PersonalData, now: Date): Promise<IncomingRequest[]> {
  const rows = await withLive(db).innerJoin('organization as o', 'o.id', 't.organization_id').select('o.name as asked_by').where('t.holding_organization_id', '=', organizationId).execute()
  return rows.map((row) => {
    const request = shown(row, personal, now)
    // Where the person went from here is not for the unit that let them go.
    const state = request.state === 'done' || request.state === 'taken' ? 'released' : request.state
    return { ...request, state, registrationId: row.registration_id, askedBy: row.asked_by }
  })
}

export async function listOutgoing(db: CentralDb, organizationId: string, personal: PersonalData, now: Date): Promise<OutgoingRequest[]> {
  const rows = await withLive(db).where('t.organization_id', '=', organizationId).execute()
  return rows.map((row) => ({ ...shown(row, personal, now), idCardNo: personal.open(row.id_card_no_sealed, { column: 'transfer_request.id_card_no', rowId: row.id }) }))
}

function shown(row: Found, personal: PersonalData, now: Date) {
  const live = row.live_id === null ? 'nowhere' : row.live_organization_id === row.organization_id ? 'here' : 'elsewhere'
  const state = shownRequestState({ state: row.state, expiresAt: new Date(row.expires_at), isHeld: row.live_id === row.registration_id, live }, now)
  return {
    id: row.id,
    state,
    name: personal.open(row.name_sealed, { column: 'transfer_request.name', rowId: row.id }),
    askedAt: row.created_at,
    expiresAt: row.expires_at,
    answeredAt: row.answered_at,
    refusal: row.refusal_sealed === null ? null : personal.open(row.refusal_sealed, { column: 'transfer_request.refusal', rowId: row.id }),
  }
}
