import type { Generated } from 'kysely'
import type { FaceSignIn } from '../../shared/domain/face/sign-in.ts'
import type { AccountRole, SignInWay } from '../../shared/domain/statuses.ts'

/**
 * Tables of migrations 0002, 0003, 0005, 0006, 0009 and 0011. Instants are ISO 8601 in UTC with milliseconds, so that they sort as text. Of tokens,
 * tickets and cookies only the SHA-256 is stored.
 */
export interface SignInTables {
  account: AccountTable
  certificate_binding: CertificateBindingTable
  certificate_binding_account: { binding_id: string; account_id: string }
  bound_certificate: BoundCertificateTable
  account_proof: AccountProofTable
  ca_challenge: CaChallengeTable
  account_ticket: AccountTicketTable
  session: SessionTable
  sign_in_failure: SignInFailureTable
  certificate_standing: CertificateStandingTable
}

interface AccountTable {
  id: string
  organization_id: string
  username: string
  /** Unique form: see `usernameKey`. */
  username_key: string
  display_name: string
  role: AccountRole
  /** 登记审核. */
  reviews_registrations: 0 | 1
  /** 人脸登录. */
  face_sign_in: Generated<FaceSignIn>
  password_hash: string
  /** 1 from a reset by the operator or a 单位管理员, or the account's beginning with the latter, until the clerk changes it. */
  password_by_operator: 0 | 1
  disabled_at: string | null
  created_at: string
  /** Of what others change of it; the clerk's own password is none of it. */
  version: number
  /** Null: not since this is written down. */
  last_sign_in_at: string | null
}

/** An issuer and a company code, which together name one unit. */
interface CertificateBindingTable {
  id: string
  issuer: string
  company_code: string
  organization_id: string
  created_at: string
}

/** Each certificate that signed in under a binding: a unit may own several locks, and renews them. */
interface BoundCertificateTable {
  binding_id: string
  fingerprint: string
  not_after: string
  first_seen_at: string
  /** Whom it names; null where it was not used since this is written down. */
  holder: string | null
  /** To the minute. */
  last_used_at: string | null
}

/** This account gave its password with this binding's lock on this device. */
interface AccountProofTable {
  device_id: string
  binding_id: string
  account_id: string
  proven_at: string
}

interface CaChallengeTable {
  cid: string
  nonce: string
  device_id: string
  connection_hash: string
  expires_at: string
}

/** A lock has signed in and the clerk has yet to say as whom. */
interface AccountTicketTable {
  ticket_hash: string
  binding_id: string
  fingerprint: string
  certificate_not_after: string
  device_id: string
  expires_at: string
}

interface SessionTable {
  id: string
  token_hash: string
  account_id: string
  organization_id: string
  device_id: string
  way: SignInWay
  /** Of the certificate that signed in; null where a password did. */
  fingerprint: string | null
  created_at: string
  last_used_at: string
  expires_at: string
  suspended_at: string | null
  /** Null while it is open. */
  ended_because: 'password-changed' | null
}

interface SignInFailureTable {
  /** What failed: `username:`, `device:` or `address:` and a SHA-256. */
  subject: string
  failures: number
  last_failed_at: string
}

/** What a CA last said of a certificate: one of the two. */
interface CertificateStandingTable {
  fingerprint: string
  /** When the service was told. */
  good_at: string | null
  /** From when the answer is: an older good one does not undo it. */
  revoked_as_of: string | null
}

export type { Database } from '../database/database.ts'
