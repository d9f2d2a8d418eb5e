import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { differingPaths, type FieldPath } from '../../../../shared/domain/field-path.ts'
import { emptyPersonValues } from '../../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../../shared/domain/person-validation.ts'
import { mergePersonValues, patchAt, settleConflicts, sideBySide } from '../../../../shared/domain/merge.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { moveAttachments } from '../../database/attachment.repository.ts'
import { moveHistory, remember } from '../../database/history.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { dequeueAll } from '../../database/outbox.repository.ts'
import { deleteDraft, deleteRecord, findRecord, insertRecord, updateRecord, updateText, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown } from '../../database/search-line.ts'
import { requeueLeaving } from '../transfers/leaving.ts'
import { newestValues } from './registration-view.ts'
import { queueSubmission, stateOnceSaved } from './submission.ts'

type ConflictView = Awaited<ReturnType<BridgeServices['registrations']['conflict']>>
type Choices = Readonly<Record<string, 'mine' | 'theirs'>>

/** The fields on which this clerk and another disagree, for the screen that shows them side by side. */
export function describeConflict(record: StoredRecord): ConflictView {
  const mine = newestValues(record)
  if (record.remote_removed === 1) {
    const base = record.base ?? emptyPersonValues()
    const changed = differingPaths(base, mine)
    // Typed back to what it was: the person is still to be kept or let go, and a choice needs something to stand on.
    const fields: readonly FieldPath[] = changed.length > 0 ? changed : ['name']
    return { theirsRemoved: true, fields: sideBySide(record.person_type, fields.map((field) => ({ field, group: null })), base, mine, emptyPersonValues()) }
  }
  const { base, remote } = record
  if (record.state !== 'conflict' || !base || !remote) return { theirsRemoved: false, fields: [] }
  return { theirsRemoved: false, fields: sideBySide(record.person_type, mergePersonValues(base, mine, remote).conflicts, base, mine, remote) }
}

/**
 * Settles a conflict by the clerk's choices, one for every field in it. What loses goes into the history. Where the clerk
 * has typed nothing since submitting, the outcome is queued; else it stays here until it is submitted.
 * @param today yyyy-MM-dd in Shanghai
 * @returns the id of the record that remains: a new one where the other side removed it and the clerk keeps it
 * @throws AppError call-invalid where a choice is missing or a group is split
 */
export async function settleConflict(trx: LocalDb, record: StoredRecord, choices: Choices, at: string, today: string): Promise<string | null> {
  if (record.remote_removed === 1) return settleRemoval(trx, record, choices, at, today)
  const { base, remote } = record
  if (record.state !== 'conflict' || !base || !remote) return record.id
  const mine = newestValues(record)
  const { merged, conflicts } = mergePersonValues(base, mine, remote)
  const groups = new Map<string, 'mine' | 'theirs'>()
  const lost = { mine: [] as FieldPath[], theirs: [] as FieldPath[] }
  for (const { field, group } of conflicts) {
    const choice = choices[field]
    if (!choice) throw new AppError('call-invalid', { fields: [field] })
    if (group && (groups.get(group) ?? choice) !== choice) throw new AppError('call-invalid', { fields: [field] })
    if (group) groups.set(group, choice)
    lost[choice === 'mine' ? 'theirs' : 'mine'].push(field)
  }
  const settled = settleConflicts(merged, conflicts, (field) => (choices[field] === 'mine' ? mine : remote))
  await remember(trx, record.id, at, 'conflict-mine', patchAt(lost.mine, mine))
  await remember(trx, record.id, at, 'conflict-theirs', patchAt(lost.theirs, remote))
  await dequeueAll(trx, record.id)
  const rebased: StoredRecord = { ...record, base: remote, version: record.remote_version, state: 'local-only', draft: null }
  // A conflict comes of something submitted; what was typed since then was not, and waits for its own 提交.
  const submitted = record.draft === null && Object.keys(validatePerson(record.person_type, settled, today)).length === 0
  const edited = submitted ? await queueSubmission(trx, rebased, settled, at) : stateOnceSaved(rebased, settled, false)
  // It waited for the conflict to be settled.
  const state = (await requeueLeaving(trx, record, record.remote_version, at)) ? 'queued' : edited
  await deleteDraft(trx, record.id)
  await updateText(trx, record.id, {
    base: remote,
    version: record.remote_version,
    body: settled,
    remote: null,
    remote_version: null,
    state,
    id_card_no: settled.idCardNo,
    updated_at: at,
  })
  await indexShown(trx, { id: record.id, body: settled, base: remote }, settled, at)
  return record.id
}

async function settleRemoval(trx: LocalDb, record: StoredRecord, choices: Choices, at: string, today: string): Promise<string | null> {
  if (!Object.values(choices).includes('mine')) {
    await deleteRecord(trx, record.id)
    return null
  }
  const mine = newestValues(record)
  // The removed registration's id is spent; the clerk's text becomes a new one.
  const fresh: StoredRecord = { ...record, id: newId(new Date(at)), version: null, base: null, body: mine, state: 'local-only', review_status: 'unsubmitted' }
  await insertRecord(trx, {
    id: fresh.id, person_type: fresh.person_type, version: null, base: null, body: mine, id_card_no: mine.idCardNo, state: 'local-only', review_status: 'unsubmitted',
    employment_status: 'employed', face_enrolled: 0, return_code: null, return_comment: null, updated_at: at,
  })
  await moveHistory(trx, record.id, fresh.id)
  await moveAttachments(trx, record.id, fresh.id)
  await deleteRecord(trx, record.id)
  // Submitted before the removal was known: keeping it means that it is wanted there.
  const submitted = record.draft === null && Object.keys(validatePerson(record.person_type, mine, today)).length === 0
  if (submitted) await updateRecord(trx, fresh.id, { state: await queueSubmission(trx, fresh, mine, at) })
  await indexShown(trx, fresh, mine, at)
  return fresh.id
}

export async function requireRecord(db: LocalDb, id: string): Promise<StoredRecord> {
  const record = await findRecord(db, id)
  if (!record) throw new AppError('not-found')
  return record
}
