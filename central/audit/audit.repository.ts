import { randomUUID } from 'node:crypto'
import type { AuditEventTable, CentralDb, Database } from '../database/database.ts'
import { keptQuery, type RowOf } from '../database/kept-query.ts'
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
  if (db.isTransaction) return append(personal, db, entry, now)
  await inTransaction(db, (trx) => append(personal, trx, entry, now))
}

/** Takes the next place and waits for whoever has taken the one before. */
const takePlace = keptQuery<{ chain: string }, { position: number; hash: string }>((db, value) =>
  db
    .insertInto('audit_chain')
    .values({ chain: value('chain'), position: 1, hash: '', seal: '' })
    .onConflict((conflict) => conflict.column('chain').doUpdateSet((eb) => ({ position: eb('audit_chain.position', '+', 1) })))
    .returning(['position', 'hash']),
)

type End = Database['audit_chain']

const setEnd = keptQuery<End, unknown>((db, value) => db.updateTable('audit_chain').set({ hash: value('hash'), seal: value('seal') }).where('chain', '=', value('chain')))

/** The same two in one, where the end is the one that is expected. */
const moveEnd = keptQuery<End & { before: string }, { chain: string }>((db, value) =>
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

type Place = Pick<End, 'position' | 'hash'>

/** By database and chain: where the chain ended when this process last wrote to it. Only a guess, which the database confirms or not. */
const guesses = new WeakMap<object, Map<string, Place>>()

function guessesOf(db: CentralDb): Map<string, Place> {
  const { adapter } = db.getExecutor()
  const known = guesses.get(adapter) ?? new Map<string, Place>()
  guesses.set(adapter, known)
  return known
}

async function append(personal: PersonalData, trx: CentralDb, entry: AuditEntry, now: Date): Promise<void> {
  const chain = entry.organizationId ?? serviceChain
  const ends = guessesOf(trx)
  const event = {
    id: randomUUID(), at: now.toISOString(), kind: entry.kind, organization_id: entry.organizationId, account_id: entry.accountId, device_id: entry.deviceId,
    details_json: JSON.stringify(entry.details),
  }
  const after = ({ position: last, hash: before }: Place) => {
    const chained = { ...event, chain_position: last + 1 }
    const hash = hashOfEvent(personal, before, chained)
    const end = { chain, position: last + 1, hash }
    return { row: { ...chained, chain_hash: hash }, end: { ...end, seal: sealOfEnd(personal, end) } }
  }
  const guess = ends.get(chain)
  let next = guess && after(guess)
  if (!guess || !next || (await moveEnd(trx, { ...next.end, before: guess.hash })).length === 0) {
    const [place] = await takePlace(trx, { chain })
    if (!place) throw new Error('no place in the chain')
    next = after({ position: place.position - 1, hash: place.hash })
    await setEnd(trx, next.end)
  }
  await insertion(trx, next.row)
  ends.set(chain, { position: next.end.position, hash: next.end.hash })
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
