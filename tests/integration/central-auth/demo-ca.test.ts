import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDemoCa, type DemoCa } from '../../../build/demo/demo-ca.ts'

const directory = mkdtempSync(join(tmpdir(), 'demo-ca-'))
let ca: DemoCa
beforeAll(async () => {
  ca = await openDemoCa(directory)
})
afterAll(() => rmSync(directory, { recursive: true }))

const spkiOf = (type: 'rsa' | 'ec') => {
  const { publicKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
}

describe('the demo CA', () => {
  it('keeps its keys in files that only their owner can read', () => {
    for (const name of ['root.key', 'intermediate.key']) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  })

  it('is the same authority when it is opened again', async () => {
    expect((await openDemoCa(directory)).trustBundlePem).toBe(ca.trustBundlePem)
  })

  it('makes a new intermediate where the root was lost', async () => {
    const other = mkdtempSync(join(tmpdir(), 'demo-ca-'))
    const before = await openDemoCa(other)
    rmSync(join(other, 'root.crt'))
    const after = await openDemoCa(other)
    expect(after.intermediatePem).not.toBe(before.intermediatePem)
    expect(new X509Certificate(after.intermediatePem).verify(new X509Certificate(after.rootPem).publicKey)).toBe(true)
    rmSync(other, { recursive: true })
  })

  it.each(['rsa', 'ec'] as const)('issues %s certificates that OpenSSL verifies up to the root', async (type) => {
    const der = await ca.issueSigningCertificate({ publicKeySpki: spkiOf(type), company: '上海甲修缮有限公司', organizationCode: '91310000MA1FL0AA0X' })
    const files = { root: ca.rootPem, intermediate: ca.intermediatePem, leaf: new X509Certificate(der).toString() }
    for (const [name, pem] of Object.entries(files)) writeFileSync(join(directory, `${name}.pem`), pem)
    const verify = ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', 'root.pem', '-untrusted', 'intermediate.pem', 'leaf.pem']
    expect(execFileSync('openssl', verify, { cwd: directory, encoding: 'utf8' })).toContain('leaf.pem: OK')
    expect(new X509Certificate(der).subject).toContain('O=上海甲修缮有限公司')
  })

  it('issues server certificates that Node accepts by name and by address with the root alone', async () => {
    const { certificateChainPem, privateKeyPem } = await ca.issueServerCertificate(['localhost', '127.0.0.1'])
    const server = createServer({ cert: certificateChainPem, key: privateKeyPem }, (_request, response) => response.end('ok')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    for (const host of ['localhost', '127.0.0.1']) {
      const request = get({ host, port, family: 4, ca: [ca.rootPem], agent: false })
      const [response] = (await once(request, 'response')) as [{ statusCode: number; resume(): void }]
      response.resume()
      expect(response.statusCode).toBe(200)
    }
    server.close()
  })
})
