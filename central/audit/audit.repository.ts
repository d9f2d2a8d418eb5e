import type { AuditEventTable, CentralDb, Database } from '../database/database.ts'
import { keptQuery, type RowOf } from '../database/kept-query.ts'
import { newId } from '../database/new-id.ts'
import { inTransaction } from '../database/transaction.ts'
import type { PersonalData } from '../personal-data/personal-data.ts'

/** Codes, ids, counts and what CA locks signed: no name, number, address, token or certificate text. */
export interface AuditEntry {
  readonly kind: string
  readonly organizationId: string | null
  readonly accountId: string | null
  readonly deviceId: string | null
  readonly details: Readonly<Record<string, string | number>>
}

/** Where events of no unit stand. */
export const serviceChain = ''

/**
 * Belongs into the transaction of what it tells, as its last statement but for what nobody else waits for: it holds the
 * end of the unit's chain until that commits. Without a transaction it makes one.
 */
export async function appendAudit(personal: PersonalData, db: CentralDb, entry: AuditEntry, now: Date): Promise<void> {
  await appendAudits(personal, db, [entry], now)
}

/** The same for several events of one unit, in this order. */
export async function appendAudits(personal: PersonalData, db: CentralDb, entries: readonly AuditEntry[], now: Date): Promise<void> {
  if (db.isTransaction) return append(personal, db, entries, now)
  await inTransaction(db, (trx) => append(personal, trx, entries, now))
}

/** Takes the next places and waits for whoever has taken the ones before. */
const takePlaces = keptQuery<{ chain: string; count: number }, { position: number; hash: string }>((db, value) =>
  db
    .insertInto('audit_chain')
    .values({ chain: value('chain'), position: value('count'), hash: '', seal: '' })
    .onConflict((conflict) => conflict.column('chain').doUpdateSet((eb) => ({ position: eb('audit_chain.position', '+', value('count')) })))
    .returning(['position', 'hash']),
)

const setEnd = keptQuery<{ chain: string; hash: string; seal: string }, unknown>((db, value) => db.updateTable('audit_chain').set({ hash: value('hash'), seal: value('seal') }).where('chain', '=', value('chain')))

/** The same two in one, where the end is the one that is expected. */
const moveEnd = keptQuery<RowOf<Database['audit_chain']> & { before: string }, { chain: string }>((db, value) =>
  db
    .updateTable('audit_chain')
    .set({ position: value('position'), hash: value('hash'), seal: value('seal') })
    .where('chain', '=', value('chain'))
    .where('hash', '=', value('before'))
    .returning('chain'),
)

const insertion = keptQuery<RowOf<AuditEventTable>, unknown>((db, value) =>
  db.insertInto('audit_event').values({
    id: value('id'), at: value('at'), kind: value('kind'), organization_id: value('organization_id'), account_id: value('account_id'), device_id: value('device_id'),
    details_json: value('details_json'), chain_position: value('chain_position'), chain_hash: value('chain_hash'),
  }),
)

type End = Pick<Database['audit_chain'], 'position' | 'hash'>

/** By database and chain: its end when this process last wrote to it. Only a guess; `moveEnd` says whether it is true, and it saves a statement where it is. */
const knownEnds = new WeakMap<object, Map<string, End>>()

function endsOf(db: CentralDb): Map<string, End> {
  const { adapter } = db.getExecutor()
  const ends = knownEnds.get(adapter) ?? new Map<string, End>()
  knownEnds.set(adapter, ends)
  return ends
}

async function append(personal: PersonalData, trx: CentralDb, entries: readonly AuditEntry[], now: Date): Promise<void> {
  const chain = entries[0]?.organizationId ?? serviceChain
  const ends = endsOf(trx)
  const known = ends.get(chain)
  let next = known && chained(personal, known, entries, now)
  if (!known || !next || (await moveEnd(trx, { chain, ...next.end, seal: sealOfEnd(personal, { chain, ...next.end }), before: known.hash })).length === 0) {
    const [taken] = await takePlaces(trx, { chain, count: entries.length })
    if (!taken) throw new Error('no place in the chain')
    next = chained(personal, { position: taken.position - entries.length, hash: taken.hash }, entries, now)
    await setEnd(trx, { chain, hash: next.end.hash, seal: sealOfEnd(personal, { chain, ...next.end }) })
  }
  const [first, ...others] = next.events
  if (first && others.length === 0) await insertion(trx, first)
  else await trx.insertInto('audit_event').values(next.events).execute()
  ends.set(chain, next.end)
}

/** The events as they stand after this end, and the end that they make. */
function chained(personal: PersonalData, { position, hash }: End, entries: readonly AuditEntry[], now: Date): { events: AuditEventTable[]; end: End } {
  const end = { position, hash }
  const events = entries.map((entry) => {
    const event = {
      id: newId(now), at: now.toISOString(), kind: entry.kind, organization_id: entry.organizationId, account_id: entry.accountId, device_id: entry.deviceId,
      details_json: JSON.stringify(entry.details), chain_position: ++end.position,
    }
    end.hash = hashOfEvent(personal, end.hash, event)
    return { ...event, chain_hash: end.hash }
  })
  return { events, end }
}

/** Covers the event and, through the hash before it, all that came before. Keyed: who has the database alone cannot make one. */
export function hashOfEvent(personal: PersonalData, before: string, event: Omit<AuditEventTable, 'chain_hash'>): string {
  const { id, at, kind, organization_id, account_id, device_id, details_json, chain_position } = event
  return personal.hashAudit(JSON.stringify([before, chain_position, id, at, kind, organization_id, account_id, device_id, details_json]))
}

/** Without it the last events could be taken away, and the one before them be called the end. */
export function sealOfEnd(personal: PersonalData, { chain, position, hash }: { chain: string; position: number; hash: string }): string {
  return personal.hashAudit(JSON.stringify(['end', chain, position, hash]))
}
