import type { BindingAction, BindingEnding, BindingStatus } from '../../../shared/domain/binding.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'

/** Bindings of people to projects with what was done to them, teams, and identity checks. */
export interface BindingTables {
  binding: BindingTable
  binding_event: BindingEventTable
  team: TeamTable
  identity_check: IdentityCheckTable
}

export interface BindingTable {
  /** Made by the workstation; of a filed manager the id of the filing. */
  id: string
  project_id: string
  /** The unit whose person it is. */
  organization_id: string
  person_type: PersonType
  /** Of a manager. One that has ended lets the filing go where the person may come back. */
  filed_person_id: string | null
  /** Null: a filed manager who is not registered in the unit. */
  registration_id: string | null
  id_card_no_hash: string
  /** 项目岗位 of a manager as filed, '' of a worker: theirs is the 工种. */
  post: string
  status: BindingStatus
  ending: BindingEnding | null
  /** 审核意见 where refused. */
  review_comment: string | null
  team_id: string | null
  version: number
  seq: number
  created_at: string
  updated_at: string
  submitted_at: string | null
  decided_at: string | null
  ended_at: string | null
}

export interface BindingEventTable {
  id: string
  binding_id: string
  at: string
  action: BindingAction | 'create'
  /** What it was afterwards. */
  status: BindingStatus
  comment: string
  /** Null: the approval system, or the operator. */
  organization_id: string | null
  account_id: string | null
}

export interface TeamTable {
  id: string
  project_id: string
  organization_id: string
  name: string
  /** 班组长: the binding of one of its members. */
  leader_binding_id: string | null
  version: number
  seq: number
  removed_at: string | null
  created_at: string
  updated_at: string
}

export interface IdentityCheckTable {
  id: string
  registration_id: string
  method: 'face' | 'non-face'
  /** 非人脸核验 waits for a second manager before it has passed. */
  result: 'awaiting-second' | 'passed' | 'refused'
  score: number | null
  account_id: string | null
  at: string
  second_account_id: string | null
  second_at: string | null
  /** Whose identity it was: with another number in the registration it says nothing. Null: of before this was kept. */
  id_card_no_hash: string | null
  /** The attachments that were compared: 身份证人像面 and 正面照. */
  document_id: string | null
  portrait_id: string | null
}
