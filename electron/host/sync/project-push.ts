import type { PushOperation } from '../../../shared/api/resources.ts'
import type { FaceWrite } from '../database/face-check.repository.ts'
import type { ProjectOperation } from '../database/project-outbox.repository.ts'
import type { Attempt } from './sync-context.ts'

/** Queued writes of bindings, teams and faces as they are sent. What goes along of a face is read now: what was withdrawn meanwhile does not. */
export async function pushOf({ faceDataOf }: Attempt, batch: readonly ProjectOperation[]): Promise<PushOperation[]> {
  const operations: PushOperation[] = []
  for (const operation of batch) {
    const { op_id: opId, body: { face } } = operation
    operations.push(face ? await ofFace(opId, face, faceDataOf) : toPush(operation))
  }
  return operations
}

async function ofFace(opId: string, face: FaceWrite, faceDataOf: Attempt['faceDataOf']): Promise<PushOperation> {
  if (face.kind === 'withdraw-face-consent') return { ...face, opId }
  const { sendFor, ...check } = face
  const data = sendFor === null ? null : await faceDataOf?.(opId)
  return { ...check, opId, sent: data && sendFor !== null ? { projectId: sendFor, ...data } : null }
}

function toPush({ op_id: opId, lane: id, kind, body, base_version }: ProjectOperation): PushOperation {
  const { projectId = '', registrationId = '', teamId = null, name = '', leaderBindingId = null } = body
  // What followed an unanswered creation knows its version only now.
  const baseVersion = base_version ?? 1
  switch (kind) {
    case 'bind':
      return { kind, opId, binding: { id, projectId, registrationId, teamId } }
    case 'assign-team':
      return { kind, opId, id, teamId }
    case 'put-team':
      return { kind, opId, id, projectId, name, leaderBindingId, baseVersion: base_version }
    case 'submit-binding':
    case 'leave-binding':
    case 'remove-binding':
    case 'remove-team':
      return { kind, opId, id, baseVersion }
    case 'record-face-check':
    case 'withdraw-face-consent':
      throw new Error('a write of a face says what it is')
  }
}
