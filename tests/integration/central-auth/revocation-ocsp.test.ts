import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, makeKeys, makeLeaf, rsa, x509 } from '../../support/certificates.ts'
import {
  extension, makeAnswer, makeResponder, maySign, mayNotSign, ocspSigning, otherSerial, readQuestion, signerOf, type AnswerShape, type Signer,
} from '../../support/ocsp-answers.ts'
import { startRevocationRig, type RevocationRig } from '../../support/revocation-rig.ts'
import { startSource, type Source } from '../../support/revocation-source.ts'

const minutes = (count: number) => new Date(Date.now() + count * 60_000)
const hours = (count: number) => minutes(count * 60)

describe('an OCSP answer', () => {
  let rig: RevocationRig
  let source: Source
  beforeAll(async () => {
    rig = await startRevocationRig()
    source = await startSource(() => undefined)
  })
  afterAll(async () => {
    await source?.close()
    await rig?.close()
  })
  afterEach(() => void (rig.log.length = 0))

  const statusOn = (reply: Source['reply'], patience = { ocsp: 5_000, crl: 3_000 }) => {
    source.reply = reply
    return rig.statusOf(rig.checker({ ocsp: source.url }, { patience }))
  }
  const statusOf = (shape: AnswerShape, signer: Signer = signerOf(rig.ca)) => statusOn((request) => makeAnswer(request, signer, shape))

  it.each<[string, AnswerShape]>([
    ['that is good', {}],
    ['that names its signer by the hash of the key', { byKey: true }],
    ['without a nonce, signed beforehand', { nonce: null }],
    ['about other certificates besides', { singles: [{ id: otherSerial, status: 'revoked' }, {}] }],
    ['made four minutes from now, by a clock that is ahead', { singles: [{ thisUpdate: minutes(4) }] }],
    ['that ran out four minutes ago, by our clock', { singles: [{ thisUpdate: hours(-30), nextUpdate: minutes(-4) }] }],
    ['of 23 hours ago that does not say how long it holds', { singles: [{ thisUpdate: hours(-23), nextUpdate: null }] }],
    ['with an extension that is not critical', { extensions: [extension('1.2.3.4', Buffer.of(5, 0))] }],
  ])('of the CA itself %s is good', async (_how, shape) => {
    expect(await statusOf(shape)).toBe('good')
  })

  it('that says revoked is that', async () => {
    expect(await statusOf({ singles: [{ status: 'revoked' }] })).toBe('revoked')
    await rig.db.deleteFrom('certificate_standing').execute()
  })

  it('about a lock asks with its serial number and 32 random bytes, each time others', async () => {
    const questions: ReturnType<typeof readQuestion>[] = []
    for (let time = 0; time < 2; time++) {
      await statusOn((request) => {
        questions.push(readQuestion(request))
        return Buffer.alloc(0)
      })
    }
    const [first, second] = questions
    expect(first?.nonce).toHaveLength(32)
    expect(second?.nonce.equals(first?.nonce ?? Buffer.alloc(0))).toBe(false)
    expect(second?.id.equals(first?.id ?? Buffer.alloc(0))).toBe(true)
    expect(source.lastRequest?.headers['content-type']).toBe('application/ocsp-request')
  })

  it.each<[string, AnswerShape, string]>([
    ['unknown', { singles: [{ status: 'unknown' }] }, 'responder does not know the certificate'],
    ['about another serial number', { singles: [{ id: otherSerial }] }, 'no answer about this certificate'],
    ['about nothing', { singles: [] }, 'no answer about this certificate'],
    ['with two answers that differ', { singles: [{}, { status: 'revoked' }] }, 'several answers about one certificate'],
    ['with two answers that agree', { singles: [{}, {}] }, 'several answers about one certificate'],
    ['with the nonce of another request', { nonce: randomBytes(32) }, 'nonce of another request'],
    ['with an empty nonce', { nonce: Buffer.alloc(0) }, 'nonce of another request'],
    ['made in the future', { singles: [{ thisUpdate: minutes(6) }] }, 'answer from the future'],
    ['out of date', { singles: [{ thisUpdate: hours(-30), nextUpdate: minutes(-6) }] }, 'answer out of date'],
    ['of 25 hours ago that does not say how long it holds', { singles: [{ thisUpdate: hours(-25), nextUpdate: null }] }, 'answer out of date'],
    ['with a critical extension', { extensions: [extension('1.2.3.4', Buffer.of(5, 0), true)] }, 'critical extension'],
    ['with a critical extension of the one answer', { singles: [{ extensions: [extension('1.2.3.4', Buffer.of(5, 0), true)] }] }, 'critical extension'],
    ['changed after it was signed', { forge: (signed) => Buffer.concat([signed.subarray(0, -1), Buffer.of((signed.at(-1) ?? 0) ^ 1)]) }, 'not signed by a responder it names'],
    ['signed with SHA-1', { algorithm: { oid: '1.2.840.10045.4.1', hash: 'sha1' } }, 'not signed by a responder it names'],
    ['that says SHA-256 and was signed with SHA-1', { algorithm: { oid: '1.2.840.10045.4.3.2', hash: 'sha1' } }, 'not signed by a responder it names'],
    ['that says RSA and was signed with P-256', { algorithm: { oid: '1.2.840.113549.1.1.11', hash: 'sha256' } }, 'not signed by a responder it names'],
    ['that says SM2 and was signed with P-256', { algorithm: { oid: '1.2.156.10197.1.501', hash: 'sha256' } }, 'not signed by a responder it names'],
    ['"try later"', { responderStatus: 3 }, 'responder status 03'],
    ['"unauthorized"', { responderStatus: 6 }, 'responder status 06'],
  ])('%s is no answer', async (_how, shape, reason) => {
    expect([await statusOf(shape), rig.reason()]).toEqual(['unknown', reason])
  })

  it.each(['by name', 'by key'])('of a responder that the CA has certified is good, named %s', async (how) => {
    const responder = await makeResponder(rig.ca)
    expect(await statusOf({ certificates: [responder.der], byKey: how === 'by key' }, responder)).toBe('good')
  })

  it('of a certified responder with an RSA key is good', async () => {
    const responder = await makeResponder(rig.ca, { keys: await makeKeys(rsa()) })
    expect(await statusOf({ certificates: [responder.der], algorithm: { oid: '1.2.840.113549.1.1.11', hash: 'sha256' } }, responder)).toBe('good')
  })

  const past = { notBefore: hours(-72), notAfter: hours(-1) }
  it.each<[string, () => Promise<Signer>, string]>([
    ['out of its dates', () => makeResponder(rig.ca, past), 'responder out of its dates'],
    ['not yet in its dates', () => makeResponder(rig.ca, { notBefore: hours(1) }), 'responder out of its dates'],
    ['certified by the root above that CA', () => makeResponder(rig.root), 'responder not certified by the CA asked about'],
    ['certified by a stranger under the name of that CA', async () => makeResponder(await makeAuthority({ name: [{ O: ['Test CA'] }, { CN: ['Intermediate'] }] })), 'responder not certified by the CA asked about'],
    ['certified with the key of that CA under another name', async () => makeResponder(await makeAuthority({ name: [{ CN: ['Another'] }], keys: rig.ca.keys }, rig.root)), 'responder not certified by the CA asked about'],
    ['certified with SHA-1', () => makeResponder(rig.ca, { hash: 'SHA-1' }), 'responder not certified by the CA asked about'],
    ['that is a lock of the same CA', () => makeLeaf(rig.ca), 'responder not certified for OCSP'],
    ['not certified for OCSP', () => makeResponder(rig.ca, { extensions: [maySign] }), 'responder not certified for OCSP'],
    ['whose key is not for signing', () => makeResponder(rig.ca, { extensions: [mayNotSign, ocspSigning] }), 'responder not certified for OCSP'],
    ['without a key usage', () => makeResponder(rig.ca, { extensions: [ocspSigning] }), 'responder not certified for OCSP'],
    ['with a critical extension', () => makeResponder(rig.ca, { more: [new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]))] }), 'responder certificate not acceptable'],
  ])('of a responder %s is no answer', async (_how, make, reason) => {
    const responder = await make()
    expect([await statusOf({ certificates: [responder.der] }, responder), rig.reason()]).toEqual(['unknown', reason])
  })

  it('of a responder that signed with a weak key is no answer', async () => {
    const responder = await makeResponder(rig.ca, { keys: await makeKeys(rsa(1024)) })
    const shape = { certificates: [responder.der], algorithm: { oid: '1.2.840.113549.1.1.11', hash: 'sha256' } }
    expect([await statusOf(shape, responder), rig.reason()]).toEqual(['unknown', 'responder certificate not acceptable'])
  })

  it('of a certified responder that does not send its certificate is no answer', async () => {
    expect([await statusOf({}, await makeResponder(rig.ca)), rig.reason()]).toEqual(['unknown', 'not signed by a responder it names'])
  })

  it('signed by a stranger who names the CA is no answer', async () => {
    const stranger = await makeResponder(rig.ca)
    expect(await statusOf({ certificates: [stranger.der], named: signerOf(rig.ca) }, stranger)).toBe('unknown')
  })

  it('of another pinned CA, here the root, is no answer', async () => {
    expect(await statusOf({}, signerOf(rig.root))).toBe('unknown')
  })

  it('with a byte more, less, or no DER at all is no answer', async () => {
    const whole = (request: Buffer) => makeAnswer(request, signerOf(rig.ca))
    expect(await statusOn(whole)).toBe('good')
    expect(await statusOn((request) => Buffer.concat([whole(request), Buffer.alloc(1)]))).toBe('unknown')
    expect(await statusOn((request) => whole(request).subarray(0, -1))).toBe('unknown')
    expect(await statusOn(() => Buffer.from('<html>please sign in</html>'))).toBe('unknown')
    expect(await statusOn((_request, response) => void response.end())).toBe('unknown')
  })

  it('with a bit flipped in any one of its octets is never good', async () => {
    let length = 0
    await statusOn((request) => {
      const answer = makeAnswer(request, signerOf(rig.ca))
      length = answer.length
      return answer
    })
    expect(length).toBeGreaterThan(250)
    for (let at = 0; at < length; at++) {
      const flip = (request: Buffer) => {
        const answer = makeAnswer(request, signerOf(rig.ca))
        const place = Math.min(at, answer.length - 1)
        answer[place] = (answer[place] ?? 0) ^ (1 << at % 8)
        return answer
      }
      expect(await statusOn(flip), `octet ${at}`).not.toBe('good')
      await rig.db.deleteFrom('certificate_standing').execute()
    }
  })

  it('that does not come within the deadline is no answer, and nobody waits longer', async () => {
    const started = performance.now()
    expect(await statusOn(() => undefined, { ocsp: 200, crl: 200 })).toBe('unknown')
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(rig.reason()).toBe('TimeoutError')
  })

  it('that comes byte by byte past the deadline is no answer', async () => {
    const trickle: Source['reply'] = (_request, response) => {
      const timer = setInterval(() => response.write(Buffer.of(0x30)), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect(await statusOn(trickle, { ocsp: 300, crl: 200 })).toBe('unknown')
    expect(rig.reason()).toBe('TimeoutError')
  })

  it.each(['with its length said', 'without'])('of 10 MB is not read to its end, %s', async (how) => {
    let written = 0
    const flood: Source['reply'] = (_request, response) => {
      if (how === 'with its length said') response.setHeader('content-length', 10 * 1024 * 1024)
      const write = () => {
        while (written < 10 * 1024 * 1024 && !response.destroyed) {
          written += 64 * 1024
          if (!response.write(Buffer.alloc(64 * 1024, 0x30))) return void response.once('drain', write)
        }
        response.end()
      }
      write()
    }
    expect(await statusOn(flood)).toBe('unknown')
    expect(rig.reason()).toBe('more than 65536 bytes')
    expect(written).toBeLessThan(10 * 1024 * 1024)
  })

  it('that redirects is no answer, and nobody follows it inward', async () => {
    const inside = await startSource((request) => makeAnswer(request, signerOf(rig.ca)))
    for (const status of [301, 302, 303, 307, 308]) {
      expect(await statusOn((_request, response) => void response.writeHead(status, { location: inside.url }).end())).toBe('unknown')
    }
    expect(inside.asked).toBe(0)
    await inside.close()
  })

  it('with a status other than 200 is no answer, whatever it holds', async () => {
    const refuse: Source['reply'] = (request, response) => void response.writeHead(500).end(makeAnswer(request, signerOf(rig.ca)))
    expect([await statusOn(refuse), rig.reason()]).toEqual(['unknown', 'status 500'])
  })

  it('cannot come from where nobody listens', async () => {
    const closed = await startSource(() => undefined)
    await closed.close()
    expect([await rig.statusOf(rig.checker({ ocsp: closed.url })), rig.reason()]).toEqual(['unknown', 'ECONNREFUSED'])
  })

  it('is logged by its fault and its CA, without address and certificate', async () => {
    await statusOf({ responderStatus: 3 })
    expect(rig.log).toEqual([{ level: 'warn', message: 'no usable answer about revocation', source: 'ocsp', issuer: rig.issuers[0]?.sha256, reason: 'responder status 03' }])
  })
})
