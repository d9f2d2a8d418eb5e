import type { CentralHttp } from './central-http.ts'
import type { CentralUnit } from './central-port.ts'

/** 企业基本信息 at the central service of this product. */
export function createUnitClient(http: CentralHttp): CentralUnit {
  const once = (key: string) => ({ 'idempotency-key': key })
  const seen = (version: number, key: string) => ({ ...once(key), 'if-match': `"${version}"` })
  return {
    patchOrganization: async (changes, version, key) => (await http.call('patchOrganization', { body: { changes }, headers: seen(version, key) })).value.version,
    listAccounts: async () => (await http.call('listAccounts', {})).value,
    createAccount: async (account, key) => void (await http.call('createAccount', { body: account, headers: once(key) })),
    patchAccount: async (id, version, changes, key) => void (await http.call('patchAccount', { params: { id }, body: { changes }, headers: seen(version, key) })),
    resetAccountPassword: async (id, version, password, key) => void (await http.call('resetAccountPassword', { params: { id }, body: { password }, headers: seen(version, key) })),
    listCertificates: async () => (await http.call('listCertificates', {})).value,
    bindAccount: async (id, accountId, key) => void (await http.call('bindAccount', { params: { id }, body: { accountId }, headers: once(key) })),
    releaseAccount: async (id, accountId, key) => void (await http.call('releaseAccount', { params: { id }, body: { accountId }, headers: once(key) })),
  }
}
