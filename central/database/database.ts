import type { Kysely } from 'kysely'
import type { OrganizationKind, RegistrationStatus, ReviewDecision } from '../../shared/domain/statuses.ts'
import type { RevealedField, RevealReason } from '../../shared/domain/reveals.ts'
import type { SignInTables } from '../auth/sign-in.tables.ts'
import type { BindingTables } from '../modules/bindings/binding.tables.ts'
import type { ProjectTables } from '../modules/projects/project.tables.ts'
import type { PosterCodeTables } from '../modules/poster-codes/poster-code.tables.ts'
import type { AttachmentTables } from '../modules/attachments/attachment.tables.ts'
import type { SelfRegistrationTables } from '../modules/self-registrations/self-registration.tables.ts'
import type { FaceTables } from '../modules/faces/face.tables.ts'
import type { TransferTables } from '../modules/transfers/transfer.tables.ts'

/** Every table of the central service. Instants are ISO 8601 in UTC with milliseconds, so that they sort as text. */
export interface Database extends SignInTables, AttachmentTables, TransferTables, ProjectTables, BindingTables, PosterCodeTables, SelfRegistrationTables, FaceTables {
  meta: { key: string; value: string }
  organization: OrganizationTable
  person: { id: string; id_card_no_hash: string; id_card_no_sealed: string; created_at: string }
  registration: RegistrationTable
  removed_registration: RemovedRegistrationTable
  review_scope: { reviewer_organization_id: string; organization_id: string; created_at: string }
  registration_review: RegistrationReviewTable
  reveal: RevealTable
  applied_write: AppliedWriteTable
  audit_event: AuditEventTable
  audit_chain: { chain: string; position: number; hash: string; seal: string }
}

export type CentralDb = Kysely<Database>

export interface OrganizationTable {
  id: string
  version: number
  /** Number of the unit's last change. Taken by an update inside the changing transaction, so it follows commit order. */
  seq: number
  /** `seq` of the last change of the unit's own data. */
  changed_seq: number
  name: string
  kind: OrganizationKind
  credit_code: string
  address: string
  contact_name: string
  contact_phone_sealed: string
  recovery_public_key: string
  created_at: string
  updated_at: string
}

export interface RegistrationTable {
  id: string
  organization_id: string
  person_id: string
  id_card_no_hash: string
  person_type: 'manager' | 'worker'
  status: RegistrationStatus
  review_comment: string | null
  face_enrolled: number
  version: number
  seq: number
  name: string
  pinyin: string
  initials: string
  mobile_sealed: string
  mobile_hash: string
  residence_detail_sealed: string
  /** Every other field of the form as sealed JSON: birth date and region alone would tell most of an ID number. */
  values_sealed: string
  created_at: string
  updated_at: string
}

/** What the feed of changes tells of a registration that is there no more. */
export interface RemovedRegistrationTable {
  organization_id: string
  seq: number
  registration_id: string
  removed_at: string
}

/** A decision on a registration. Goes with it. */
export interface RegistrationReviewTable {
  id: string
  registration_id: string
  /** That was decided upon. */
  version: number
  decision: ReviewDecision
  /** '' where approved. */
  reason: string
  /** Null: the operator of the central service. */
  reviewer_organization_id: string | null
  account_id: string | null
  at: string
}

/** That somebody looked at a masked number, and never the number. */
export interface RevealTable {
  id: string
  organization_id: string
  /** May be only on a workstation, or gone. */
  registration_id: string
  field: RevealedField
  reason: RevealReason
  words_sealed: string
  account_id: string
  /** Whose session told it. */
  sent_by_account_id: string
  device_id: string
  /** By the workstation's clock. */
  revealed_at: string
  received_at: string
  /** 1: it left the workstation in a file. */
  exported: number
}

export interface AppliedWriteTable {
  /** Keys belong to the unit: what one clerk queued, another clerk of the same workstation may send again. */
  organization_id: string
  idempotency_key: string
  /** Who sent it first. */
  account_id: string
  /** Keyed hash: tells whether a repeated key comes with the same content, and nothing of the content. */
  payload_hash: string
  /** Receipt or final problem; null while the write is under way. */
  outcome_json: string | null
  applied_at: string
}

export interface AuditEventTable {
  id: string
  at: string
  kind: string
  organization_id: string | null
  account_id: string | null
  device_id: string | null
  details_json: string
  /** From 1 in each unit; null in events from before there were chains. */
  chain_position: number | null
  chain_hash: string | null
}
