import type { SelfPhoto, SelfRegistrationState } from '../../../shared/domain/self-registration.ts'

/** 扫码登记. Instants are ISO 8601 in UTC. */
export interface SelfRegistrationTables {
  self_registration: SelfRegistrationTable
  self_registration_photo: { self_registration_id: string; photo: SelfPhoto; content_id: string }
  /** Proofs of work that were used. */
  used_work: { challenge: string; expires_at: string }
}

export interface SelfRegistrationTable {
  id: string
  organization_id: string
  project_id: string
  /** `set-aside`: waits behind another one of the same person for the same project. */
  state: SelfRegistrationState | 'set-aside'
  /** Number of the unit's change; 0: the unit does not see it. */
  seq: number
  id_card_no_hash: string
  /** What was typed, as sealed JSON. */
  values_sealed: string
  /** Keyed hash: tells whether the same id comes with the same form. */
  payload_hash: string
  /** SHA-256 of the phone's token. */
  token_hash: string
  notice_version: string
  /** By the phone's clock. */
  consent_at: string
  consent_channel: 'worker-page'
  submitted_at: string
  settled_at: string | null
  /** Account that registered or returned it. */
  settled_by: string | null
  reason_sealed: string | null
  registration_id: string | null
}
