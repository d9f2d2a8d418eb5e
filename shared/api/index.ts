import * as v from 'valibot'
import { newPasswordProblems } from '../domain/password.ts'
import { attachmentRoutes } from './attachments.ts'
import { posterCodeRoutes } from './poster-codes.ts'
import { bindingReviewRoutes } from './binding-reviews.ts'
import { identityCheckRoutes } from './identity-checks.ts'
import { projectRoutes } from './projects.ts'
import * as r from './resources.ts'
import * as reveal from './reveal-resources.ts'
import * as review from './review-resources.ts'
import { route } from './route.ts'
import { selfRegistrationRoutes } from './self-registrations.ts'
import * as t from './transfers.ts'
import { unitRoutes } from './unit-routes.ts'

const idParams = v.strictObject({ id: r.idSchema })
const signatureProblems = [
  'challenge-unknown', 'challenge-expired', 'challenge-wrong-device', 'ca-format-unsupported', 'ca-algorithm-unsupported',
  'ca-algorithm-mismatch', 'ca-certificate-malformed', 'ca-certificate-expired', 'ca-certificate-not-yet-valid', 'ca-chain-untrusted',
  'ca-key-usage-wrong', 'ca-certificate-revoked', 'ca-revocation-unknown', 'ca-signature-invalid', 'ca-company-code-conflict', 'ca-not-bound',
  'account-disabled',
] as const
const caProblems = [...signatureProblems, 'too-many-requests'] as const
const idCardNoProblems = ['id-card-no-length', 'id-card-no-characters', 'id-card-no-old-form', 'id-card-no-date', 'id-card-no-checksum'] as const
const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight', 'submission-not-signed'] as const
const requestProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight'] as const
const updateProblems = [...writeProblems, 'if-match-missing', 'version-conflict', 'not-found'] as const

/** The central HTTP contract. docs/how-to-attach-a-central-api.md says how another one can take its place. */
export const centralApi = {
  health: route({
    method: 'GET', path: '/healthz', tag: 'service', summary: 'Is the service up and its database reachable?',
    auth: 'none', idempotent: false, ifMatch: false,
    replies: { 200: v.strictObject({ ok: v.literal(true), epoch: v.string() }) }, problems: [],
  }),
  createChallenge: route({
    method: 'POST', path: '/v1/ca/challenges', tag: 'sign-in', summary: 'A nonce for a CA lock to sign',
    auth: 'none', idempotent: false, ifMatch: false, body: r.challengeRequest,
    replies: { 201: r.challengeResource }, problems: ['too-many-requests'],
  }),
  signInWithCaKey: route({
    method: 'POST', path: '/v1/ca/sessions', tag: 'sign-in', summary: 'Sign in with a signed challenge',
    auth: 'none', idempotent: false, ifMatch: false, body: r.caSignInRequest,
    replies: { 201: r.sessionResource, 200: r.accountChoiceResource }, problems: caProblems,
  }),
  chooseAccount: route({
    method: 'POST', path: '/v1/ca/account-choices', tag: 'sign-in', summary: 'Choose an account of the unit the CA lock belongs to',
    auth: 'none', idempotent: false, ifMatch: false, body: r.accountChoiceRequest,
    replies: { 201: r.sessionResource }, problems: ['ticket-expired', 'account-choice-invalid', 'ca-needs-password', 'sign-in-failed', 'sign-in-too-often', 'account-disabled', 'too-many-requests'],
  }),
  signInWithPassword: route({
    method: 'POST', path: '/v1/password/sessions', tag: 'sign-in', summary: 'Sign in with user name and password',
    auth: 'none', idempotent: false, ifMatch: false, body: r.passwordSignInRequest,
    replies: { 201: r.sessionResource }, problems: ['sign-in-failed', 'sign-in-too-often', 'account-disabled', 'password-needs-ca', 'too-many-requests'],
  }),
  readSession: route({
    method: 'GET', path: '/v1/session', tag: 'session', summary: 'Who is signed in',
    auth: 'session', idempotent: false, ifMatch: false,
    replies: { 200: v.strictObject({ account: r.accountResource, organizationId: r.idSchema, expiresAt: r.instantSchema, serverTime: r.instantSchema, epoch: v.string(), identityCheckRequired: v.boolean() }) },
    problems: [],
  }),
  changePassword: route({
    method: 'POST', path: '/v1/password/changes', tag: 'session', summary: 'A new password of the own account; its other sessions end',
    auth: 'session', idempotent: false, ifMatch: false, body: r.passwordChangeRequest, replies: { 204: null },
    problems: ['password-wrong', ...newPasswordProblems, 'password-unchanged', 'sign-in-too-often', 'too-many-requests'],
  }),
  suspendSession: route({
    method: 'POST', path: '/v1/session/suspend', tag: 'session', summary: 'The CA lock was pulled: no further call until a new sign-in',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 204: null }, problems: [],
  }),
  endSession: route({
    method: 'DELETE', path: '/v1/session', tag: 'session', summary: 'Sign out',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 204: null }, problems: [],
  }),
  readOrganization: route({
    method: 'GET', path: '/v1/organization', tag: 'organization', summary: '企业基本信息 of the own unit',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: r.organizationResource }, problems: [],
  }),
  ...unitRoutes,
  checkIdCardNo: route({
    method: 'POST', path: '/v1/id-card-no-checks', tag: 'registrations', summary: 'Is this person registered here, elsewhere, or nowhere?',
    auth: 'session', idempotent: false, ifMatch: false, body: r.idCardNoCheckRequest,
    replies: { 200: r.idCardNoCheckResource }, problems: [...idCardNoProblems, 'too-many-requests'],
  }),
  listRegistrations: route({
    method: 'GET', path: '/v1/registrations', tag: 'registrations', summary: 'Registrations of the own unit, by cursor',
    auth: 'session', idempotent: false, ifMatch: false, query: r.pageQuery,
    replies: { 200: r.registrationListPage }, problems: ['cursor-expired'],
  }),
  createRegistration: route({
    method: 'POST', path: '/v1/registrations', tag: 'registrations', summary: 'Register a person with the own unit',
    auth: 'session', idempotent: true, ifMatch: false, body: r.registrationCreate,
    replies: { 201: r.writeReceipt }, problems: [...writeProblems, 'registration-invalid', 'registration-here', 'registration-elsewhere'],
  }),
  readRegistration: route({
    method: 'GET', path: '/v1/registrations/{id}', tag: 'registrations', summary: 'One registration, with its ETag',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams,
    replies: { 200: r.registrationResource }, problems: ['not-found'],
  }),
  patchRegistration: route({
    method: 'PATCH', path: '/v1/registrations/{id}', tag: 'registrations', summary: 'Change some fields',
    auth: 'session', idempotent: true, ifMatch: true, params: idParams, body: r.registrationPatch,
    replies: { 200: r.writeReceipt }, problems: [...updateProblems, 'registration-invalid', 'registration-left', 'registration-here', 'registration-elsewhere'],
  }),
  withdrawRegistration: route({
    method: 'DELETE', path: '/v1/registrations/{id}', tag: 'registrations', summary: 'Withdraw a registration that is not approved yet',
    auth: 'session', idempotent: true, ifMatch: true, params: idParams,
    replies: { 200: r.writeReceipt }, problems: [...updateProblems, 'forbidden'],
  }),
  ...attachmentRoutes,
  transferOut: route({
    method: 'POST', path: '/v1/registrations/{id}/departure', tag: 'transfers', summary: '离职迁出: end a registration of the own unit, also at the request of another one',
    auth: 'session', idempotent: true, ifMatch: true, params: idParams, body: t.transferOutBody,
    replies: { 200: r.writeReceipt }, problems: [...updateProblems, 'registration-left', 'transfer-out-invalid', 'transfer-request-closed'],
  }),
  listTransferRequests: route({
    method: 'GET', path: '/v1/transfer-requests', tag: 'transfers', summary: 'Requests to and of the own unit; the unit that was asked is never named',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: t.transferRequests }, problems: [],
  }),
  askTransfer: route({
    method: 'POST', path: '/v1/transfer-requests', tag: 'transfers', summary: '申请迁入: ask the unit where a person is registered, whichever it is',
    auth: 'session', idempotent: true, ifMatch: false, body: t.transferAsk, replies: { 201: t.transferReceipt },
    problems: [...requestProblems, ...idCardNoProblems, 'registration-here', 'transfer-not-needed', 'transfer-already-asked', 'transfer-too-soon', 'transfer-too-many', 'too-many-requests'],
  }),
  // What waits can be closed once, by whoever comes first: that it still waits is the version that both go by.
  refuseTransfer: route({
    method: 'POST', path: '/v1/transfer-requests/{id}/refusal', tag: 'transfers', summary: 'Refuse a request to the own unit, with a reason that the other one reads',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: t.transferRefusal, replies: { 200: t.transferReceipt },
    problems: [...requestProblems, 'not-found', 'transfer-request-closed'],
  }),
  withdrawTransfer: route({
    method: 'POST', path: '/v1/transfer-requests/{id}/withdrawal', tag: 'transfers', summary: 'Withdraw a request of the own unit',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, replies: { 200: t.transferReceipt },
    problems: [...requestProblems, 'not-found', 'transfer-request-closed'],
  }),
  transferIn: route({
    method: 'POST', path: '/v1/transfer-ins', tag: 'transfers', summary: '迁入: what may be carried over of a person who has left their unit; who asks has to know the name',
    auth: 'session', idempotent: false, ifMatch: false, body: t.transferInRequest, replies: { 200: t.transferInReply },
    problems: [...idCardNoProblems, 'registration-here', 'registration-elsewhere', 'transfer-in-nothing', 'too-many-requests'],
  }),
  listReviewsOfRegistration: route({
    method: 'GET', path: '/v1/registrations/{id}/reviews', tag: 'registrations', summary: 'What was decided on one of the own registrations, newest first',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams,
    replies: { 200: review.reviewListResource }, problems: ['not-found'],
  }),
  searchPendingRegistrations: route({
    method: 'POST', path: '/v1/pending-registration-searches', tag: 'reviews', summary: 'What waits for a review, longest waiting first, by cursor',
    auth: 'session', idempotent: false, ifMatch: false, body: review.pendingSearchRequest,
    replies: { 200: review.pendingPage }, problems: ['forbidden', 'cursor-expired'],
  }),
  readPendingRegistration: route({
    method: 'GET', path: '/v1/pending-registrations/{id}', tag: 'reviews', summary: 'One registration that waits, whole, with its ETag; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams,
    replies: { 200: review.pendingResource }, problems: ['forbidden', 'not-found', 'review-done'],
  }),
  readPendingAttachment: route({
    method: 'GET', path: '/v1/pending-registrations/{id}/attachments/{attachmentId}/content', tag: 'reviews', summary: 'A photo or attachment of a registration that waits; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: v.strictObject({ id: r.idSchema, attachmentId: r.idSchema }), sendsBytes: true,
    replies: { 200: null }, problems: ['forbidden', 'not-found', 'review-done', 'attachment-damaged'],
  }),
  reviewRegistrations: route({
    method: 'POST', path: '/v1/registration-reviews', tag: 'reviews', summary: 'Up to 100 decisions, each applied once under its own key',
    // Each decision carries its own idempotency key and the version it is about, so the request as a whole needs neither.
    auth: 'session', idempotent: false, ifMatch: false, body: review.decisionsRequest,
    replies: { 200: review.decisionsReply }, problems: ['forbidden'],
  }),
  listDecidedReviews: route({
    method: 'GET', path: '/v1/registration-reviews', tag: 'reviews', summary: 'What the own unit decided, newest first, by cursor',
    auth: 'session', idempotent: false, ifMatch: false, query: review.decidedQuery,
    replies: { 200: review.decidedPage }, problems: ['forbidden', 'cursor-expired'],
  }),
  reportReveals: route({
    method: 'POST', path: '/v1/reveals', tag: 'reveals', summary: 'That masked numbers were looked at, each kept once under its own id',
    // Each report has an id of its own, under which it is kept once, so the request as a whole needs no key.
    auth: 'session', idempotent: false, ifMatch: false, body: reveal.revealsRequest, replies: { 204: null }, problems: [],
  }),
  searchReveals: route({
    method: 'POST', path: '/v1/reveal-searches', tag: 'reveals', summary: 'The log of the own unit, newest first, by cursor: for its 单位管理员',
    auth: 'session', idempotent: false, ifMatch: false, body: reveal.revealSearchRequest,
    replies: { 200: reveal.revealPage }, problems: ['forbidden', 'cursor-expired'],
  }),
  ...projectRoutes,
  ...posterCodeRoutes,
  ...identityCheckRoutes,
  ...bindingReviewRoutes,
  ...selfRegistrationRoutes,
  pushOperations: route({
    method: 'POST', path: '/v1/sync/push', tag: 'sync', summary: 'Up to 100 queued writes, each applied once under its own key',
    // Each operation carries its own idempotency key and base version, so the request as a whole needs neither.
    auth: 'session', idempotent: false, ifMatch: false, body: r.pushRequest,
    replies: { 200: r.pushReply }, problems: ['submission-not-signed', ...signatureProblems],
  }),
  pullChanges: route({
    method: 'GET', path: '/v1/changes', tag: 'sync', summary: 'What changed in the own unit since a cursor, removals included',
    auth: 'session', idempotent: false, ifMatch: false, query: r.changesQuery,
    replies: { 200: r.changesPage }, problems: ['cursor-expired'],
  }),
  // Behind every pull: a workstation leaves one open, so that what others do shows within seconds and no line is used for nothing.
  awaitNews: route({
    method: 'GET', path: '/v1/changes/news', tag: 'sync', summary: 'Whether there is anything to pull, answered as soon as there is',
    auth: 'session', idempotent: false, ifMatch: false, query: r.newsQuery,
    replies: { 200: r.newsResource }, problems: [],
  }),
} as const

export type CentralApi = typeof centralApi
export type RouteName = keyof CentralApi
