import { randomUUID } from 'node:crypto'
import type { CentralDb } from '../../central/database/database.ts'
import type { BindingStatus } from '../../shared/domain/binding.ts'

export interface BindingSeed {
  readonly projectId: string
  readonly organizationId: string
  readonly registrationId: string
  readonly status?: BindingStatus
  /** When it was made and, but for 待提交, submitted. */
  readonly at: Date
}

/** A binding of somebody who is registered, as if their unit had made and submitted it. @returns its id */
export async function seedBinding(db: CentralDb, { projectId, organizationId, registrationId, status = 'pending', at }: BindingSeed): Promise<string> {
  const id = randomUUID()
  const { id_card_no_hash, person_type } = await db.selectFrom('registration').select(['id_card_no_hash', 'person_type']).where('id', '=', registrationId).executeTakeFirstOrThrow()
  const { seq } = await db.updateTable('organization').set((eb) => ({ seq: eb('seq', '+', 1) })).where('id', '=', organizationId).returning('seq').executeTakeFirstOrThrow()
  const made = at.toISOString()
  await db
    .insertInto('binding')
    .values({
      id, project_id: projectId, organization_id: organizationId, person_type, filed_person_id: null, registration_id: registrationId, id_card_no_hash, post: '', status, ending: null,
      review_comment: null, team_id: null, version: 1, seq, created_at: made, updated_at: made, submitted_at: status === 'unsubmitted' ? null : made, decided_at: null, ended_at: null,
    })
    .execute()
  return id
}
