import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { x509, type CertificateShape } from '../../support/certificates.ts'
import { makeAnswer, makeResponder, maySign, noCheck, ocspSigning, type Signer } from '../../support/ocsp-answers.ts'
import { makeList, type ListShape } from '../../support/revocation-lists.ts'
import { startRevocationRig, type RevocationRig } from '../../support/revocation-rig.ts'
import { startSource, type Source } from '../../support/revocation-source.ts'
import { openRevokingCa, pemOf } from '../../support/revoking-ca.ts'

const days = (count: number) => new Date(Date.now() + count * 24 * 3600_000)
const withoutNoCheck: CertificateShape = { extensions: [maySign, ocspSigning] }
const unchecked = 'responder may be revoked: neither nocheck nor short-lived, and no list named'

describe('a responder that the CA has certified', () => {
  let rig: RevocationRig
  let ocsp: Source
  let list: Source
  beforeEach(async () => {
    rig = await startRevocationRig()
    ocsp = await startSource(() => undefined)
    list = await startSource(() => makeList(rig.ca))
  })
  afterEach(async () => {
    await ocsp?.close()
    await list?.close()
    await rig?.close()
  })

  const certify = (shape: CertificateShape) => makeResponder(rig.ca, shape)
  const answerBy = (responder: Signer) => void (ocsp.reply = (request) => makeAnswer(request, responder, { certificates: [responder.der] }))
  const serialOf = ({ der }: Signer) => readCertificate(der).serialNumber
  const listed = (...serials: Signer[]) => makeList(rig.ca, { serials: serials.map(serialOf) })
  const reasons = () => rig.log.map(({ source, reason }) => `${String(source)}: ${String(reason)}`)
  const asked = (sources: { crl?: string } = {}, patience = { ocsp: 5_000, crl: 3_000 }) => rig.checker({ ocsp: ocsp.url, ...sources }, { patience })

  it.each<[string, CertificateShape]>([
    ['and vouches for (nocheck)', { extensions: [maySign, ocspSigning, noCheck] }],
    ['for a week, which is over before a list would tell', { ...withoutNoCheck, notBefore: days(-3), notAfter: days(4) }],
  ])('%s is believed without asking anybody', async (_how, shape) => {
    answerBy(await certify(shape))
    expect(await rig.statusOf(asked({ crl: list.url }))).toBe('good')
    expect(list.asked).toBe(0)
  })

  it.each<[string, CertificateShape]>([
    ['for a year', withoutNoCheck],
    ['for a week and a minute', { ...withoutNoCheck, notBefore: days(-3), notAfter: days(4 + 1 / 1440) }],
    ['with a nocheck whose value is not the one of the standard', { extensions: [maySign, ocspSigning, new x509.Extension(noCheck.type, false, Uint8Array.of(1, 1, 0))] }],
  ])('%s is not believed where the operator has named no list to look it up in', async (_how, shape) => {
    answerBy(await certify(shape))
    expect(await rig.statusOf(asked())).toBe('unknown')
    expect(reasons()).toEqual([`ocsp: ${unchecked}`])
  })

  it('is looked up in the list of that CA, and believed where it is not in it', async () => {
    answerBy(await certify(withoutNoCheck))
    list.reply = () => listed(rig.lock)
    // Good by the responder, who knows better than a list of an hour ago; so it was not the list that let it in.
    expect(await rig.statusOf(asked({ crl: list.url }))).toBe('good')
    expect([reasons(), list.asked]).toEqual([[], 1])
  })

  it('and has taken back is not believed, whatever it says: the list decides about the lock', async () => {
    const responder = await certify(withoutNoCheck)
    answerBy(responder)
    list.reply = () => listed(responder)
    expect(await rig.statusOf(asked({ crl: list.url }))).toBe('good')
    expect(reasons()).toEqual(['ocsp: responder revoked'])
    list.reply = () => listed(responder, rig.lock)
    expect(await rig.statusOf(asked({ crl: list.url }))).toBe('revoked')
  })

  it('and has taken back stays so where an older list is played back to a service that has just started', async () => {
    const responder = await certify(withoutNoCheck)
    answerBy(responder)
    list.reply = () => makeList(rig.ca, { serials: [serialOf(responder)], thisUpdate: days(-0.1) })
    await rig.statusOf(asked({ crl: list.url }))
    list.reply = () => makeList(rig.ca, { thisUpdate: days(-0.5) })
    await rig.statusOf(asked({ crl: list.url }))
    expect(reasons()).toEqual(['ocsp: responder revoked', 'ocsp: responder revoked'])
  })

  it.each<[string, ListShape, string]>([
    ['out of date', { nextUpdate: days(-0.1) }, 'list out of date'],
    ['that does not say how long it holds', { nextUpdate: null }, 'list without nextUpdate'],
  ])('is not believed where the list is one %s', async (_how, shape, reason) => {
    answerBy(await certify(withoutNoCheck))
    list.reply = () => makeList(rig.ca, shape)
    expect(await rig.statusOf(asked({ crl: list.url }))).toBe('unknown')
    expect(reasons()).toEqual([`ocsp: responder may be revoked: ${reason}`, `crl: ${reason}`])
  })

  it('is not believed where the list does not come, and nobody waits for that twice', async () => {
    answerBy(await certify(withoutNoCheck))
    list.reply = () => undefined
    const started = performance.now()
    expect(await rig.statusOf(asked({ crl: list.url }, { ocsp: 5_000, crl: 2_000 }))).toBe('unknown')
    expect(performance.now() - started).toBeLessThan(3_900)
    expect([reasons(), list.asked]).toEqual([['ocsp: responder may be revoked: list takes too long', 'crl: list takes too long'], 1])
  })
})

it('a responder and a list of OpenSSL: believed until the list names the responder', async () => {
  const rig = await startRevocationRig()
  const openssl = openRevokingCa(pemOf(rig.ca))
  try {
    const { der, keys } = await makeResponder(rig.ca, withoutNoCheck)
    openssl.set(rig.lock.der, 'V')
    openssl.set(der, 'V')
    const { url } = await openssl.startResponder({ signer: { certificate: new X509Certificate(der).toString(), key: pemOf({ ...rig.ca, keys }).key } })
    const crl = join(openssl.folder, 'list.crl')
    writeFileSync(crl, openssl.makeList())
    expect([await rig.statusOf(rig.checker({ ocsp: url, crl })), rig.log]).toEqual(['good', []])
    openssl.set(der, 'R')
    writeFileSync(crl, openssl.makeList())
    expect([await rig.statusOf(rig.checker({ ocsp: url, crl })), rig.reason()]).toEqual(['good', 'responder revoked'])
  } finally {
    await openssl.close()
    await rig.close()
  }
})
