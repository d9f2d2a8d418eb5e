import type { CentralHttp } from './central-http.ts'
import type { CentralSelfRegistrations } from './central-port.ts'

/** 扫码登记 of our own central service. */
export function createSelfRegistrationsClient(http: CentralHttp): CentralSelfRegistrations {
  return {
    listSelfRegistrations: async (projectId) => (await http.call('listSelfRegistrations', { query: { projectId } })).value.items,
    readSelfRegistration: async (id) => (await http.call('readSelfRegistration', { params: { id } })).value,
    readSelfRegistrationPhoto: (id, photo) => http.download('readSelfRegistrationPhoto', { params: { id, photo } }),
    settleSelfRegistration: async (id, body, key) => void (await http.call('settleSelfRegistration', { params: { id }, body, headers: { 'idempotency-key': key } })),
  }
}
