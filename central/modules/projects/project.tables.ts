import type { Generated } from 'kysely'
import type { OrganizationKind } from '../../../shared/domain/statuses.ts'
import type { ProjectStatus } from '../../../shared/domain/project.ts'
import type { FeedKind, FeedOutcome } from '../approval-feed/feed-record.ts'

/** Projects as the approval system tells them, what units have in their lists, and the feed's own books. `withdrawn_at`: it no longer stands there; nothing is destroyed. */
export interface ProjectTables {
  project: ProjectTable
  project_party: ProjectPartyTable
  contract_filing: ContractFilingTable
  filed_person: FiledPersonTable
  linked_project: LinkedProjectTable
  approval_feed_record: { source_id: string; kind: FeedKind; version: number; content_hash: string; applied_at: string }
  approval_feed_log: ApprovalFeedLogTable
  approval_feed_cursor: { source: string; cursor: string; at: string }
}

export interface ProjectTable {
  id: string
  /** The approval system's own. */
  source_id: string
  /** 报建编号; one project that has not been withdrawn a number. */
  project_no: string
  name: string
  status: ProjectStatus
  implementer_credit_code: string
  /** The operator's switch: 人脸数据 of its people may be sent to the central service. */
  faces_may_be_sent: Generated<number>
  withdrawn_at: string | null
  created_at: string
  updated_at: string
}

export interface ProjectPartyTable {
  source_id: string
  project_no: string
  credit_code: string
  name: string
  kind: OrganizationKind
  withdrawn_at: string | null
}

/** 合同备案 of a unit on a project; '' where it does not say. */
export interface ContractFilingTable {
  source_id: string
  project_no: string
  credit_code: string
  bid_price_wan: string
  area: string
  start_date: string
  completion_date: string
  withdrawn_at: string | null
}

/** Somebody whom a unit has named for a project in its filing. */
export interface FiledPersonTable {
  id: string
  source_id: string
  project_no: string
  credit_code: string
  kind: 'manager' | 'team-member'
  /** 项目岗位. */
  post: string
  /** 班组; '' of a manager. */
  team: string
  id_card_no_hash: string
  id_card_no_sealed: string
  name_sealed: string
  withdrawn_at: string | null
}

export interface LinkedProjectTable {
  organization_id: string
  project_id: string
  seq: number
  linked_at: string
  /** 删除项目. */
  archived_at: string | null
}

/** One line a delivery of a record; nothing personal. */
export interface ApprovalFeedLogTable {
  id: string
  at: string
  /** Which adapter. */
  source: string
  source_id: string | null
  kind: string | null
  version: number | null
  outcome: FeedOutcome
  /** Of a refusal: fields, or a code. */
  reason: string | null
}
