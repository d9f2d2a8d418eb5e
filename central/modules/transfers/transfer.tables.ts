import type { RequestState } from '../../../shared/domain/transfer-request.ts'

export interface TransferTables {
  departure: DepartureTable
  transfer_request: TransferRequestTable
  transfer_in_failure: { organization_id: string; id_card_no_hash: string; failures: number; last_failed_at: string }
}

/** How a registration ended; the registration's own `status` is `left` then. */
export interface DepartureTable {
  /** The registration's. */
  id: string
  organization_id: string
  /** Code of 离职原因. */
  reason: string
  note_sealed: string
  /** yyyy-MM-dd */
  left_on: string
  /** What the review had said until then. */
  review_status: 'pending' | 'approved' | 'refused'
  left_at: string
}

/** 申请迁入. What became of it besides is derived at each look: see `shownRequestState`. */
export interface TransferRequestTable {
  id: string
  /** Who asks. */
  organization_id: string
  account_id: string
  /** What is asked for: the person's live registration at the time. */
  registration_id: string
  /** Where that is; never told to who asks. */
  holding_organization_id: string
  id_card_no_hash: string
  id_card_no_sealed: string
  name_sealed: string
  state: RequestState
  refusal_sealed: string | null
  created_at: string
  expires_at: string
  answered_at: string | null
}
