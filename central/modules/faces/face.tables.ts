import type { Generated } from 'kysely'
import type { ConsentChannel } from '../../../shared/domain/face/consent.ts'
import type { FaceOutcome } from '../../../shared/domain/face/check.ts'

/** 人脸识别: checks, what workstations are told of them, and 人脸数据 of those who agreed to its being sent. */
export interface FaceTables {
  face_check: FaceCheckTable
  registration_face: RegistrationFaceTable
  face_data: FaceDataTable
}

/** Beside the `identity_check` of the same id: how it came about. Nothing of the face. */
export interface FaceCheckTable {
  id: string
  outcome: FaceOutcome
  decision_reason_sealed: string | null
  model_id: string
  crop_version: number
  consent_version: string
  consent_at: string
  consent_channel: ConsentChannel
  guardian: number
  /** What came along and was kept then. */
  kept_template: Generated<number>
  kept_picture: Generated<number>
  /** Whose session told it. */
  sent_by_account_id: string
  device_id: string
  received_at: string
}

/** Of the registration of the same id. */
export interface RegistrationFaceTable {
  id: string
  organization_id: string
  seq: number
  /** Consents given until then are withdrawn. */
  consent_withdrawn_at: string | null
  withdrawal_reason_sealed: string | null
}

/** Of the registration of the same id, one at most. */
export interface FaceDataTable {
  id: string
  check_id: string
  /** For which it was sent; goes with it. */
  binding_id: string
  template_sealed: string | null
  picture_sealed: string | null
  consent_version: string
  consent_at: string
  received_at: string
}
