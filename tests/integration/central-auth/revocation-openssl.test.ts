import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate, type Certificate } from '../../../central/auth/ca/certificate.ts'
import { makeAuthority, makeKeys, makeLeaf, p256, rsa } from '../../support/certificates.ts'
import { makeResponder } from '../../support/ocsp-answers.ts'
import { read, startRevocationRig, type RevocationRig } from '../../support/revocation-rig.ts'
import { makeSm2Certificates, openRevokingCa, pemOf, sm2Options, sm2Responder, type PemPair, type ResponderOptions, type RevokingCa } from '../../support/revoking-ca.ts'

interface Held {
  /** The CA's own OpenSSL. */
  openssl: RevokingCa
  responder: ResponderOptions
  listOptions: readonly string[]
  issuers: readonly Certificate[]
  newLock: () => Promise<Buffer>
}

const derOf = ({ certificate }: PemPair) => new X509Certificate(certificate).raw

const kinds: Record<string, (rig: RevocationRig) => Promise<Held>> = {
  'P-256': (rig) => ofKeys(rig, p256),
  'RSA-2048': (rig) => ofKeys(rig, rsa()),
  'SM2': async () => {
    const { root, ca, lock } = makeSm2Certificates()
    const issuers = [readCertificate(derOf(ca)), readCertificate(derOf(root))]
    return { openssl: openRevokingCa(ca), responder: { more: sm2Responder }, listOptions: sm2Options, issuers, newLock: async () => derOf(lock) }
  },
}

async function ofKeys({ root }: RevocationRig, algorithm: typeof p256 | ReturnType<typeof rsa>): Promise<Held> {
  const ca = await makeAuthority({ pathLength: 0, keys: await makeKeys(algorithm) }, root)
  return { openssl: openRevokingCa(pemOf(ca)), responder: {}, listOptions: [], issuers: [read(ca), read(root)], newLock: async () => (await makeLeaf(ca)).der }
}

describe.each(Object.keys(kinds))('a CA of OpenSSL with a key of %s', (kind) => {
  let rig: RevocationRig
  let held: Held
  let lock: Buffer
  beforeEach(async () => {
    rig = await startRevocationRig()
    held = await (kinds[kind] ?? kinds['P-256']!)(rig)
    lock = await held.newLock()
  })
  afterEach(async () => {
    await held?.openssl.close()
    await rig?.close()
  })

  /** Asked by a service that has just been started. */
  const statusOf = (source: { ocsp?: string; crl?: string }) => {
    const [ca] = held.issuers
    const sources = new Map([[ca?.sha256 ?? '', { ocsp: null, crl: null, ...source }]])
    return rig.checker(null, { sources }).statusOf(readCertificate(lock), held.issuers, 'login')
  }
  const listFile = (...options: string[]) => {
    const file = join(held.openssl.folder, 'list.crl')
    writeFileSync(file, held.openssl.makeList([...(options.length > 0 ? options : ['-crldays', '1']), ...held.listOptions]))
    return file
  }

  it('tells by OCSP of a good, a revoked and an unknown certificate', async () => {
    const { url } = await held.openssl.startResponder(held.responder)
    expect([await statusOf({ ocsp: url }), rig.reason()]).toEqual(['unknown', 'responder does not know the certificate'])
    held.openssl.set(lock, 'V')
    const knowing = await held.openssl.startResponder({ ...held.responder, minutes: 5 })
    expect(await statusOf({ ocsp: knowing.url })).toBe('good')
    held.openssl.set(lock, 'R')
    expect(await statusOf({ ocsp: (await held.openssl.startResponder(held.responder)).url })).toBe('revoked')
  })

  it('tells by a list of a good and a revoked certificate', async () => {
    held.openssl.set(lock, 'V')
    expect(await statusOf({ crl: listFile() })).toBe('good')
    held.openssl.set(lock, 'R')
    expect(await statusOf({ crl: listFile() })).toBe('revoked')
  })

  it('whose list is stale tells nothing, revoked or not', async () => {
    const stale = listFile('-crl_lastupdate', '20250101000000Z', '-crl_nextupdate', '20250102000000Z')
    expect([await statusOf({ crl: stale }), rig.reason()]).toEqual(['unknown', 'list out of date'])
  })

  it('that is killed leaves its list to answer', async () => {
    const { url, stop } = await held.openssl.startResponder(held.responder)
    await stop()
    held.openssl.set(lock, 'R')
    expect(await statusOf({ ocsp: url, crl: listFile() })).toBe('revoked')
  })
})

it('a responder of OpenSSL that the CA has certified answers for it, and one of another CA does not', async () => {
  const rig = await startRevocationRig()
  const openssl = openRevokingCa(pemOf(rig.ca))
  openssl.set(rig.lock.der, 'V')
  const pairOf = async (issuer: typeof rig.ca): Promise<PemPair> => {
    const { der, keys } = await makeResponder(issuer)
    return { certificate: new X509Certificate(der).toString(), key: pemOf({ ...issuer, keys }).key }
  }
  const own = await openssl.startResponder({ signer: await pairOf(rig.ca) })
  expect(await rig.statusOf(rig.checker({ ocsp: own.url }))).toBe('good')
  const strange = await openssl.startResponder({ signer: await pairOf(await makeAuthority({}, rig.root)) })
  expect([await rig.statusOf(rig.checker({ ocsp: strange.url })), rig.reason()]).toEqual(['unknown', 'responder not certified by the CA asked about'])
  await openssl.close()
  await rig.close()
})
