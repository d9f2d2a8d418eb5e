import { isLiveBinding, moveBinding, type BindingAction } from '../../../../shared/domain/binding.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { deleteLocalBinding, findLocalBinding, insertLocalBinding, updateLocalBinding } from '../../database/binding.repository.ts'
import type { ProjectOutboxTable } from '../../database/binding.tables.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { dropProjectWrite, enqueueProjectWrite, projectWritesOf, type OperationBody } from '../../database/project-outbox.repository.ts'
import { findRecord } from '../../database/record.repository.ts'
import { blockOf, projectedStatus, type Bound, type ViewFacts } from './binding-view.ts'
import { boundAs } from './bound-people.ts'

const kinds = { submit: 'submit-binding', leave: 'leave-binding', remove: 'remove-binding' } as const satisfies Partial<Record<BindingAction, ProjectOutboxTable['kind']>>
export type QueuedAction = keyof typeof kinds

/** What a write says of when it was made. */
export interface Made {
  readonly now: Date
}

async function queue(trx: LocalDb, lane: string, kind: ProjectOutboxTable['kind'], body: OperationBody, version: number | null, { now }: Made): Promise<void> {
  await enqueueProjectWrite(trx, { op_id: newId(now), lane, kind, body, base_version: version, created_at: now.toISOString() })
}

/**
 * 提交, 退场 or 移出项目 of one, behind whatever waits of it. One that was never sent is taken off the project right here.
 * @throws AppError what `moveBinding` refuses with, binding-blocked with details {block}
 */
export async function queueMove(trx: LocalDb, bound: Bound, action: QueuedAction, facts: ViewFacts, made: Made): Promise<void> {
  const { binding, operations } = bound
  const move = moveBinding(action, 'own-unit', projectedStatus(bound))
  if ('refusal' in move) throw new AppError(move.refusal)
  const block = action === 'submit' ? blockOf(bound, facts) : null
  if (block) throw new AppError('binding-blocked', { block })
  if (action === 'remove') {
    const unsent = operations.filter(({ frozen_at }) => frozen_at === null)
    if (binding.version === null && unsent.length === operations.length) return deleteLocalBinding(trx, binding.id)
    for (const { op_id } of unsent) await dropProjectWrite(trx, op_id)
  }
  await queue(trx, binding.id, kinds[action], {}, binding.version, made)
  await updateLocalBinding(trx, binding.id, { refusal_json: null })
}

/**
 * A worker comes onto a project: at once where they are registered, with their registration where that is begun or under way.
 * @throws AppError not-found, registration-left, binding-here
 */
export async function queueBinding(trx: LocalDb, projectId: string, recordId: string, made: Made): Promise<void> {
  const record = await findRecord(trx, recordId)
  if (record?.person_type !== 'worker') throw new AppError('not-found')
  if (record.employment_status === 'left') throw new AppError('registration-left')
  const known = await boundAs(trx, projectId, recordId)
  if (known.some((each) => isLiveBinding(projectedStatus(each)))) throw new AppError('binding-here')
  const id = newId(made.now)
  await insertLocalBinding(trx, {
    id, project_id: projectId, person_type: 'worker', record_id: recordId, filed_name: null, filed_id_card_no: null, post: '', status: 'unsubmitted', ending: null, review_comment: null, team_id: null,
    identity_check: null, version: null, created_at: made.now.toISOString(), submitted_at: null, decided_at: null, ended_at: null, refusal_json: null, epoch: null,
  })
  await queue(trx, id, 'bind', { projectId, registrationId: recordId, teamId: null }, null, made)
}

/** Puts somebody into a team; of several wishes that wait the last one holds. */
export async function queueTeam(trx: LocalDb, id: string, teamId: string | null, made: Made): Promise<void> {
  const binding = await findLocalBinding(trx, id)
  if (!binding) throw new AppError('not-found')
  for (const { kind, op_id, frozen_at } of await projectWritesOf(trx, [id])) if (kind === 'assign-team' && frozen_at === null) await dropProjectWrite(trx, op_id)
  await queue(trx, id, 'assign-team', { teamId }, binding.version, made)
}

/** A team is made or changed; what was not sent yet of it is said anew. */
export async function queueTeamWrite(trx: LocalDb, id: string, version: number | null, body: OperationBody, made: Made): Promise<void> {
  const waiting = await projectWritesOf(trx, [id])
  for (const { op_id, frozen_at } of waiting) if (frozen_at === null) await dropProjectWrite(trx, op_id)
  // A creation under way has the first version once it is answered.
  const base = version ?? (waiting.some(({ frozen_at }) => frozen_at !== null) ? 1 : null)
  await queue(trx, id, 'put-team', body, base, made)
}

export async function queueTeamRemoval(trx: LocalDb, id: string, version: number | null, made: Made): Promise<void> {
  await queue(trx, id, 'remove-team', {}, version, made)
}

/** What was refused once more: with the version that is known now. */
export async function queueAgain(trx: LocalDb, { id, project_id, record_id, version }: { id: string; project_id: string; record_id: string | null; version: number | null }, kind: ProjectOutboxTable['kind'], made: Made): Promise<void> {
  if (kind === 'assign-team') return
  await queue(trx, id, kind, kind === 'bind' ? { projectId: project_id, registrationId: record_id ?? '', teamId: null } : {}, version, made)
}
