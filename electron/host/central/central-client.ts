import { longestNewsWait } from '../../../shared/api/resources.ts'
import { caLoginFormat } from '../../../shared/domain/ca-login-bytes.ts'
import type { WorkstationConfig } from '../ports.ts'
import { createAttachmentsClient } from './attachments-client.ts'
import { createCentralHttp } from './central-http.ts'
import { createBindingReviewsClient } from './binding-reviews-client.ts'
import type { CentralAttachments, CentralBindingReviews, CentralIdentityChecks, CentralPort, CentralPosters, CentralProjects, CentralSelfRegistrations, CentralUnit } from './central-port.ts'
import { createPostersClient } from './posters-client.ts'
import { createSelfRegistrationsClient } from './self-registrations-client.ts'
import { createProjectsClient } from './projects-client.ts'
import { createUnitClient } from './unit-client.ts'

export interface CentralClient extends CentralPort, CentralAttachments, CentralUnit, CentralProjects, CentralBindingReviews, CentralIdentityChecks, CentralPosters, CentralSelfRegistrations {
  close(): void
}

export interface CentralClientOptions {
  /** ms for an ordinary call. */
  timeout?: number
  /** ms for a whole push or pull. */
  patience?: number
}

/** A clerk waits for the answer, and work goes on without it. */
const briefly = 4_000
/** A sign-in and a submission may each have a challenge open. */
const openChallenges = 4
/** ms that an answer may take beyond the time that it was asked to be held back. */
const beyondWait = 10_000
/** A hundred forms over a poor line. */
const patiently = 60_000

/** The central service of this product behind CentralPort. */
export function createCentralClient(config: WorkstationConfig, deviceId: () => string, options: CentralClientOptions = {}): CentralClient {
  const { timeout, patience = patiently } = options
  let token: string | null = null
  /** By challenge: ties it to this connection; the central service wants it back with the signature. */
  const challengeCookies = new Map<string, string>()
  const http = createCentralHttp(config, {
    ...(timeout === undefined ? {} : { timeout }),
    headers: () => ({ 'device-id': deviceId(), ...(token === null ? {} : { authorization: `Bearer ${token}` }) }),
  })

  function cookieOf({ cid }: { cid: string }): Record<string, string> {
    const cookie = challengeCookies.get(cid)
    challengeCookies.delete(cid)
    return cookie ? { cookie } : {}
  }

  return {
    audience: http.origin,
    createChallenge: async (device) => {
      const { value, headers } = await http.call('createChallenge', { body: { deviceId: device } })
      // What was never answered has long expired.
      for (const cid of [...challengeCookies.keys()].slice(0, 1 - openChallenges)) challengeCookies.delete(cid)
      challengeCookies.set(value.cid, (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; '))
      return { cid: value.cid, nonce: value.nonce }
    },
    signInWithCaKey: async (proof) => {
      return (await http.call('signInWithCaKey', { body: { fmt: caLoginFormat, ...proof }, headers: cookieOf(proof) })).value
    },
    chooseAccount: async (choice) => (await http.call('chooseAccount', { body: choice })).value,
    signInWithPassword: async (input) => (await http.call('signInWithPassword', { body: input })).value,
    useSession: (next) => void (token = next),
    changePassword: async (change) => void (await http.call('changePassword', { body: change })),
    suspendSession: async () => void (await http.call('suspendSession', {})),
    endSession: async () => void (await http.call('endSession', {})),
    readOrganization: async () => (await http.call('readOrganization', { patience: briefly })).value,
    checkIdCardNo: async (idCardNo) => (await http.call('checkIdCardNo', { body: { idCardNo }, patience: briefly })).value,
    transferRequests: async () => (await http.call('listTransferRequests', { patience: briefly })).value,
    askTransfer: async (wanted, key) => (await http.call('askTransfer', { body: wanted, headers: { 'idempotency-key': key } })).value,
    refuseTransfer: async (id, words, key) => (await http.call('refuseTransfer', { params: { id }, body: { words }, headers: { 'idempotency-key': key } })).value,
    withdrawTransfer: async (id, key) => (await http.call('withdrawTransfer', { params: { id }, headers: { 'idempotency-key': key } })).value,
    transferIn: async (wanted) => (await http.call('transferIn', { body: wanted, patience: briefly })).value.values,
    readRegistration: async (id, signal) => (await http.call('readRegistration', { params: { id }, signal })).value,
    push: async (operations, signal, proof) => {
      const signed = proof ? { body: { operations, proof: { fmt: caLoginFormat, ...proof } }, headers: cookieOf(proof) } : { body: { operations } }
      return (await http.call('pushOperations', { ...signed, patience, signal })).value
    },
    searchPending: async (body) => (await http.call('searchPendingRegistrations', { body })).value,
    readPending: async (id) => (await http.call('readPendingRegistration', { params: { id } })).value,
    readPendingAttachment: (id, attachmentId, signal) => http.download('readPendingAttachment', { params: { id, attachmentId }, signal }),
    decide: async (decisions) => (await http.call('reviewRegistrations', { body: { decisions }, patience })).value,
    listDecided: async (cursor) => (await http.call('listDecidedReviews', cursor === null ? {} : { query: { cursor } })).value,
    listReviewsOf: async (id) => (await http.call('listReviewsOfRegistration', { params: { id }, patience: briefly })).value,
    reportReveals: async (reveals, signal) => void (await http.call('reportReveals', { body: { reveals }, signal })),
    searchReveals: async (body) => (await http.call('searchReveals', { body })).value,
    pull: async ({ after, epoch, limit }, signal) => {
      const query = { after: String(after), limit: String(limit), ...(epoch === null ? {} : { epoch }) }
      return (await http.call('pullChanges', { query, patience, signal })).value
    },
    awaitNews: async ({ after, bindings }, signal) => {
      const query = { after: String(after), wait: String(longestNewsWait), ...(bindings === null ? {} : { bindings }) }
      const patience = longestNewsWait * 1_000 + beyondWait
      return (await http.call('awaitNews', { query, patience, silence: patience, signal })).value
    },
    ...createAttachmentsClient(http),
    ...createUnitClient(http),
    ...createProjectsClient(http),
    ...createBindingReviewsClient(http),
    ...createPostersClient(http),
    ...createSelfRegistrationsClient(http),
    close: () => http.close(),
  }
}

