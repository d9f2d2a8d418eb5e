import type { Generated } from 'kysely'
import type { FaceWrite } from './face-check.repository.ts'
import type { BindingEnding, BindingStatus } from '../../../shared/domain/binding.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'

export interface LocalBindingTables {
  binding: BindingTable
  team: TeamTable
  project_outbox: ProjectOutboxTable
}

/** A binding as the central service tells it, or, while `version` is null, as it was made here. What is queued stands beside it. */
export interface BindingTable {
  id: string
  project_id: string
  person_type: PersonType
  /** The registration; of a filed manager null until it was submitted. */
  record_id: string | null
  /** Whom the unit has filed; null of a worker. */
  filed_name: string | null
  filed_id_card_no: string | null
  /** 项目岗位 as filed. */
  post: string
  status: BindingStatus
  ending: BindingEnding | null
  review_comment: string | null
  team_id: string | null
  identity_check: 'face' | 'non-face' | null
  version: number | null
  created_at: string
  submitted_at: string | null
  decided_at: string | null
  ended_at: string | null
  /** Why the last write of it was not applied: `{kind, code, details}`. */
  refusal_json: string | null
  /** Which life of the central service's database told of it last; null: none yet. */
  epoch: string | null
}

/** A 班组, in the same way. */
export interface TeamTable {
  id: string
  project_id: string
  name: string
  leader_binding_id: string | null
  version: number | null
  refusal_json: string | null
  epoch: string | null
}

export interface ProjectOutboxTable {
  /** Order of writing. */
  seq: Generated<number>
  /** Its idempotency key, the same for every attempt. */
  op_id: string
  /** The binding, the team or, of a face, the registration that it is about. */
  lane: string
  kind: 'bind' | 'submit-binding' | 'leave-binding' | 'remove-binding' | 'assign-team' | 'put-team' | 'remove-team' | FaceWrite['kind']
  /** What it says besides kind, key, id and version. */
  body_json: string
  /** That the clerk saw; null: of what was not at the central service then. */
  base_version: number | null
  created_at: string
  /** Set when it is first sent: from then on it never changes. */
  frozen_at: string | null
  attempts: number
  /** Not to be tried again before this instant; null: at once. */
  next_at: string | null
  /** Why the last attempt was put off: `{code, details}`. */
  problem_json: string | null
}
