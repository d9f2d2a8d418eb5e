import { randomUUID } from 'node:crypto'
import type { CentralDb } from '../database/database.ts'

/** Codes, ids and counts only: no name, number, address, token or certificate text. */
export interface AuditEntry {
  readonly kind: string
  readonly organizationId: string | null
  readonly accountId: string | null
  readonly deviceId: string | null
  readonly details: Readonly<Record<string, string | number>>
}

/** Belongs into the transaction of what it tells. */
export async function appendAudit(db: CentralDb, entry: AuditEntry, now: Date): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({
      id: randomUUID(),
      at: now.toISOString(),
      kind: entry.kind,
      organization_id: entry.organizationId,
      account_id: entry.accountId,
      device_id: entry.deviceId,
      details_json: JSON.stringify(entry.details),
    })
    .execute()
}
