import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { emptyPersonValues, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { changedFields, mergePersonValues, sameValues } from '../../../shared/domain/merge.ts'
import type { RegistrationResource } from '../../../shared/api/resources.ts'
import { remember } from '../database/history.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { dequeueAll, operationsOf } from '../database/outbox.repository.ts'
import { findRecord, putDraft, updateRecord, updateText, type StoredRecord } from '../database/record.repository.ts'
import { settleConflict } from '../services/registrations/conflict.ts'
import { newestValues } from '../services/registrations/registration-view.ts'
import { indexShown } from '../database/search-line.ts'
import { queueSubmission, stateOnceSaved, submittedValues } from '../services/registrations/submission.ts'
import { requeueLeaving, takeDeparture } from '../services/transfers/leaving.ts'
import { decided } from './server-copy.ts'

/**
 * The central service has a newer version than the one an edit was made on: joins the two field by field and queues
 * what remains to be told, or keeps both for the clerk where they clash. Only what was submitted goes up; what was
 * saved or typed since then is carried along and stays here.
 */
export async function mergeWithServer(trx: LocalDb, record: StoredRecord, server: RegistrationResource, life: string, now: Date): Promise<'merged' | 'conflict'> {
  const at = now.toISOString()
  if (server.status === 'left') {
    await takeDeparture(trx, record, server, decided(server, life), at)
    return 'merged'
  }
  const operations = await operationsOf(trx, record.id)
  // Created twice, after a restore on the other side: nothing is common to the two.
  const base = record.base ?? emptyPersonValues()
  const submitted = submittedValues(base, operations) ?? base
  const body = record.body ?? submitted
  const sent = mergePersonValues(base, submitted, server.values)
  const saved = mergePersonValues(submitted, body, sent.merged)
  const typed = record.draft ? mergePersonValues(body, record.draft.values, saved.merged) : null
  await dequeueAll(trx, record.id)
  if (sent.conflicts.length + saved.conflicts.length + (typed?.conflicts.length ?? 0) > 0) {
    await keepBoth(trx, { ...record, base, body }, submitted, server, life, at)
    if (mergePersonValues(base, newestValues({ ...record, body }), server.values).conflicts.length > 0) return 'conflict'
    // What clashed was taken back here meanwhile.
    const kept = await findRecord(trx, record.id)
    if (kept) await settleConflict(trx, kept, {}, at, shanghaiDate(now))
    return 'merged'
  }
  await remember(trx, record.id, at, 'merged', changedFields(saved.merged, body))
  if (record.draft && typed) await putDraft(trx, record.id, typed.merged, record.draft.keptAt)
  const rebased: StoredRecord = { ...record, base: server.values, version: server.version, review_status: server.reviewStatus, state: 'local-only' }
  const edited = (await queueSubmission(trx, rebased, sent.merged, at)) === 'queued'
  const queued = (await requeueLeaving(trx, record, server.version, at)) || edited
  const shown = !sameValues(saved.merged, body) || (typed && record.draft && !sameValues(typed.merged, record.draft.values))
  await (shown ? updateText : updateRecord)(trx, record.id, {
    ...decided(server, life), version: server.version, base: server.values, body: saved.merged, id_card_no: saved.merged.idCardNo,
    state: stateOnceSaved(rebased, saved.merged, queued), return_code: null, remote: null, remote_version: null, remote_removed: 0, updated_at: at,
  })
  await indexShown(trx, { id: record.id, body: saved.merged, base: server.values }, typed?.merged ?? saved.merged, at)
  return 'merged'
}

/** What was only saved becomes a draft: a settled conflict sends nothing that was not submitted. */
async function keepBoth(trx: LocalDb, record: StoredRecord & { base: PersonValues; body: PersonValues }, submitted: PersonValues, server: RegistrationResource, life: string, at: string): Promise<void> {
  const onlySaved = !sameValues(submitted, record.body)
  if (onlySaved) {
    await remember(trx, record.id, at, 'saved', changedFields(submitted, record.body))
    if (!record.draft) await putDraft(trx, record.id, record.body, at)
  }
  await updateRecord(trx, record.id, {
    ...decided(server, life), base: record.base, body: submitted, state: 'conflict', return_code: null,
    remote: server.values, remote_version: server.version, remote_removed: 0,
  })
}
