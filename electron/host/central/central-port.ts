import type * as v from 'valibot'
import type { AttachmentClaim } from '../../../shared/api/attachments.ts'
import type { BindingDecision, BindingDecisionResult, ReviewedBinding, reviewedPeopleRequest, ReviewedPeoplePage, reviewedProjectsPage, reviewedProjectsRequest } from '../../../shared/api/binding-reviews.ts'
import type { ComparedPictures, IdentityCheckReceipt, IdentityChecksOfOne, SecondLook, WaitingIdentityCheck } from '../../../shared/api/identity-checks.ts'
import type { PosterCodesReply } from '../../../shared/api/poster-codes.ts'
import type { FoundProject } from '../../../shared/api/projects.ts'
import type { transferAsk, TransferReceipt, TransferRequests } from '../../../shared/api/transfers.ts'
import type { accountChoiceResource, changesPage, idCardNoCheckResource, newsResource, organizationResource, PushOperation, pushReply, RegistrationResource, sessionResource } from '../../../shared/api/resources.ts'
import type { decidedPage, DecisionRequest, decisionsReply, pendingPage, PendingResource, pendingSearchRequest, reviewListResource } from '../../../shared/api/review-resources.ts'
import type { revealPage, RevealReport, revealSearchRequest } from '../../../shared/api/reveal-resources.ts'
import type { SelfRegistrationResource, Settlement, WaitingSelfRegistration } from '../../../shared/api/self-registrations.ts'
import type { SelfPhoto } from '../../../shared/domain/self-registration.ts'
import type { UnitAccounts, UnitCertificates } from '../../../shared/api/unit-resources.ts'
import type { CaAlgorithm } from '../../../shared/domain/ca-login-bytes.ts'
import type { AccountChange, NamesOfAccount } from '../../../shared/domain/account-rules.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import type { AccountRole } from '../../../shared/domain/statuses.ts'
import type { ContactChanges } from '../../../shared/domain/unit-contact.ts'

export type CentralSession = v.InferOutput<typeof sessionResource>
export type AccountChoice = v.InferOutput<typeof accountChoiceResource>
export type News = v.InferOutput<typeof newsResource>
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
  /** Requests by and to other units. */
  transferRequests(): Promise<TransferRequests>
  /** @param key the same for every attempt, as for the two below */
  askTransfer(wanted: v.InferOutput<typeof transferAsk>, key: string): Promise<TransferReceipt>
  refuseTransfer(id: string, words: string, key: string): Promise<TransferReceipt>
  withdrawTransfer(id: string, key: string): Promise<TransferReceipt>
  /** What may be carried over of a person who has left their unit. */
  transferIn(wanted: { idCardNo: string; name: string }): Promise<PersonValues>
  /** An aborted call may have arrived all the same: a write is sent again under its own key. */
  readRegistration(id: string, signal?: AbortSignal): Promise<RegistrationResource>
  /** @param proof where the service wants submissions signed: it answered `submission-not-signed` without one */
  push(operations: PushOperation[], signal?: AbortSignal, proof?: SubmissionProof): Promise<PushReply>
  /** 登记审核, for accounts that may. */
  searchPending(search: v.InferInput<typeof pendingSearchRequest>): Promise<v.InferOutput<typeof pendingPage>>
  readPending(id: string): Promise<PendingResource>
  /** The content of one of its attachments, as readAttachmentContent. */
  readPendingAttachment(id: string, attachmentId: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>
  decide(decisions: DecisionRequest[]): Promise<v.InferOutput<typeof decisionsReply>>
  listDecided(cursor: string | null): Promise<v.InferOutput<typeof decidedPage>>
  /** Of one of the own registrations. */
  listReviewsOf(registrationId: string): Promise<v.InferOutput<typeof reviewListResource>>
  /** That masked numbers were looked at here. */
  reportReveals(reveals: RevealReport[], signal?: AbortSignal): Promise<void>
  searchReveals(search: v.InferInput<typeof revealSearchRequest>): Promise<v.InferOutput<typeof revealPage>>
  pull(cursor: { after: number; epoch: string | null; limit: number }, signal?: AbortSignal): Promise<ChangesPage>
  /** Answers once there is other news than what is known, and after half a minute in any case. @param known `bindings` null: not asked for */
  awaitNews(known: { after: number; bindings: string | null }, signal?: AbortSignal): Promise<News>
}

/** The other half of the port: 附件 and 人员相片. `id` is the attachment's own, made here; the same call once more changes nothing. */
export interface CentralAttachments {
  /** Whether the unit has this content already: it is attached then, and nothing is to be sent. */
  attachStored(claim: AttachmentClaim, signal?: AbortSignal): Promise<boolean>
  createUpload(claim: AttachmentClaim, signal?: AbortSignal): Promise<void>
  /** How many bytes have arrived, as many as the size where all have; null where the upload is to be created. */
  uploadedBytes(upload: Pick<AttachmentClaim, 'id' | 'size'>, signal?: AbortSignal): Promise<number | null>
  /** @returns as uploadedBytes. With the last byte the attachment is there. @throws AppError also attachment-offset-wrong, attachment-hash-wrong */
  appendUpload(upload: Pick<AttachmentClaim, 'id' | 'size'>, piece: { offset: number; bytes: Uint8Array; onSent?: (bytes: number) => void }, signal?: AbortSignal): Promise<number>
  /** Throws away what has arrived of an upload. */
  endUpload(id: string, signal?: AbortSignal): Promise<void>
  removeAttachment(id: string, signal?: AbortSignal): Promise<void>
  readAttachmentContent(id: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>
}

/** A third part of it: 企业基本信息. `key` is the same for every attempt; `version` is the one that was seen: another one answers version-conflict. */
export interface CentralUnit {
  /** @returns the new version */
  patchOrganization(changes: ContactChanges, version: number, key: string): Promise<number>
  listAccounts(): Promise<UnitAccounts>
  createAccount(account: NamesOfAccount & { id: string; role: AccountRole; password: string }, key: string): Promise<void>
  patchAccount(id: string, version: number, changes: AccountChange, key: string): Promise<void>
  resetAccountPassword(id: string, version: number, password: string, key: string): Promise<void>
  listCertificates(): Promise<UnitCertificates>
  bindAccount(bindingId: string, accountId: string, key: string): Promise<void>
  releaseAccount(bindingId: string, accountId: string, key: string): Promise<void>
}

/** A fourth part: 项目人员绑定. `key` as above. */
export interface CentralProjects {
  /** By 报建编号. @throws AppError project-not-found, also where the unit has no part in it */
  lookUpProject(projectNo: string): Promise<FoundProject>
  linkProject(projectId: string, key: string): Promise<void>
  /** @throws AppError project-has-people */
  unlinkProject(id: string, key: string): Promise<void>
}

/** A fifth: 项目人员登记绑定审核. */
export interface CentralBindingReviews {
  searchReviewedProjects(search: v.InferOutput<typeof reviewedProjectsRequest>): Promise<v.InferOutput<typeof reviewedProjectsPage>>
  searchReviewedPeople(search: v.InferOutput<typeof reviewedPeopleRequest>): Promise<ReviewedPeoplePage>
  readReviewedBinding(id: string): Promise<ReviewedBinding>
  readReviewedBindingAttachment(id: string, attachmentId: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>
  decideBindings(decisions: readonly BindingDecision[]): Promise<readonly BindingDecisionResult[]>
}

/** A sixth: 身份核验 of people of the own unit. `key` as above. */
export interface CentralIdentityChecks {
  listWaitingIdentityChecks(): Promise<WaitingIdentityCheck[]>
  identityChecksOf(registrationId: string): Promise<IdentityChecksOfOne>
  beginIdentityCheck(registrationId: string, compared: ComparedPictures, key: string): Promise<IdentityCheckReceipt>
  finishIdentityCheck(id: string, look: SecondLook, key: string): Promise<IdentityCheckReceipt>
}

/** A seventh: 项目二维码. `key` as above. */
export interface CentralPosters {
  /** @throws AppError poster-not-contractor */
  issuePosterCodes(wanted: { projectIds: string[]; evenStopped: boolean }, key: string): Promise<PosterCodesReply>
  /** @throws AppError also project-closed, poster-code-changed where another one is live by now */
  reissuePosterCode(seen: { projectId: string; code: string }, key: string): Promise<void>
  revokePosterCode(seen: { projectId: string; code: string }, key: string): Promise<void>
}

/** An eighth: 扫码登记 of workers, as the own unit sees it. `key` as above. */
export interface CentralSelfRegistrations {
  listSelfRegistrations(projectId: string): Promise<WaitingSelfRegistration[]>
  /** @throws AppError not-found, self-registration-settled */
  readSelfRegistration(id: string): Promise<SelfRegistrationResource>
  readSelfRegistrationPhoto(id: string, photo: SelfPhoto): Promise<AsyncIterable<Buffer>>
  settleSelfRegistration(id: string, settlement: Settlement, key: string): Promise<void>
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
