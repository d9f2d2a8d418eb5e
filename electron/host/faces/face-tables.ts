import type { Generated, Kysely, Selectable } from 'kysely'
import type { FaceEvent } from '../../../shared/contract/faces.contract.ts'
import type { ConsentChannel } from '../../../shared/domain/face/consent.ts'

/** Tables of a unit's face file. */
export interface FaceTables {
  consent: ConsentTable
  template: TemplateTable
  event: EventTable
  journal: JournalTable
}

export type FaceDb = Kysely<FaceTables>

/** 单独同意, as it was given; stays when it is withdrawn. */
export interface ConsentTable {
  id: string
  registration_id: string
  text_version: string
  channel: ConsentChannel
  keep_picture: 0 | 1
  /** Template and picture may leave this workstation. */
  send: 0 | 1
  /** `Guardian`; null where nobody had to agree for the person. */
  guardian_json: string | null
  at: string
  by_id: string
  by_name: string
  withdrawn_at: string | null
}

/** The face of a registration: one at most. */
export interface TemplateTable {
  registration_id: string
  /** That it rests on. */
  consent_id: string
  /** Keyed: tells that two registrations have the same number, and not which. */
  id_card_no_hash: string
  /** 128 float32, little-endian. */
  descriptor: Uint8Array
  model_id: string
  crop_version: number
  quality_json: string
  liveness_json: string
  /** JPEG; null where it was not agreed to. */
  picture: Uint8Array | null
  /** The write that tells the central service of it. */
  op_id: string
  at: string
  by_id: string
  by_name: string
}

/** What happened; only ever added to. */
export interface EventTable {
  id: Generated<number>
  registration_id: string
  at: string
  /** Account; '' where no account of this workstation did it. */
  by_id: string
  by_name: string
  what: FaceEvent['what']
  reason: string
  similarity: number | null
  /** Why it was refused: an error code. */
  code: string | null
}

/** A write that is to be queued in the unit's own file, which another transaction does. */
export interface JournalTable {
  op_id: string
  registration_id: string
  kind: 'record-face-check' | 'withdraw-face-consent'
  body_json: string
  at: string
}

export type ConsentRow = Selectable<ConsentTable>
export type TemplateRow = Selectable<TemplateTable>
export type EventRow = Selectable<EventTable>
export type JournalRow = Selectable<JournalTable>
