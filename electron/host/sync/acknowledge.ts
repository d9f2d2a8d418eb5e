import type { WriteReceipt } from '../../../shared/api/resources.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { applyPatch } from '../../../shared/domain/merge.ts'
import type { RegistrationStatus, ReviewStatus } from '../../../shared/domain/statuses.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { dequeueMany, rebaseLane, recordIdsWaiting, type OutboxOperation } from '../database/outbox.repository.ts'
import { findRecords, updateRecord, updateText, type StoredRecord } from '../database/record.repository.ts'
import { stateOnceSaved } from '../services/registrations/submission.ts'
import { takeKeptCopy } from '../services/registrations/unconfirmed.ts'

export interface Confirmed {
  readonly operation: OutboxOperation
  readonly receipt: WriteReceipt
}

const reviewOf: Readonly<Record<RegistrationStatus, ReviewStatus>> = { pending: 'pending', active: 'approved', refused: 'refused', left: 'approved' }

/** What the central service has confirmed, of each record one operation. Belongs into one transaction: the disk is waited for once. */
export async function acknowledge(trx: LocalDb, confirmed: readonly Confirmed[], life: string, at: string): Promise<void> {
  if (confirmed.length === 0) return
  const ids = confirmed.map(({ operation }) => operation.record_id)
  const records = new Map((await findRecords(trx, ids)).map((record) => [record.id, record]))
  await dequeueMany(trx, confirmed.map(({ operation }) => operation.op_id))
  const waiting = await recordIdsWaiting(trx, ids)
  for (const { operation, receipt } of confirmed) {
    const record = records.get(operation.record_id)
    if (!record) continue
    if (waiting.has(record.id)) await rebaseLane(trx, record.id, receipt.version)
    await confirm(trx, record, { operation, receipt }, { life, waits: waiting.has(record.id), at })
  }
}

async function confirm(trx: LocalDb, record: StoredRecord, { operation, receipt }: Confirmed, { life, waits, at }: { life: string; waits: boolean; at: string }): Promise<void> {
  if (operation.departure) return confirmDeparture(trx, record, { operation, receipt }, life)
  const base = operation.kind === 'create' || !record.base ? (operation.patch as PersonValues) : applyPatch(record.base, operation.patch)
  const newerKept = record.remote_version !== null && record.remote_version > receipt.version
  // The kept copy's review is the newer one.
  const review_status = newerKept ? record.review_status : reviewOf[receipt.status]
  await updateRecord(trx, record.id, {
    version: receipt.version,
    base,
    epoch: life,
    review_status,
    ...(newerKept ? {} : { return_comment: null, remote: null, remote_version: null }),
    state: stateOnceSaved({ ...record, base, review_status, state: 'local-only' }, record.body ?? base, waits),
    return_code: null,
  })
  if (newerKept) await takeKeptCopy(trx, record.id, at)
}

/** The text stays as it is: what had not been submitted went into the history when 离职迁出 was confirmed. */
async function confirmDeparture(trx: LocalDb, record: StoredRecord, { operation: { departure }, receipt }: Confirmed, life: string): Promise<void> {
  if (!departure) return
  const { reason, note, leftOn } = departure
  await updateText(trx, record.id, {
    version: receipt.version, epoch: life, employment_status: 'left', departure: { reason, note, leftOn }, leaving: null,
    state: 'uploaded', return_code: null, remote: null, remote_version: null,
  })
}
