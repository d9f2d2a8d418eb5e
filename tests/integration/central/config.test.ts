import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDemoCa } from '../../../build/demo/demo-ca.ts'
import { readConfig, readStorageConfig } from '../../../central/config.ts'

describe('the settings of the central service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'central-config-'))
  const at = (file: string) => join(folder, file)
  let right: Record<string, string>
  beforeAll(async () => {
    const ca = await openDemoCa(at('ca'))
    const { certificateChainPem, privateKeyPem } = await ca.issueServerCertificate(['127.0.0.1'])
    writeFileSync(at('cert.pem'), certificateChainPem)
    writeFileSync(at('key.pem'), privateKeyPem)
    writeFileSync(at('cas.pem'), ca.trustBundlePem)
    writeFileSync(at('other.pem'), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(at('garbage.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    right = { CENTRAL_DATA: at('data'), CENTRAL_AUDIENCE: 'https://central.test', CENTRAL_TLS_CERT: at('cert.pem'), CENTRAL_TLS_KEY: at('key.pem'), CENTRAL_TRUSTED_CAS: at('cas.pem') }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const read = (changes: Record<string, string | undefined> = {}) => readConfig({ ...right, ...changes })
  const plain = { CENTRAL_TLS_CERT: undefined, CENTRAL_TLS_KEY: undefined, CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_AUDIENCE: 'http://127.0.0.1:8080' }
  const messageOf = (changes: Record<string, string | undefined>) => {
    try {
      read(changes)
      return 'accepted'
    } catch (error) {
      return (error as Error).message
    }
  }

  it('have defaults: SQLite, loopback, https, no switch on but the automatic approval', () => {
    expect(read()).toMatchObject({
      location: { kind: 'sqlite', path: join(right['CENTRAL_DATA'] ?? '', 'central.db') }, host: '127.0.0.1', port: 8443, audience: 'https://central.test', caNeedsPassword: false, submitNeedsSignature: false, approvesAutomatically: true, identityCheckRequired: true, trustedProxies: [],
      keysFile: join(right['CENTRAL_DATA'] ?? '', 'personal-keys.json'),
    })
    expect(read().tls).not.toBeNull()
  })

  it('take PostgreSQL from DATABASE_URL', () => {
    expect(read({ DATABASE_URL: 'postgresql://u@h/d' }).location).toEqual({ kind: 'postgresql', url: 'postgresql://u@h/d' })
    expect(readStorageConfig({ CENTRAL_DATA: '/x', DATABASE_URL: 'postgres://h/d', CENTRAL_KEYS: '/k' })).toEqual({ location: { kind: 'postgresql', url: 'postgres://h/d' }, keysFile: '/k' })
  })

  it('look for the approval system where they say, and nowhere by themselves', () => {
    writeFileSync(at('token'), 'abc-123\n')
    writeFileSync(at('two-lines'), 'abc\n123\n')
    expect(read().approvalFeed).toEqual({ folder: null, http: null, minutes: 5 })
    const url = 'https://approval.test/records'
    expect(read({ CENTRAL_FEED_FOLDER: at('drop'), CENTRAL_FEED_URL: url, CENTRAL_FEED_TOKEN: at('token'), CENTRAL_FEED_MINUTES: '1' }).approvalFeed).toEqual({ folder: at('drop'), http: { url, token: 'abc-123' }, minutes: 1 })
    for (const wrong of ['http://approval.test/', 'https://u:p@approval.test/', 'file:///etc', 'approval.test']) expect(messageOf({ CENTRAL_FEED_URL: wrong }), wrong).toMatch(/^CENTRAL_FEED_URL：/)
    for (const wrong of [{ CENTRAL_FEED_TOKEN: at('token') }, { CENTRAL_FEED_URL: url, CENTRAL_FEED_TOKEN: at('two-lines') }, { CENTRAL_FEED_URL: url, CENTRAL_FEED_TOKEN: at('none') }]) expect(messageOf(wrong)).toMatch(/^CENTRAL_FEED_TOKEN：/)
    expect(messageOf({ CENTRAL_FEED_MINUTES: '0' })).toMatch(/^CENTRAL_FEED_MINUTES：/)
  })

  it('lead posters to where workstations go, or to an address of their own that fits a QR code in capitals', () => {
    expect(read().posters).toEqual({ publicUrl: 'https://central.test', days: 180 })
    expect(read({ CENTRAL_PUBLIC_URL: 'https://register.test:8443', CENTRAL_POSTER_DAYS: '30' }).posters).toEqual({ publicUrl: 'https://register.test:8443', days: 30 })
    for (const wrong of ['http://register.test', 'https://register.test/w', 'https://[::1]', 'https://登记.test', 'register.test']) expect(messageOf({ CENTRAL_PUBLIC_URL: wrong }), wrong).toMatch(/^CENTRAL_PUBLIC_URL：/)
    for (const wrong of ['0', '10000', '半年']) expect(messageOf({ CENTRAL_POSTER_DAYS: wrong }), wrong).toMatch(/^CENTRAL_POSTER_DAYS：/)
  })

  it('count an empty one as absent', () => {
    expect(read({ DATABASE_URL: '', CENTRAL_PORT: '', CENTRAL_HOST: '' })).toMatchObject({ port: 8443, host: '127.0.0.1', location: { kind: 'sqlite' } })
  })

  it('allow plain http on loopback behind the flag, and only there', () => {
    expect(read(plain)).toMatchObject({ tls: null, audience: 'http://127.0.0.1:8080' })
    expect(messageOf({ ...plain, CENTRAL_ALLOW_PLAIN_HTTP: undefined })).toMatch(/^CENTRAL_TLS_CERT：/)
    for (const host of ['0.0.0.0', '::', '192.168.1.2', 'central.test']) expect(messageOf({ ...plain, CENTRAL_HOST: host })).toMatch(/^CENTRAL_HOST：/)
    // The flag allows; a certificate is still used where there is one.
    expect(read({ CENTRAL_ALLOW_PLAIN_HTTP: '1' }).tls).not.toBeNull()
  })

  it.each([
    ['CENTRAL_DATA', { CENTRAL_DATA: undefined }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://h/d' }],
    ['CENTRAL_PORT', { CENTRAL_PORT: '70000' }],
    ['CENTRAL_PORT', { CENTRAL_PORT: '80a' }],
    ['CENTRAL_AUDIENCE', { CENTRAL_AUDIENCE: undefined }],
    ['CENTRAL_AUDIENCE', { CENTRAL_AUDIENCE: 'central.test' }],
    ['CENTRAL_AUDIENCE', { CENTRAL_AUDIENCE: 'https://central.test/v1' }],
    ['CENTRAL_AUDIENCE', { CENTRAL_AUDIENCE: 'https://u:p@central.test' }],
    ['CENTRAL_AUDIENCE', { CENTRAL_AUDIENCE: 'http://central.test' }],
    ['CENTRAL_TLS_KEY', { CENTRAL_TLS_KEY: undefined }],
    ['CENTRAL_TLS_CERT', { CENTRAL_TLS_CERT: undefined }],
    ['CENTRAL_TLS_CERT', { CENTRAL_TLS_CERT: '/nowhere/cert.pem' }],
    ['CENTRAL_TLS_CERT', { CENTRAL_TLS_CERT: at('garbage.pem') }],
    ['CENTRAL_TLS_KEY', { CENTRAL_TLS_KEY: at('cert.pem') }],
    ['CENTRAL_TLS_KEY', { CENTRAL_TLS_KEY: at('other.pem') }],
    ['CENTRAL_ALLOW_PLAIN_HTTP', { CENTRAL_ALLOW_PLAIN_HTTP: 'yes' }],
    ['CENTRAL_TRUSTED_CAS', { CENTRAL_TRUSTED_CAS: undefined }],
    ['CENTRAL_TRUSTED_CAS', { CENTRAL_TRUSTED_CAS: at('key.pem') }],
    ['CENTRAL_TRUSTED_CAS', { CENTRAL_TRUSTED_CAS: at('garbage.pem') }],
    ['CENTRAL_REVOCATION', { CENTRAL_REVOCATION: '/nowhere/revocation.json' }],
    ['CENTRAL_REVOCATION', { CENTRAL_REVOCATION: at('cas.pem') }],
    ['CENTRAL_REVOCATION_GRACE', { CENTRAL_REVOCATION_GRACE: '1' }],
    ['CENTRAL_REVOCATION_GRACE', { CENTRAL_REVOCATION_GRACE: 'yes' }],
    ['CENTRAL_TRUSTED_PROXIES', { CENTRAL_TRUSTED_PROXIES: '10.0.0.1,proxy' }],
    ['CENTRAL_TRUSTED_PROXIES', { CENTRAL_TRUSTED_PROXIES: '10.0.0.0/33' }],
    ['CENTRAL_CA_NEEDS_PASSWORD', { CENTRAL_CA_NEEDS_PASSWORD: 'true' }],
    ['CENTRAL_SUBMIT_NEEDS_SIGNATURE', { CENTRAL_SUBMIT_NEEDS_SIGNATURE: 'true' }],
    ['CENTRAL_IDENTITY_CHECK', { CENTRAL_IDENTITY_CHECK: 'no' }],
    ['CENTRAL_APPROVES_AUTOMATICALLY', { CENTRAL_APPROVES_AUTOMATICALLY: 'no' }],
  ])('name %s in one Chinese line where it is %j', (name, changes) => {
    const message = messageOf(changes)
    expect(message).toMatch(new RegExp(`^${name}：[^\n]*[\u4e00-\u9fff][^\n]*$`))
    expect(message).not.toContain('BEGIN')
  })

  it('take the switches of the operator, which are off where nothing is said', () => {
    expect(read({ CENTRAL_CA_NEEDS_PASSWORD: '1', CENTRAL_SUBMIT_NEEDS_SIGNATURE: '1', CENTRAL_APPROVES_AUTOMATICALLY: '0', CENTRAL_IDENTITY_CHECK: 'not-required' })).toMatchObject({ caNeedsPassword: true, submitNeedsSignature: true, approvesAutomatically: false, identityCheckRequired: false })
    expect(read({ CENTRAL_CA_NEEDS_PASSWORD: '', CENTRAL_SUBMIT_NEEDS_SIGNATURE: '0' })).toMatchObject({ caNeedsPassword: false, submitNeedsSignature: false })
  })

  it('take places to ask about revocation, for pinned CAs by their fingerprints, and the grace beside them', () => {
    const [issuer = ''] = read().trust.authorities.map(({ sha256 }) => sha256)
    const write = (content: unknown) => writeFileSync(at('revocation.json'), JSON.stringify(content))
    write([{ issuer, ocsp: 'http://ocsp.test/' }])
    expect(read().revocation).toBeNull()
    const sources = new Map([[issuer, { ocsp: 'http://ocsp.test/', crl: null }]])
    expect(read({ CENTRAL_REVOCATION: at('revocation.json') }).revocation).toEqual({ sources, grace: false })
    expect(read({ CENTRAL_REVOCATION: at('revocation.json'), CENTRAL_REVOCATION_GRACE: '1' }).revocation).toEqual({ sources, grace: true })
    write([{ issuer: 'a'.repeat(64), ocsp: 'http://ocsp.test/' }])
    expect(messageOf({ CENTRAL_REVOCATION: at('revocation.json') })).toBe(`CENTRAL_REVOCATION：${at('revocation.json')} 第1项：issuer不是CENTRAL_TRUSTED_CAS中的证书`)
  })

  it('take proxies as addresses and ranges', () => {
    expect(read({ CENTRAL_TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16 ,::1' }).trustedProxies).toEqual(['10.0.0.1', '192.168.0.0/16', '::1'])
  })
})
