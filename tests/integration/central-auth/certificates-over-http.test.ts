import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { makeAuthority, makeKeys, type TestAuthority } from '../../support/certificates.ts'
import { newDeviceId, startCentral, type Central, type Unit } from '../../support/central-service.ts'
import { locksAt, type Lock } from '../../support/lock-over-http.ts'

describe.each(backends)('certificates that change, over HTTP on %s', (name) => {
  let backend: Backend
  let central: Central
  let locks: ReturnType<typeof locksAt>
  let unit: Unit
  let lock: Lock
  let otherCa: TestAuthority
  let sameNameNewKey: TestAuthority
  beforeAll(async () => {
    backend = await startBackend(name)
    const otherRoot = await makeAuthority({ name: [{ O: ['Other CA'] }, { CN: ['Root'] }] })
    otherCa = await makeAuthority({ pathLength: 0, name: [{ O: ['Other CA'] }, { CN: ['Intermediate'] }] }, otherRoot)
    // What a CA does every few years: the same name, another key.
    sameNameNewKey = await makeAuthority({ pathLength: 0 }, otherRoot)
    central = await startCentral(await backend.newLocation(), { alsoTrusted: [otherCa, otherRoot, sameNameNewKey] })
    locks = locksAt(central)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })
  beforeEach(async () => {
    unit = await central.addUnit()
    lock = await locks.issue(unit.creditCode)
    await locks.bind(lock, unit.creditCode, unit.accountId)
  })

  const accountOf = async (used: Lock) => {
    const { status, body } = await locks.signIn(used)
    return status === 201 ? (body['account'] as { id: string }).id : body['code']
  }

  describe('a renewed certificate, with the issuer and the code of the one before,', () => {
    it('signs in with a new key, and so does the one before', async () => {
      const renewed = await locks.issue(unit.creditCode)
      expect(await accountOf(renewed)).toBe(unit.accountId)
      expect(await accountOf(lock)).toBe(unit.accountId)
    })

    it('signs in with the same key', async () => {
      expect(await accountOf(await locks.issue(unit.creditCode, central.ca, { keys: lock.keys }))).toBe(unit.accountId)
    })

    it('takes over where the one before has expired', async () => {
      const expired = await locks.issue(unit.creditCode, central.ca, { notAfter: new Date(central.clock.at - 1000) })
      expect(await accountOf(expired)).toBe('ca-certificate-expired')
      expect(await accountOf(await locks.issue(unit.creditCode))).toBe(unit.accountId)
    })

    it('leaves an event in the audit once, with its fingerprint and end', async () => {
      const deviceId = newDeviceId()
      const renewed = await locks.issue(unit.creditCode)
      for (const used of [lock, renewed, renewed, lock]) await locks.signIn(used, deviceId)
      const seen = (await locks.audit('certificate-first-seen', 'certificate-further-seen')).filter((event) => event.deviceId === deviceId)
      expect(seen.map(({ kind, details }) => [kind, details['fingerprint']]).sort()).toEqual([
        ['certificate-first-seen', readCertificate(lock.der).fingerprint],
        ['certificate-further-seen', readCertificate(renewed.der).fingerprint],
      ])
    })

    it('signs in under a new key of its CA, where that is pinned beside the old one', async () => {
      expect(await accountOf(await locks.issue(unit.creditCode, sameNameNewKey))).toBe(unit.accountId)
    })

    it('does not sign in under a new key of its CA that nobody has pinned', async () => {
      const unpinned = await makeAuthority({ pathLength: 0 }, central.root)
      expect(await accountOf(await locks.issue(unit.creditCode, unpinned))).toBe('ca-chain-untrusted')
    })

    it('with another code, even one letter off, is not bound', async () => {
      expect(await accountOf(await locks.issue(`${unit.creditCode.slice(0, -1)}Z`))).toBe('ca-not-bound')
    })
  })

  describe('the same code from another pinned CA', () => {
    it('is another key: it opens nothing until the operator binds it', async () => {
      const other = await locks.issue(unit.creditCode, otherCa)
      expect(await accountOf(other)).toBe('ca-not-bound')
      await locks.bind(other, unit.creditCode, unit.accountId)
      expect(await accountOf(other)).toBe(unit.accountId)
      expect(await accountOf(lock)).toBe(unit.accountId)
    })

    it('may name another unit, and each signs in to its own', async () => {
      const namesake = await central.addUnit()
      const other = await locks.issue(unit.creditCode, otherCa)
      await locks.bind(other, unit.creditCode, namesake.accountId)
      expect(await accountOf(other)).toBe(namesake.accountId)
      expect(await accountOf(lock)).toBe(unit.accountId)
    })

    it('opens nothing by the key of the lock that is bound', async () => {
      const keys = await makeKeys()
      const bound = await locks.issue(unit.creditCode, central.ca, { keys })
      expect(await accountOf(bound)).toBe(unit.accountId)
      expect(await accountOf(await locks.issue(unit.creditCode, otherCa, { keys }))).toBe('ca-not-bound')
    })
  })
})
