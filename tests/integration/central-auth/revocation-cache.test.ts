import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { sweep } from '../../../central/sweep.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { makeLeaf } from '../../support/certificates.ts'
import { makeAnswer, signerOf } from '../../support/ocsp-answers.ts'
import { makeList } from '../../support/revocation-lists.ts'
import { startRevocationRig, type RevocationRig } from '../../support/revocation-rig.ts'
import { startSource, type Source } from '../../support/revocation-source.ts'

const hour = 3600
const silent: Source['reply'] = (_request, response) => void response.writeHead(503).end()

describe.each(backends)('on %s', (name) => {
  let backend: Backend
  let rig: RevocationRig
  let source: Source
  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())
  beforeEach(async () => {
    rig = await startRevocationRig(await backend.newLocation())
    source = await startSource(silent)
  })
  afterEach(async () => {
    await source?.close()
    await rig?.close()
  })

  /** Dates by the rig's clock, which runs ahead of this machine's. */
  const at = (seconds: number) => new Date(rig.clock.now().getTime() + seconds * 1000)
  const says = (status: 'good' | 'revoked', holds: number | null = hour): Source['reply'] => (request) =>
    makeAnswer(request, signerOf(rig.ca), { singles: [{ status, thisUpdate: at(0), nextUpdate: holds === null ? null : at(holds) }] })
  const lists = (serials: Buffer[] = [], holds = 24 * hour): Source['reply'] => () => makeList(rig.ca, { serials, thisUpdate: at(0), nextUpdate: at(holds) })
  const lockSerial = () => readCertificate(rig.lock.der).serialNumber

  describe('a good OCSP answer', () => {
    it('serves for five minutes and no longer', async () => {
      source.reply = says('good')
      const checker = rig.checker({ ocsp: source.url })
      for (const pass of [0, 200, 99]) {
        rig.clock.pass(pass)
        expect(await rig.statusOf(checker)).toBe('good')
      }
      expect(source.asked).toBe(1)
      rig.clock.pass(1)
      source.reply = says('revoked')
      expect(await rig.statusOf(checker)).toBe('revoked')
      expect(source.asked).toBe(2)
    })

    it('that does not say how long it holds serves for five minutes as well', async () => {
      source.reply = says('good', null)
      const checker = rig.checker({ ocsp: source.url })
      await rig.statusOf(checker)
      expect([await rig.statusOf(checker), source.asked]).toEqual(['good', 1])
      rig.clock.pass(300)
      expect([await rig.statusOf(checker), source.asked]).toEqual(['good', 2])
    })

    it('serves no longer than it holds', async () => {
      source.reply = says('good', 60)
      const checker = rig.checker({ ocsp: source.url })
      await rig.statusOf(checker)
      rig.clock.pass(61)
      source.reply = silent
      expect(await rig.statusOf(checker)).toBe('unknown')
    })

    it('does not serve longer because the clock was set back', async () => {
      source.reply = says('good')
      const checker = rig.checker({ ocsp: source.url })
      await rig.statusOf(checker)
      rig.clock.pass(-7 * 24 * hour)
      source.reply = silent
      expect(await rig.statusOf(checker)).toBe('unknown')
    })

    it('of one lock is none of another', async () => {
      source.reply = says('good')
      const checker = rig.checker({ ocsp: source.url })
      await rig.statusOf(checker)
      source.reply = silent
      expect(await rig.statusOf(checker, await makeLeaf(rig.ca))).toBe('unknown')
    })

    it('is asked for once by sign-ins that come together', async () => {
      const open = Promise.withResolvers<void>()
      source.reply = async (...all) => {
        await open.promise
        return says('good')(...all)
      }
      const checker = rig.checker({ ocsp: source.url })
      const together = Array.from({ length: 8 }, () => rig.statusOf(checker))
      await expect.poll(() => source.asked).toBe(1)
      open.resolve()
      expect(new Set(await Promise.all(together))).toEqual(new Set(['good']))
      expect(source.asked).toBe(1)
    })
  })

  it('a revoked answer is asked for anew each time, so that a lifted hold is noticed', async () => {
    const checker = rig.checker({ ocsp: source.url })
    source.reply = says('revoked')
    expect(await rig.statusOf(checker)).toBe('revoked')
    rig.clock.pass(60)
    source.reply = says('good')
    expect(await rig.statusOf(checker)).toBe('good')
  })

  it('an OCSP answer from before a revocation, played back, does not undo it, in another process neither', async () => {
    const before = at(-600)
    source.reply = says('revoked')
    expect(await rig.statusOf(rig.checker({ ocsp: source.url }))).toBe('revoked')
    source.reply = (request) => makeAnswer(request, signerOf(rig.ca), { nonce: null, singles: [{ thisUpdate: before, nextUpdate: at(hour) }] })
    expect(await rig.statusOf(rig.checker({ ocsp: source.url }))).toBe('revoked')
  })

  describe('a list', () => {
    it('serves for an hour, then is fetched again', async () => {
      source.reply = lists()
      const checker = rig.checker({ crl: source.url })
      await rig.statusOf(checker)
      rig.clock.pass(hour - 1)
      expect([await rig.statusOf(checker, await makeLeaf(rig.ca)), source.asked]).toEqual(['good', 1])
      rig.clock.pass(1)
      source.reply = lists([lockSerial()])
      expect([await rig.statusOf(checker), source.asked]).toEqual(['revoked', 2])
    })

    it('serves until its nextUpdate where none can be fetched, which is tried once a minute', async () => {
      source.reply = lists([], 3 * hour)
      const checker = rig.checker({ crl: source.url })
      await rig.statusOf(checker)
      source.reply = silent
      rig.clock.pass(2 * hour)
      expect([await rig.statusOf(checker), rig.reason(), source.asked]).toEqual(['good', 'status 503', 2])
      rig.clock.pass(59)
      expect([await rig.statusOf(checker), source.asked]).toEqual(['good', 2])
      rig.clock.pass(1)
      expect([await rig.statusOf(checker), source.asked]).toEqual(['good', 3])
      rig.clock.pass(hour)
      expect(await rig.statusOf(checker)).toBe('unknown')
    })

    it('does not serve past its nextUpdate, though the hour is not over', async () => {
      source.reply = lists([], 600)
      const checker = rig.checker({ crl: source.url })
      await rig.statusOf(checker)
      rig.clock.pass(600)
      source.reply = silent
      expect(await rig.statusOf(checker)).toBe('unknown')
    })

    it('older than the one before, played back, does not replace it', async () => {
      const older = makeList(rig.ca, { thisUpdate: at(-hour), nextUpdate: at(48 * hour) })
      source.reply = lists([lockSerial()])
      const checker = rig.checker({ crl: source.url })
      const stranger = await makeLeaf(rig.ca)
      await rig.statusOf(checker, stranger)
      rig.clock.pass(2 * hour)
      source.reply = () => older
      expect([await rig.statusOf(checker), rig.reason()]).toEqual(['revoked', 'list older than the one before'])
    })

    it('is fetched once by sign-ins of different locks that come together', async () => {
      const open = Promise.withResolvers<void>()
      source.reply = async (...all) => {
        await open.promise
        return lists()(...all)
      }
      const checker = rig.checker({ crl: source.url })
      const locks = await Promise.all(Array.from({ length: 6 }, () => makeLeaf(rig.ca)))
      const together = locks.map((lock) => rig.statusOf(checker, lock))
      await expect.poll(() => source.asked).toBe(1)
      open.resolve()
      expect(new Set(await Promise.all(together))).toEqual(new Set(['good']))
      expect(source.asked).toBe(1)
    })

    it('that comes too late for one sign-in serves the next', async () => {
      const open = Promise.withResolvers<void>()
      source.reply = async (...all) => {
        await open.promise
        return lists()(...all)
      }
      const checker = rig.checker({ crl: source.url }, { patience: { ocsp: 100, crl: 100 } })
      expect([await rig.statusOf(checker), rig.reason()]).toEqual(['unknown', 'list takes too long'])
      open.resolve()
      await expect.poll(() => rig.statusOf(checker)).toBe('good')
      expect(source.asked).toBe(1)
    })
  })

  describe('the grace of the operator', () => {
    /** As a program started anew. */
    const restarted = (grace = true) => rig.checker({ ocsp: source.url }, { grace })
    beforeEach(async () => {
      source.reply = says('good')
      expect(await rig.statusOf(restarted())).toBe('good')
      source.reply = silent
    })

    it('lets a sign-in in on a good answer of the last 24 hours, after a restart too, and says so', async () => {
      rig.clock.pass(24 * hour - 1)
      expect(await rig.statusOf(restarted())).toBe('good-cached')
    })

    it('ends after 24 hours, used or not', async () => {
      rig.clock.pass(23 * hour)
      expect(await rig.statusOf(restarted())).toBe('good-cached')
      rig.clock.pass(hour)
      expect(await rig.statusOf(restarted())).toBe('unknown')
    })

    it('is off by default', async () => {
      expect(await rig.statusOf(restarted(false))).toBe('unknown')
      expect(await rig.statusOf(rig.checker({ ocsp: source.url }))).toBe('unknown')
    })

    it.each([`submit:${'0'.repeat(64)}`, 'submit:', 'LOGIN', 'login ', ''])('serves nothing but a sign-in: not %j', async (purpose) => {
      expect(await rig.statusOf(restarted(), rig.lock, purpose)).toBe('unknown')
    })

    it('serves no lock that was never good', async () => {
      expect(await rig.statusOf(restarted(), await makeLeaf(rig.ca))).toBe('unknown')
    })

    it('serves no lock that was found revoked since', async () => {
      rig.clock.pass(600)
      source.reply = says('revoked')
      expect(await rig.statusOf(restarted())).toBe('revoked')
      source.reply = silent
      expect(await rig.statusOf(restarted())).toBe('unknown')
    })

    it('does not reach back from a clock that was set back', async () => {
      rig.clock.pass(-48 * hour)
      expect(await rig.statusOf(restarted())).toBe('unknown')
    })

    it('holds for a CA above as well, and only where its own answer is not older', async () => {
      const ofRoot = await startSource((request) => makeAnswer(request, signerOf(rig.root), { singles: [{ thisUpdate: at(0), nextUpdate: at(hour) }] }))
      const both = () => rig.checker({ ocsp: source.url }, { grace: true, ofRoot: { ocsp: ofRoot.url } })
      source.reply = says('good')
      expect(await rig.statusOf(both())).toBe('good')
      ofRoot.reply = silent
      expect(await rig.statusOf(both())).toBe('good-cached')
      rig.clock.pass(25 * hour)
      expect(await rig.statusOf(both())).toBe('unknown')
      await ofRoot.close()
    })

    it('leaves nothing in the database after 24 hours', async () => {
      rig.clock.pass(24 * hour)
      await sweep(rig.db, rig.clock.now())
      expect(await rig.db.selectFrom('certificate_standing').selectAll().execute()).toEqual([])
    })
  })
})
