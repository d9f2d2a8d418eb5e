import type * as v from 'valibot'
import type { accountChoiceResource, changesPage, idCardNoCheckResource, organizationResource, PushOperation, pushReply, RegistrationResource, sessionResource } from '../../../shared/api/resources.ts'
import type { CaAlgorithm } from '../../../shared/domain/ca-login-bytes.ts'

export type CentralSession = v.InferOutput<typeof sessionResource>
export type AccountChoice = v.InferOutput<typeof accountChoiceResource>
export type ChangesPage = v.InferOutput<typeof changesPage>
export type PushReply = v.InferOutput<typeof pushReply>
export type CentralOrganization = v.InferOutput<typeof organizationResource>
export type IdCardNoCheck = v.InferOutput<typeof idCardNoCheckResource>

/**
 * The one way from the workstation to a central service. Another central API is attached by another implementation of
 * this port (docs/how-to-attach-a-central-api.md). Every failure is an AppError: the service's own code, or
 * `central-unreachable`, `central-not-trusted`, `central-reply-invalid`, `central-busy`.
 */
export interface CentralPort {
  /** What CA locks sign as audience. */
  readonly audience: string
  createChallenge(deviceId: string): Promise<{ cid: string; nonce: string }>
  signInWithCaKey(proof: CaSignInProof): Promise<CentralSession | AccountChoice>
  chooseAccount(choice: { ticket: string; accountId: string; password: string | null; deviceId: string }): Promise<CentralSession>
  signInWithPassword(input: { username: string; password: string; deviceId: string }): Promise<CentralSession>
  /** Calls below carry this token until it is replaced or cleared. Kept in memory only. */
  useSession(token: string | null): void
  /** @throws AppError also password-wrong, and what the new one breaks */
  changePassword(change: { password: string; newPassword: string }): Promise<void>
  suspendSession(): Promise<void>
  endSession(): Promise<void>
  readOrganization(): Promise<CentralOrganization>
  checkIdCardNo(idCardNo: string): Promise<IdCardNoCheck>
  /** An aborted call may have arrived all the same: a write is sent again under its own key. */
  readRegistration(id: string, signal?: AbortSignal): Promise<RegistrationResource>
  /** @param proof where the service wants submissions signed: it answered `submission-not-signed` without one */
  push(operations: PushOperation[], signal?: AbortSignal, proof?: SubmissionProof): Promise<PushReply>
  pull(cursor: { after: number; epoch: string | null; limit: number }, signal?: AbortSignal): Promise<ChangesPage>
}

/** Of a statement about exactly these operations, answering a challenge of `createChallenge`. */
export type SubmissionProof = Omit<CaSignInProof, 'deviceId'>

export interface CaSignInProof {
  cid: string
  unverifiedCertificate: string
  alg: CaAlgorithm
  signature: string
  deviceId: string
}
