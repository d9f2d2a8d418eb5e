import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { readRevocationList } from '../../../central/auth/ca/revocation/revocation-list.ts'
import { makeAuthority, makeLeaf, x509 } from '../../support/certificates.ts'
import { extension, makeAnswer, signerOf } from '../../support/ocsp-answers.ts'
import { makeList, type ListShape } from '../../support/revocation-lists.ts'
import { read, startRevocationRig, type RevocationRig } from '../../support/revocation-rig.ts'
import { startSource, type Source } from '../../support/revocation-source.ts'

const hours = (count: number) => new Date(Date.now() + count * 3600_000)
const nothing = Buffer.of(5, 0)

describe('a revocation list', () => {
  let rig: RevocationRig
  let source: Source
  beforeEach(async () => {
    rig = await startRevocationRig()
    source = await startSource(() => makeList(rig.ca))
  })
  afterEach(async () => {
    await source?.close()
    await rig?.close()
  })

  const serialOf = ({ der }: { der: Buffer }) => readCertificate(der).serialNumber
  const revokesLock = () => makeList(rig.ca, { serials: [Buffer.of(7), serialOf(rig.lock)] })
  const statusOn = (list: Buffer) => {
    source.reply = () => list
    return rig.statusOf(rig.checker({ crl: source.url }))
  }

  it.each<[string, ListShape]>([
    ['without entries', {}],
    ['that names others', { serials: [Buffer.of(7), Buffer.of(8)] }],
    ['of version 1', { version: null, serials: [Buffer.of(7)] }],
    ['with a number and a reason for each entry', { serials: [Buffer.of(7)], entryExtensions: [extension('2.5.29.21', Buffer.of(10, 1, 1))], extensions: [extension('2.5.29.20', Buffer.of(2, 1, 9))] }],
  ])('%s lets a lock in that it does not name', async (_how, shape) => {
    expect(await statusOn(makeList(rig.ca, shape))).toBe('good')
  })

  it('that names a lock refuses it', async () => {
    expect(await statusOn(revokesLock())).toBe('revoked')
  })

  it('is read from a file as well, of a size that it may have, and from nothing else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revocation-list-'))
    const file = join(folder, 'ca.crl')
    const asked = rig.checker({ crl: file })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    writeFileSync(join(folder, 'huge'), '')
    truncateSync(join(folder, 'huge'), 16 * 1024 * 1024 + 1)
    expect([await rig.statusOf(asked), rig.reason()]).toEqual(['unknown', 'ENOENT'])
    writeFileSync(file, revokesLock())
    expect(await rig.statusOf(asked)).toBe('revoked')
    for (const strange of [folder, join(folder, 'pipe'), join(folder, 'huge')]) {
      expect([await rig.statusOf(rig.checker({ crl: strange })), rig.reason()]).toEqual(['unknown', 'not a file of at most 16777216 bytes'])
    }
    rmSync(folder, { recursive: true })
  })

  it.each<[string, ListShape, string]>([
    ['past its nextUpdate', { nextUpdate: hours(-0.001) }, 'list out of date'],
    ['that does not say how long it holds', { nextUpdate: null }, 'list without nextUpdate'],
    ['from the future', { thisUpdate: hours(0.1) }, 'list from the future'],
    ['signed with SHA-1', { algorithm: { oid: '1.2.840.10045.4.1', hash: 'sha1' } }, 'list not signed by its CA'],
    ['changed after it was signed', { serials: [Buffer.of(7)], forge: (signed) => Buffer.concat([signed.subarray(0, -1), Buffer.of(0x5b)]) }, 'list not signed by its CA'],
    ['that says one algorithm inside and another outside', { innerAlgorithm: '1.2.840.10045.4.3.3' }, 'not DER: two signature algorithms'],
    ['of a version that there is not', { version: 2 }, 'not DER: version of a revocation list'],
    ['of version 1 with extensions', { version: null, extensions: [extension('2.5.29.20', Buffer.of(2, 1, 9))] }, 'not DER: revocation list'],
    ['with a critical extension', { extensions: [extension('1.2.3.4', nothing, true)] }, 'list with a critical extension'],
    ['of a part of the certificates', { extensions: [extension('2.5.29.28', Buffer.of(0x30, 0), true)] }, 'list with a critical extension'],
    ['of a part of the certificates that does not call that critical', { extensions: [extension('2.5.29.28', Buffer.of(0x30, 0))] }, 'list that is only a part'],
    ['of changes since another', { extensions: [extension('2.5.29.27', Buffer.of(2, 1, 1), true)] }, 'list with a critical extension'],
    ['of changes since another that does not call that critical', { extensions: [extension('2.5.29.27', Buffer.of(2, 1, 1))] }, 'list that is only a part'],
    ['whose entries are of other CAs', { serials: [Buffer.of(7)], entryExtensions: [extension('2.5.29.29', Buffer.of(0x30, 0), true)] }, 'list with a critical extension'],
    ['with a number that is not in its shortest form', { serials: [Buffer.of(0, 7)] }, 'not DER: integer not in its shortest form'],
  ])('%s is no answer', async (_how, shape, reason) => {
    expect([await statusOn(makeList(rig.ca, shape)), rig.reason()]).toEqual(['unknown', reason])
  })

  it('of another CA is no answer, under its own name or under ours', async () => {
    expect([await statusOn(makeList(rig.root)), rig.reason()]).toEqual(['unknown', 'list of another CA'])
    expect([await statusOn(makeList(rig.root, { named: rig.ca })), rig.reason()]).toEqual(['unknown', 'list not signed by its CA'])
  })

  it('of a CA that may not sign lists is no answer', async () => {
    const extensions = [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)]
    const mute = await makeAuthority({ extensions }, rig.root)
    await expect(readRevocationList(makeList(mute), read(mute))).rejects.toThrow('the CA may not sign lists')
  })

  it('in PEM, with a byte more or cut short is no answer', async () => {
    const list = makeList(rig.ca)
    expect(await statusOn(Buffer.concat([list, Buffer.alloc(1)]))).toBe('unknown')
    expect(await statusOn(list.subarray(0, -1))).toBe('unknown')
    expect(await statusOn(Buffer.from(`-----BEGIN X509 CRL-----\n${list.toString('base64')}\n-----END X509 CRL-----\n`))).toBe('unknown')
    expect(await statusOn(Buffer.alloc(0))).toBe('unknown')
  })

  it('with a bit flipped in any one of its octets is no answer', async () => {
    const list = makeList(rig.ca, { serials: [Buffer.of(7)] })
    for (let at = 0; at < list.length; at++) {
      const flipped = Buffer.from(list)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << at % 8)
      expect(await readRevocationList(flipped, read(rig.ca)).then(() => 'read', () => 'refused'), `octet ${at}`).toBe('refused')
    }
  })

  it('of more than 16 MB is not read to its end', async () => {
    source.reply = (_request, response) => {
      const write = () => {
        while (!response.destroyed) if (!response.write(Buffer.alloc(1 << 20, 0x30))) return void response.once('drain', write)
      }
      write()
    }
    expect([await rig.statusOf(rig.checker({ crl: source.url }, { patience: { ocsp: 5_000, crl: 20_000 } })), rig.reason()]).toEqual(['unknown', 'more than 16777216 bytes'])
  })

  it('that redirects is no answer, and nobody follows it inward', async () => {
    const inside = await startSource(() => makeList(rig.ca))
    source.reply = (_request, response) => void response.writeHead(302, { location: inside.url }).end()
    expect(await rig.statusOf(rig.checker({ crl: source.url }))).toBe('unknown')
    expect(inside.asked).toBe(0)
    await inside.close()
  })

  it('of 200,000 entries is read without holding everything up for long', async () => {
    const serials = Array.from({ length: 200_000 }, (_, index) => Buffer.from([1, index >> 16, (index >> 8) & 0xff, index & 0xff]))
    const list = makeList(rig.ca, { serials: [...serials, serialOf(rig.lock)] })
    let [longest, reading] = [0, true]
    const started = performance.now()
    const done = turn().then(() => readRevocationList(list, read(rig.ca))).finally(() => (reading = false))
    for (let last = performance.now(); reading; last = performance.now()) {
      await turn()
      longest = Math.max(longest, performance.now() - last)
    }
    const { has } = await done
    expect([has(serialOf(rig.lock)), has(Buffer.of(1, 1, 2, 3)), has(Buffer.of(2, 1, 2, 3))]).toEqual([true, true, false])
    expect(longest).toBeLessThan((performance.now() - started) / 4)
  })

  describe('beside OCSP', () => {
    it('is asked only where OCSP gives no usable answer', async () => {
      const ocsp = await startSource((request) => makeAnswer(request, signerOf(rig.ca)))
      expect(await rig.statusOf(rig.checker({ ocsp: ocsp.url, crl: source.url }))).toBe('good')
      expect(source.asked).toBe(0)
      ocsp.reply = (_request, response) => void response.writeHead(503).end()
      source.reply = revokesLock
      expect(await rig.statusOf(rig.checker({ ocsp: ocsp.url, crl: source.url }))).toBe('revoked')
      await ocsp.close()
    })

    it('from before a revocation that OCSP told of does not undo it; one from after it does', async () => {
      const ocsp = await startSource((request) => makeAnswer(request, signerOf(rig.ca), { singles: [{ status: 'revoked' }] }))
      expect(await rig.statusOf(rig.checker({ ocsp: ocsp.url, crl: source.url }))).toBe('revoked')
      await ocsp.close()
      const asked = (list: Buffer) => {
        source.reply = () => list
        return rig.statusOf(rig.checker({ ocsp: ocsp.url, crl: source.url }))
      }
      expect(await asked(makeList(rig.ca, { thisUpdate: hours(-1) }))).toBe('revoked')
      expect(await asked(makeList(rig.ca, { thisUpdate: hours(0.01) }))).toBe('good')
    })
  })

  describe('of a CA above', () => {
    it('refuses every lock of an intermediate that the root has revoked', async () => {
      const ofRoot = await startSource(() => makeList(rig.root, { serials: [read(rig.ca).serialNumber] }))
      expect(await rig.statusOf(rig.checker({ crl: source.url }, { ofRoot: { crl: ofRoot.url } }))).toBe('revoked')
      expect(await rig.statusOf(rig.checker(null, { ofRoot: { crl: ofRoot.url } }))).toBe('revoked')
      await ofRoot.close()
    })

    it('that cannot be had refuses as well', async () => {
      const ofRoot = await startSource((_request, response) => void response.writeHead(404).end())
      expect(await rig.statusOf(rig.checker({ crl: source.url }, { ofRoot: { crl: ofRoot.url } }))).toBe('unknown')
      await ofRoot.close()
    })
  })

  it('that the operator has named for no CA is asked for nowhere, and the status says so', async () => {
    expect(await rig.statusOf(rig.checker(null))).toBe('not-checked')
    expect(await rig.statusOf(rig.checker(null), await makeLeaf(rig.ca))).toBe('not-checked')
    expect(source.asked).toBe(0)
  })
})
