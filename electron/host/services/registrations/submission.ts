import type { PersonValues } from '../../../../shared/domain/person-fields.ts'
import { applyPatch, changedFields } from '../../../../shared/domain/merge.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { enqueue, dequeue, operationsOf, rewrite, type OutboxOperation } from '../../database/outbox.repository.ts'
import { newId } from '../../database/new-id.ts'
import type { StoredRecord } from '../../database/record.repository.ts'

/**
 * Queues what the central service does not have yet. Edits not yet sent are folded into one operation; an operation
 * that has been sent once stays as it is, and a further one follows it.
 * @returns the state of the record: `queued`, or `uploaded` where there is nothing to tell
 */
export async function queueSubmission(trx: LocalDb, record: StoredRecord, values: PersonValues, at: string): Promise<'queued' | 'uploaded'> {
  const operations = await operationsOf(trx, record.id)
  const frozen = operations.filter(({ frozen_at }) => frozen_at !== null)
  const open = operations.find(({ frozen_at }) => frozen_at === null)
  const expected = submittedValues(record.base, frozen)
  if (expected === null) {
    if (open) await rewrite(trx, open.op_id, values)
    else await enqueue(trx, { op_id: newId(new Date(at)), record_id: record.id, kind: 'create', patch: values, base_version: null, created_at: at })
    return 'queued'
  }
  const patch = changedFields(expected, values)
  const resubmitted = record.review_status === 'refused'
  if (Object.keys(patch).length === 0 && !resubmitted) {
    if (open) await dequeue(trx, open.op_id)
    return frozen.length > 0 ? 'queued' : 'uploaded'
  }
  if (open) await rewrite(trx, open.op_id, patch)
  else await enqueue(trx, { op_id: newId(new Date(at)), record_id: record.id, kind: 'patch', patch, base_version: record.version, created_at: at })
  return 'queued'
}

/** What the central service will have once these operations have arrived there; null where it has nothing and they make nothing. */
export function submittedValues(base: PersonValues | null, operations: readonly OutboxOperation[]): PersonValues | null {
  return operations.reduce<PersonValues | null>(
    (known, operation) => (operation.kind === 'create' ? (operation.patch as PersonValues) : known && applyPatch(known, operation.patch)),
    base,
  )
}

/** Takes back what has not been sent: the clerk saved again instead of submitting. */
export async function unqueue(trx: LocalDb, recordId: string): Promise<{ underWay: boolean }> {
  const operations = await operationsOf(trx, recordId)
  for (const operation of operations) if (operation.frozen_at === null) await dequeue(trx, operation.op_id)
  return { underWay: operations.some(({ frozen_at }) => frozen_at !== null) }
}

/** State of a record whose text was saved but not submitted. A refusal and a conflict stay until they are dealt with. */
export function stateOnceSaved(record: StoredRecord, values: PersonValues, underWay: boolean): StoredRecord['state'] {
  if (record.state === 'conflict') return 'conflict'
  if (underWay) return 'queued'
  if (record.state === 'returned' || record.review_status === 'refused') return 'returned'
  const same = record.base !== null && Object.keys(changedFields(record.base, values)).length === 0
  return same ? 'uploaded' : 'local-only'
}
