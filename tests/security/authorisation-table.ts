import { randomUUID } from 'node:crypto'
import type { RouteName } from '../../shared/api/index.ts'
import type { AccountRole } from '../../shared/domain/statuses.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { newDeviceId, newKey, type Call } from '../support/central-service.ts'
import { faceCheckOf, faceWithdrawalOf } from '../support/face-checks.ts'
import { personValues } from '../support/people.ts'
import { jpegOf, newToken, submissionOf } from '../support/self-registrations.ts'
import { creationHeaders } from '../support/uploads.ts'
import { appending, type AimedAttachment } from './aimed-attachment.ts'

/** Who may do what at the central service: one rule a route. A route without a rule does not compile. */
export interface Rule {
  /** A right call of the route, aimed at what belongs to one unit. */
  readonly call: (aim: Aim) => Call
  /** For somebody without a live session, whoever he was before. */
  readonly withoutSession: Answer
  /** For an account of the unit that the call is aimed at. */
  readonly own: Readonly<Record<AccountRole, Answer>>
  /** For an account of another unit. A status of success here means: of that unit itself, never of the one aimed at. */
  readonly other: Readonly<Record<AccountRole, Answer>>
  /**
   * For an account with 登记审核 of an implementing unit, with the unit that the call is aimed at in its review scope, or not.
   * Absent: as any account of another unit.
   */
  readonly reviewer?: { readonly inScope: Answer; readonly outOfScope: Answer }
}

/** A status of success (of HEAD, which tells no code, also one of refusal), the code of a refusal, or the code that each operation of a push is refused with. */
export type Answer = number | ErrorCode | { readonly each: readonly ('applied' | ErrorCode)[] }

/** Something of a unit, made anew for every call. */
export interface Aim extends AimedAttachment {
  readonly organizationId: string
  readonly registrationId: string
  readonly accountId: string
  /** Another account of the unit, on which nothing else depends. */
  readonly colleagueId: string
  /** A certificate binding of the unit. */
  readonly bindingId: string
  readonly username: string
  readonly idCardNo: string
  /** A person registered nowhere. */
  readonly freePerson: number
}

/** Today no route tells the two apart; a third role has to be decided upon here. */
const everyRole = (answer: Answer): Readonly<Record<AccountRole, Answer>> => ({ 'clerk': answer, 'unit-admin': answer })

/** Asked before anybody is signed in: a session makes no difference. */
const open = (call: Rule['call'], answer: Answer): Rule => ({ call, withoutSession: answer, own: everyRole(answer), other: everyRole(answer) })
/** Of one's own unit, or of oneself: there is no way to name another. */
const ofOneself = (call: Rule['call'], answer: Answer): Rule => ({ ...open(call, answer), withoutSession: 'session-missing' })
/** Names what it is aimed at; for another unit there is no such thing. */
const aimed = (call: Rule['call'], own: Answer, other: Answer): Rule => ({ call, withoutSession: 'session-missing', own: everyRole(own), other: everyRole(other) })

/** 登记审核: closed to everybody else. */
const forReviewers = (call: Rule['call'], inScope: Answer, outOfScope: Answer): Rule => ({ ...aimed(call, 'forbidden', 'forbidden'), reviewer: { inScope, outOfScope } })

/** 项目二维码: reviewers are of implementing units, and those have none. */
const forContractors = (call: Rule['call'], answer: Answer): Rule => ({ ...aimed(call, answer, answer), reviewer: { inScope: 'poster-not-contractor', outOfScope: 'poster-not-contractor' } })

/** Of the own unit alone, for its 单位管理员. */
const forAdmin = (call: Rule['call'], answer: Answer): Rule => ({ ...ofOneself(call, 'forbidden'), own: { 'clerk': 'forbidden', 'unit-admin': answer }, other: { 'clerk': 'forbidden', 'unit-admin': answer } })
/** The same, naming something that for another unit is not there. */
const aimedByAdmin = (call: Rule['call'], answer: Answer): Rule => ({ ...forAdmin(call, answer), other: { 'clerk': 'forbidden', 'unit-admin': 'not-found' } })

const nothing = (): Call => ({})
const todayInShanghai = () => shanghaiDate(new Date())
const seen = { 'if-match': '"1"' }
const tus = { 'tus-resumable': '1.0.0' }

export const authorisationTable: Readonly<Record<RouteName, Rule>> = {
  health: open(nothing, 200),
  createChallenge: open(() => ({ body: { deviceId: newDeviceId() } }), 201),
  signInWithCaKey: open(
    () => ({ body: { fmt: 'SHHR-CALOGIN-v1', cid: 'A'.repeat(22), unverifiedCertificate: 'A'.repeat(100), alg: 'ES256', signature: 'A'.repeat(86), deviceId: newDeviceId() } }),
    'challenge-unknown',
  ),
  chooseAccount: open(({ accountId }) => ({ body: { ticket: 'A'.repeat(43), accountId, password: null, deviceId: newDeviceId() } }), 'ticket-expired'),
  // A name nobody has: failures of one that exists would make it wait.
  signInWithPassword: open(() => ({ body: { username: newKey(), password: 'wrong-password', deviceId: newDeviceId() } }), 'sign-in-failed'),
  readSession: ofOneself(nothing, 200),
  // The right one would change the account that the next call needs.
  changePassword: ofOneself(() => ({ body: { password: 'wrong-password', newPassword: 'another-password' } }), 'password-wrong'),
  suspendSession: ofOneself(nothing, 204),
  endSession: ofOneself(nothing, 204),
  readOrganization: ofOneself(nothing, 200),
  // A version that the unit never has: that of a unit is the same for all who may.
  patchOrganization: forAdmin(() => ({ body: { changes: { contactName: '某人' } }, headers: { 'if-match': '"999"' } }), 'version-conflict'),
  listAccounts: ofOneself(nothing, 200),
  createAccount: forAdmin(() => ({ body: { id: newKey(), username: newKey(), displayName: '某人', role: 'clerk', password: 'Muxu-hetao-7' } }), 201),
  patchAccount: aimedByAdmin(({ colleagueId }) => ({ params: { id: colleagueId }, body: { changes: { role: 'unit-admin' } }, headers: seen }), 200),
  resetAccountPassword: aimedByAdmin(({ colleagueId }) => ({ params: { id: colleagueId }, body: { password: 'Muxu-hetao-7' }, headers: seen }), 200),
  listCertificates: ofOneself(nothing, 200),
  bindAccount: aimedByAdmin(({ bindingId, colleagueId }) => ({ params: { id: bindingId }, body: { accountId: colleagueId } }), 200),
  releaseAccount: aimedByAdmin(({ bindingId, colleagueId }) => ({ params: { id: bindingId }, body: { accountId: colleagueId } }), 200),
  checkIdCardNo: aimed(({ idCardNo }) => ({ body: { idCardNo } }), 200, 200),
  listRegistrations: ofOneself(() => ({ query: { limit: '999' } }), 200),
  createRegistration: aimed(
    ({ registrationId, freePerson }) => ({ body: { id: registrationId, personType: 'manager', values: personValues(freePerson) } }),
    'request-malformed', 'request-malformed',
  ),
  readRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 200, 'not-found'),
  patchRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId }, body: { changes: { jobPosition: '安全员' } }, headers: seen }), 200, 'not-found'),
  withdrawRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId }, headers: seen }), 200, 'not-found'),
  listAttachments: aimed(({ registrationId }) => ({ query: { registrationId } }), 200, 'not-found'),
  attachStored: aimed(({ again }) => ({ body: again }), 201, 'not-found'),
  removeAttachment: aimed(({ attachmentId }) => ({ params: { id: attachmentId } }), 200, 'not-found'),
  readAttachmentContent: aimed(({ attachmentId }) => ({ params: { id: attachmentId } }), 200, 'not-found'),
  createUpload: aimed(({ upload }) => ({ headers: creationHeaders({ ...upload, id: randomUUID() }) }), 201, 'not-found'),
  readUpload: aimed(({ upload }) => ({ params: { id: upload.id }, headers: tus }), 200, 404),
  appendUpload: aimed(({ upload, uploadBytes }) => appending(upload.id, uploadBytes), 204, 'not-found'),
  endUpload: aimed(({ upload }) => ({ params: { id: upload.id }, headers: tus }), 204, 'not-found'),
  transferOut: aimed(
    ({ registrationId }) => ({ params: { id: registrationId }, body: { reason: '1', note: '', leftOn: todayInShanghai(), requestId: null }, headers: seen }),
    200, 'not-found',
  ),
  listTransferRequests: ofOneself(nothing, 200),
  askTransfer: aimed(({ idCardNo }) => ({ body: { id: newKey(), idCardNo, name: '某人' } }), 'registration-here', 201),
  // An id that nobody asked under: whose request it is decides, and the tests of transfers show both sides.
  refuseTransfer: aimed(({ registrationId }) => ({ params: { id: registrationId }, body: { words: '暂不同意' } }), 'not-found', 'not-found'),
  withdrawTransfer: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 'not-found', 'not-found'),
  transferIn: aimed(({ idCardNo }) => ({ body: { idCardNo, name: '某人' } }), 'registration-here', 'registration-elsewhere'),
  // Projects are parties' own: the tests of projects show both sides. Here one that there is not.
  lookUpProject: ofOneself(() => ({ body: { projectNo: '2103HK9999' } }), 'project-not-found'),
  listProjects: ofOneself(nothing, 200),
  linkProject: aimed(({ registrationId }) => ({ body: { projectId: registrationId } }), 'project-not-found', 'project-not-found'),
  unlinkProject: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 'not-found', 'not-found'),
  // The same: of a project that is not in the own list there is no code, and the tests of posters show both sides.
  issuePosterCodes: forContractors(() => ({ body: { projectIds: [newKey()], evenStopped: true } }), 200),
  reissuePosterCode: forContractors(({ registrationId }) => ({ body: { projectId: registrationId, code: '0000000000' } }), 'not-found'),
  revokePosterCode: forContractors(({ registrationId }) => ({ body: { projectId: registrationId, code: '0000000000' } }), 'not-found'),
  // Strangers all: a code that nobody has, work that nobody did, and a phone without a right token.
  openPosterCode: open(() => ({ params: { code: 'ZZZZZZZZZZ' } }), 'poster-code-unknown'),
  createWorkChallenge: open(nothing, 201),
  submitSelfRegistration: open(({ freePerson }) => ({ body: submissionOf(freePerson) }), 'poster-code-unknown'),
  sendSelfRegistrationPhoto: open(({ registrationId }) => ({ params: { id: registrationId, photo: 'portrait' }, headers: { 'submission-token': newToken(), 'content-type': 'image/jpeg' }, body: jpegOf(1) }), 'not-found'),
  readOwnSelfRegistration: open(({ registrationId }) => ({ params: { id: registrationId }, headers: { 'submission-token': newToken() } }), 'not-found'),
  // Whose form it is decides; the tests of self-registrations show both sides. Here one that there is not.
  listSelfRegistrations: ofOneself(({ registrationId }) => ({ query: { projectId: registrationId } }), 200),
  readSelfRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 'not-found', 'not-found'),
  readSelfRegistrationPhoto: aimed(({ registrationId }) => ({ params: { id: registrationId, photo: 'portrait' } }), 'not-found', 'not-found'),
  settleSelfRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId }, body: { decision: 'returned', reason: '照片不清' } }), 'not-found', 'not-found'),
  listReviewsOfRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 200, 'not-found'),
  // Asked for that unit, a reviewer without it in scope finds nothing.
  searchPendingRegistrations: forReviewers(({ organizationId }) => ({ body: { query: '', organizationId, cursor: null, limit: 100 } }), 200, 200),
  readPendingRegistration: forReviewers(({ registrationId }) => ({ params: { id: registrationId } }), 200, 'not-found'),
  readPendingAttachment: forReviewers(({ registrationId, attachmentId }) => ({ params: { id: registrationId, attachmentId } }), 200, 'not-found'),
  reviewRegistrations: forReviewers(
    ({ registrationId }) => ({ body: { decisions: [{ decision: 'refused', opId: newKey(), id: registrationId, baseVersion: 1, attachmentsSeq: null, reason: '材料不全' }] } }),
    { each: ['applied'] }, { each: ['not-found'] },
  ),
  listDecidedReviews: forReviewers(nothing, 200, 200),
  // Of the caller's own unit alone; the tests of identity checks show the rest.
  listWaitingIdentityChecks: ofOneself(nothing, 200),
  listIdentityChecksOfRegistration: aimed(({ registrationId }) => ({ params: { id: registrationId } }), 200, 'not-found'),
  beginIdentityCheck: aimed(({ registrationId, attachmentId }) => ({ params: { id: registrationId }, body: { documentId: attachmentId, portraitId: attachmentId } }), 'identity-check-changed', 'not-found'),
  finishIdentityCheck: aimed(({ registrationId, attachmentId }) => ({ params: { id: registrationId }, body: { result: 'passed', documentId: attachmentId, portraitId: attachmentId } }), 'not-found', 'not-found'),
  // Projects of the 实施单位 alone: their tests show both sides. The review scope opens none of them.
  searchReviewedProjects: forReviewers(() => ({ body: { projectNo: '', name: '', status: null, page: 1, pageSize: 20 } }), 200, 200),
  searchReviewedPeople: forReviewers(({ registrationId }) => ({ body: { projectId: registrationId, status: 'pending', query: '', personType: null, cursor: null, limit: 20 } }), 'not-found', 'not-found'),
  readReviewedBinding: forReviewers(({ registrationId }) => ({ params: { id: registrationId } }), 'not-found', 'not-found'),
  readReviewedBindingAttachment: forReviewers(({ registrationId, attachmentId }) => ({ params: { id: registrationId, attachmentId } }), 'not-found', 'not-found'),
  decideBindings: forReviewers(
    ({ registrationId }) => ({ body: { decisions: [{ decision: 'approved', opId: newKey(), id: registrationId, baseVersion: 1, registrationVersion: 1, attachmentsSeq: null }] } }),
    { each: ['not-found'] }, { each: ['not-found'] },
  ),
  // Of the caller's own unit, whatever registration it names.
  reportReveals: ofOneself(({ registrationId, accountId }) => ({ body: { reveals: [{ id: newKey(), registrationId, field: 'mobile', reason: 'contact', words: '', accountId, at: new Date().toISOString() }] } }), 204),
  searchReveals: forAdmin(() => ({ body: { from: null, to: null, accountId: null, name: '', cursor: null } }), 200),
  pushOperations: aimed(
    ({ registrationId, accountId, freePerson }) => ({
      body: {
        operations: [
          { kind: 'create', opId: newKey(), registration: { id: registrationId, personType: 'manager', values: personValues(freePerson) } },
          { kind: 'patch', opId: newKey(), id: registrationId, baseVersion: 1, changes: { jobPosition: '安全员' } },
          { opId: newKey(), ...faceCheckOf({ registrationId, accountId, at: new Date().toISOString() }) },
          { opId: newKey(), ...faceWithdrawalOf({ registrationId, accountId, at: new Date().toISOString() }) },
          { kind: 'transfer-out', opId: newKey(), id: registrationId, baseVersion: 9, departure: { reason: '1', note: '', leftOn: todayInShanghai(), requestId: null } },
          { kind: 'withdraw', opId: newKey(), id: registrationId, baseVersion: 2 },
        ],
      },
    }),
    { each: ['request-malformed', 'applied', 'applied', 'applied', 'version-conflict', 'applied'] }, { each: ['request-malformed', ...Array.from({ length: 5 }, () => 'not-found' as const)] },
  ),
  pullChanges: ofOneself(() => ({ query: { after: '0' } }), 200),
  awaitNews: ofOneself(() => ({ query: { after: '0', bindings: '' } }), 200),
}
