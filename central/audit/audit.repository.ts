import type { AuditEventTable, CentralDb } from '../database/database.ts'
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

async function append(personal: PersonalData, trx: CentralDb, entries: readonly AuditEntry[], now: Date): Promise<void> {
  const chain = entries[0]?.organizationId ?? serviceChain
  // Takes the next places and waits for whoever has taken the ones before.
  const end = await trx
    .insertInto('audit_chain')
    .values({ chain, position: entries.length, hash: '', seal: '' })
    .onConflict((conflict) => conflict.column('chain').doUpdateSet((eb) => ({ position: eb('audit_chain.position', '+', entries.length) })))
    .returning(['position', 'hash'])
    .executeTakeFirstOrThrow()
  let { hash } = end
  const events = entries.map((entry, index) => {
    const event = {
      id: newId(now), at: now.toISOString(), kind: entry.kind, organization_id: entry.organizationId, account_id: entry.accountId, device_id: entry.deviceId,
      details_json: JSON.stringify(entry.details), chain_position: end.position - entries.length + 1 + index,
    }
    hash = hashOfEvent(personal, hash, event)
    return { ...event, chain_hash: hash }
  })
  await trx.insertInto('audit_event').values(events).execute()
  await trx.updateTable('audit_chain').set({ hash, seal: sealOfEnd(personal, { chain, position: end.position, hash }) }).where('chain', '=', chain).execute()
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
