import type { CentralHttp } from './central-http.ts'
import type { CentralBindingReviews, CentralIdentityChecks } from './central-port.ts'

/** ms: many decisions are one long transaction. */
const patience = 60_000

/** 项目人员登记绑定审核 and 身份核验 of our own central service. */
export function createBindingReviewsClient(http: CentralHttp): CentralBindingReviews & CentralIdentityChecks {
  return {
    searchReviewedProjects: async (body) => (await http.call('searchReviewedProjects', { body })).value,
    searchReviewedPeople: async (body) => (await http.call('searchReviewedPeople', { body })).value,
    readReviewedBinding: async (id) => (await http.call('readReviewedBinding', { params: { id } })).value,
    readReviewedBindingAttachment: (id, attachmentId, signal) => http.download('readReviewedBindingAttachment', { params: { id, attachmentId }, signal }),
    decideBindings: async (decisions) => (await http.call('decideBindings', { body: { decisions: [...decisions] }, patience })).value.results,
    listWaitingIdentityChecks: async () => (await http.call('listWaitingIdentityChecks', {})).value.items,
    identityChecksOf: async (id) => (await http.call('listIdentityChecksOfRegistration', { params: { id } })).value,
    beginIdentityCheck: async (id, body, key) => (await http.call('beginIdentityCheck', { params: { id }, body, headers: { 'idempotency-key': key } })).value,
    finishIdentityCheck: async (id, body, key) => (await http.call('finishIdentityCheck', { params: { id }, body, headers: { 'idempotency-key': key } })).value,
  }
}
