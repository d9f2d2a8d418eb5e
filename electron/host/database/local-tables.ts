import type { Generated, Insertable, Kysely, Selectable } from 'kysely'
import type { LocalBindingTables } from './binding.tables.ts'

/** Tables of a unit's local file. Rows stay inside repositories and the services next to them. */
export interface LocalTables extends LocalBindingTables {
  record: RecordTable
  draft: DraftTable
  search: SearchTable
  outbox: OutboxTable
  history: HistoryTable
  attachment: AttachmentTable
  attachment_leftover: AttachmentLeftoverTable
  project: ProjectTable
  meta: MetaTable
  face_check: FaceCheckTable
  roster_import: RosterImportTable
  roster_import_group: RosterImportGroupTable
}

export type LocalDb = Kysely<LocalTables>

/** A registration as this machine knows it. */
export interface RecordTable {
  id: string
  /** 人员性质; never changes. */
  person_type: 'manager' | 'worker'
  /** Version at the central service; null until it has been there. */
  version: number | null
  /** Values at that version; null until then. The base of every patch and merge. */
  base_json: string | null
  /** Values as last saved, submitted, merged or pulled here; null while there is only a draft. */
  body_json: string | null
  /** Number in the body, or in the draft while there is no body: one record a person. */
  id_card_no: string
  state: 'local-only' | 'queued' | 'uploaded' | 'returned' | 'conflict'
  review_status: 'unsubmitted' | 'pending' | 'approved' | 'refused'
  employment_status: 'employed' | 'left'
  /** As the central service tells it. */
  face_enrolled: 0 | 1
  /** 人脸识别 was passed here, and is perhaps on its way still. */
  face_checked: Generated<0 | 1>
  return_code: string | null
  return_comment: string | null
  /** The other side of a conflict: the server's values and version, or its removal. */
  remote_json: string | null
  remote_version: number | null
  remote_removed: 0 | 1
  /** When the unit registered the person; null until that is known. */
  registered_at: string | null
  /** How the registration ended, told by the central service: `Departure`; null while it lives. */
  departure_json: string | null
  /** 离职迁出 that was confirmed here and has not been answered: `QueuedDeparture`. Outlives its operation, where an edit has to be merged or settled first. */
  leaving_json: string | null
  /** Which life of the central service's database told of it last; see docs/ARCHITECTURE.md, Sync. */
  epoch: string | null
  /** Counts the changes of the text a form shows, so that a window that has not seen the last one cannot overwrite it. */
  local_rev: number
  updated_at: string
}

/** What the clerk typed and has not saved. */
export interface DraftTable {
  record_id: string
  values_json: string
  kept_at: string
}

/** One line of text a record to look through: name, pinyin, initials, ID number, phone. */
export interface SearchTable {
  record_id: string
  /** Orders the list; of the newest record it may be older than that record's own. */
  updated_at: string
  haystack: string
}

/** A write on its way to the central service. */
export interface OutboxTable {
  /** Order of writing; two writes may share a millisecond, never this. */
  seq: Generated<number>
  /** Its idempotency key, the same for every attempt. */
  op_id: string
  record_id: string
  kind: 'create' | 'patch' | 'withdraw' | 'transfer-out'
  /** Changed fields; for `create` every field. */
  patch_json: string
  /** Of a `transfer-out`: `QueuedDeparture`. */
  departure_json: string | null
  base_version: number | null
  created_at: string
  /** Set when it is first sent: from then on it never changes. */
  frozen_at: string | null
  attempts: number
  /** Not to be tried again before this instant; null: at once. */
  next_at: string | null
  /** Why the last attempt was put off: `{code, details}`; null while there was none. */
  problem_json: string | null
}

/** Texts that an edit, a merge or a choice replaced. */
export interface HistoryTable {
  id: Generated<number>
  record_id: string
  at: string
  what: 'saved' | 'submitted' | 'merged' | 'conflict-mine' | 'conflict-theirs' | 'pulled' | 'left'
  changes_json: string
}

/** A photo or file of a registration, or of the unit itself. Its content lies in a sealed file of its own, or only at the central service. */
export interface AttachmentTable {
  id: string
  /** null: the unit's own. */
  record_id: string | null
  /** Code of 上传类型. */
  type: string
  name: string
  /** By its content, whatever its name says. */
  media_type: string
  /** Bytes. */
  size: number
  /** Of the content, hex. */
  sha256: string
  /** Of a proof of insurance: the day it was made out, yyyy-MM-dd. */
  proof_date: string | null
  state: 'waiting' | 'uploading' | 'paused' | 'uploaded' | 'refused'
  /** 1: the content is on this machine. */
  kept: 0 | 1
  /** Bytes that have arrived at the central service, as far as is known here. */
  sent: Generated<number>
  attempts: Generated<number>
  /** Not to be tried again before this instant; null: at once. */
  next_at: string | null
  /** Why it was put off or refused: `{code, details}`. */
  problem_json: string | null
  added_at: string
  uploaded_at: string | null
  /** Who uploaded it, as the central service tells. */
  uploaded_by: string | null
  /** Which life of the central service's database told of it last; null: none yet. */
  epoch: string | null
  /** Deleted by the clerk, who may still take that back; carried out a little later. */
  removed_at: string | null
}

/** Attachments whose row is gone and whose file is to follow. */
export interface AttachmentLeftoverTable {
  id: string
}

/** A project of the unit's list 项目人员绑定, as the central service tells it. Nothing of it is made here. */
export interface ProjectTable {
  id: string
  /** 报建编号. */
  project_no: string
  name: string
  status: string
  /** Why nothing more is done on it; null where the unit works on it. */
  closure: string | null
  manager_count: number
  worker_count: number
  /** Taken off the list, and kept for what is told of people who worked on it. */
  archived: Generated<0 | 1>
  /** What the unit's 合同备案 says of it: `ProjectContract`; null where there is none. */
  contract_json: Generated<string | null>
  /** 人脸数据 of its people may be sent to the central service, where they have agreed to that. */
  faces_may_be_sent: Generated<0 | 1>
  /** Which life of the central service's database told of it last. */
  epoch: string
}

/** 导入名册: what was written by which import, so that it can go on after a kill and be taken back. */
export interface RosterImportTable {
  id: string
  /** Name of the file, without folders. */
  source: string
  mode: 'submit' | 'save'
  at: string
  total: number
  created: number
  updated: number
  passed_over: number
  state: 'unfinished' | 'finished' | 'rolled-back'
}

/** Rows of an import that are written in one transaction. */
export interface RosterImportGroupTable {
  import_id: string
  /** From 0, in the order of the sheet. */
  seq: number
  rows: number
  /** What is to be written; null once it has been. */
  plan_json: string | null
  /** What was written; null until then. */
  outcome_json: string | null
}

/** Of a registration's face what the central service tells, and why the last write of it was refused: nothing of the face itself, which lies in the face file. */
export interface FaceCheckTable {
  record_id: string
  checked_at: string | null
  /** Consents given until then are withdrawn. */
  consent_withdrawn_at: string | null
  /** What the central service holds. */
  kept_template: Generated<0 | 1>
  kept_picture: Generated<0 | 1>
  /** `{kind, code, details}` */
  refusal_json: string | null
  /** Which life of the central service's database told of it last; null: none yet. */
  epoch: string | null
}

export interface MetaTable {
  key: string
  value: string
}

export type RecordRow = Selectable<RecordTable>
export type OutboxRow = Selectable<OutboxTable>
export type NewOutboxRow = Insertable<OutboxTable>
export type AttachmentRow = Selectable<AttachmentTable>
export type NewAttachmentRow = Insertable<AttachmentTable>
