import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authenticate, endSession, suspendSession } from '../../../central/auth/session.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { codeOf, otherWorkstation, password, startSignInService, workstation, type SignInService } from '../../support/sign-in-service.ts'

describe.each(backends)('on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())

  let service: SignInService
  let token: string
  beforeEach(async () => {
    service = await startSignInService(await backend.newLocation())
    await service.addAccount(await service.addOrganization(), 'zhang.san')
    token = (await service.usePassword('zhang.san', password)).token
  })
  afterEach(() => service?.close())

  const minutes = (count: number) => count * 60

  describe('a session', () => {
    it('ends after 30 minutes without a request', async () => {
      service.clock.pass(minutes(30))
      expect(await codeOf(service.request(token))).toBe('session-expired')
    })

    it('is kept open by requests, but not beyond 12 hours', async () => {
      for (let elapsed = 25; elapsed < 12 * 60; elapsed += 25) {
        service.clock.pass(minutes(25))
        expect(await codeOf(service.request(token))).toBe('ok')
      }
      service.clock.pass(minutes(20))
      expect(await codeOf(service.request(token))).toBe('session-expired')
    })

    it('belongs to the device it was opened on', async () => {
      expect(await codeOf(service.request(token, otherWorkstation))).toBe('session-missing')
      expect(await codeOf(authenticate(service.context, { authorization: `Bearer ${token}`, deviceId: undefined }))).toBe('session-missing')
      expect(await codeOf(service.request(token))).toBe('ok')
    })

    it.each(['', 'Bearer', 'Bearer ', `Basic ${'A'.repeat(43)}`, `Bearer ${'A'.repeat(43)}`])('is not opened by the header %j', async (authorization) => {
      expect(await codeOf(authenticate(service.context, { authorization, deviceId: workstation }))).toBe('session-missing')
    })

    it('is suspended when the lock is pulled, until a new sign-in', async () => {
      await suspendSession(service.context, await service.request(token))
      expect(await codeOf(service.request(token))).toBe('session-suspended')
      const fresh = await service.usePassword('zhang.san', password)
      expect(await codeOf(service.request(fresh.token))).toBe('ok')
      expect(await codeOf(service.request(token))).toBe('session-missing')
    })

    it('is replaced by a new sign-in on the same device, and not by one on another', async () => {
      const elsewhere = await service.usePassword('zhang.san', password, { deviceId: otherWorkstation })
      expect(await codeOf(service.request(token))).toBe('ok')
      const here = await service.usePassword('zhang.san', password)
      expect(await codeOf(service.request(token))).toBe('session-missing')
      expect(await codeOf(service.request(here.token))).toBe('ok')
      expect(await codeOf(service.request(elsewhere.token, otherWorkstation))).toBe('ok')
    })

    it('is worth nothing while its account is disabled', async () => {
      await service.db.updateTable('account').set({ disabled_at: service.clock.now().toISOString() }).execute()
      expect(await codeOf(service.request(token))).toBe('session-missing')
    })

    it('ends with signing out', async () => {
      await endSession(service.context, await service.request(token))
      expect(await codeOf(service.request(token))).toBe('session-missing')
    })

    it('has a token of 256 bits that is stored nowhere', async () => {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32)
      expect(JSON.stringify(await service.db.selectFrom('session').selectAll().execute())).not.toContain(token)
    })

    it('leaves its beginning and end in the audit', async () => {
      service.clock.pass(60)
      await endSession(service.context, await service.request(token))
      expect((await service.audit()).map(({ kind }) => kind)).toEqual(['signed-in', 'signed-out'])
    })
  })
})
