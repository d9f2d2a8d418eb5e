import type { CentralHttp } from './central-http.ts'
import type { CentralPosters } from './central-port.ts'

/** 项目二维码 of our own central service. */
export function createPostersClient(http: CentralHttp): CentralPosters {
  return {
    issuePosterCodes: async (wanted, key) => (await http.call('issuePosterCodes', { body: wanted, headers: { 'idempotency-key': key } })).value,
    reissuePosterCode: async (seen, key) => void (await http.call('reissuePosterCode', { body: seen, headers: { 'idempotency-key': key } })),
    revokePosterCode: async (seen, key) => void (await http.call('revokePosterCode', { body: seen, headers: { 'idempotency-key': key } })),
  }
}
