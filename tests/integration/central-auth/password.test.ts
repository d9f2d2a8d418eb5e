import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setAccountDisabled } from '../../../central/auth/accounts.repository.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { codeOf, otherWorkstation, password, refusalOf, startSignInService, type SignInService } from '../../support/sign-in-service.ts'

describe.each(backends)('on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())

  let service: SignInService
  let clerk: string
  beforeEach(async () => {
    service = await startSignInService(await backend.newLocation())
    clerk = await service.addAccount(await service.addOrganization(), 'Zhang.San')
  })
  afterEach(() => service?.close())

  describe('user name and password', () => {
    it('open a session that says so', async () => {
      const session = await service.usePassword('Zhang.San', password)
      expect(session).toMatchObject({ way: 'password', account: { id: clerk } })
      expect(await service.request(session.token)).toMatchObject({ accountId: clerk, way: 'password' })
    })

    it.each(['zhang.san', ' ZHANG.SAN ', 'ｚｈａｎｇ．ｓａｎ'])('sign in as %j too: it is the same name', async (typed) => {
      expect(await codeOf(service.usePassword(typed, password))).toBe('ok')
    })

    it('are refused in the same words whether the name or the password is wrong', async () => {
      const wrongPassword = await refusalOf(service.usePassword('zhang.san', 'wrong'))
      const wrongName = await refusalOf(service.usePassword('nobody', 'wrong'))
      expect(wrongName?.toWire()).toEqual(wrongPassword?.toWire())
      expect(wrongName?.code).toBe('sign-in-failed')
      const audit = await service.audit()
      expect(audit.map(({ details }) => details)).toEqual([{ way: 'password', code: 'sign-in-failed' }, { way: 'password', code: 'sign-in-failed' }])
    })

    it('take as long to be refused for a name that does not exist: the same hash is computed', async () => {
      const timeOf = async (username: string) => {
        const started = performance.now()
        await codeOf(service.usePassword(username, 'wrong', { deviceId: `device-${username.padEnd(16, 'x')}` }))
        return performance.now() - started
      }
      const times = { known: [] as number[], unknown: [] as number[] }
      for (let round = 0; round < 5; round++) {
        times.known.push(await timeOf('zhang.san'))
        times.unknown.push(await timeOf('nobody'))
      }
      // Without the hash the answer would come some fifty times sooner; a busy machine does not blur that.
      expect(Math.min(...times.unknown)).toBeGreaterThan(Math.min(...times.known) / 3)
    })

    it('tell that the account is disabled only to who knows the password', async () => {
      await setAccountDisabled(service.db, clerk, service.clock.now())
      expect(await codeOf(service.usePassword('zhang.san', 'wrong'))).toBe('sign-in-failed')
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('account-disabled')
    })

    it('are stored as argon2id with the parameters of OWASP, and nowhere in clear', async () => {
      const { password_hash } = await service.db.selectFrom('account').select('password_hash').executeTakeFirstOrThrow()
      expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    })
  })

  describe('failed tries', () => {
    const fail = async (times: number, username = 'zhang.san', from: { deviceId?: string; address?: string } = {}) => {
      for (let time = 0; time < times; time++) await codeOf(service.usePassword(username, 'wrong', from))
    }

    it('make a name wait from the sixth on, twice as long each time', async () => {
      await fail(6)
      const waits: unknown[] = []
      for (let round = 0; round < 4; round++) {
        const refusal = await refusalOf(service.usePassword('zhang.san', password))
        expect(refusal?.code).toBe('sign-in-too-often')
        waits.push(refusal?.details.seconds)
        service.clock.pass(Number(refusal?.details.seconds))
        await fail(1)
      }
      expect(waits).toEqual([1, 2, 4, 8])
    })

    it('make a name wait that no account has, exactly as one that exists', async () => {
      const refusals = []
      for (const [username, deviceId] of [['zhang.san', 'device-aaaaaaaaaaaaaaaa'], ['nobody', 'device-bbbbbbbbbbbbbbbb']] as const) {
        await fail(6, username, { deviceId })
        refusals.push((await refusalOf(service.usePassword(username, 'wrong', { deviceId })))?.toWire())
      }
      expect(refusals[0]).toEqual(refusals[1])
    })

    it('never make anybody wait longer than 15 minutes', async () => {
      await service.usePassword('zhang.san', 'wrong').catch(() => undefined)
      await service.db.updateTable('sign_in_failure').set({ failures: 500 }).execute()
      expect((await refusalOf(service.usePassword('zhang.san', password)))?.details.seconds).toBe(900)
    })

    it('count before the password is looked at: a parallel burst gets no more tries than a patient guesser', async () => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => codeOf(service.usePassword('zhang.san', 'wrong'))))
      expect(outcomes.filter((outcome) => outcome === 'sign-in-failed').length).toBeLessThanOrEqual(6)
    })

    it('are forgotten by a success', async () => {
      await fail(5)
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('ok')
      await fail(5)
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('ok')
    })

    it('are forgotten after a day', async () => {
      await fail(6)
      service.clock.pass(24 * 3600 + 1)
      await fail(1)
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('ok')
    })

    it('over many names count against the device, and over many devices against the address', async () => {
      for (let index = 0; index < 11; index++) await fail(1, `name-${index}`)
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('sign-in-too-often')
      expect(await codeOf(service.usePassword('zhang.san', password, { deviceId: otherWorkstation }))).toBe('ok')
      for (let index = 0; index < 50; index++) await fail(1, `more-${index}`, { deviceId: `device-${String(index).padStart(16, '0')}` })
      expect(await codeOf(service.usePassword('zhang.san', password, { deviceId: otherWorkstation }))).toBe('sign-in-too-often')
      expect(await codeOf(service.usePassword('zhang.san', password, { deviceId: otherWorkstation, address: '10.0.0.2' }))).toBe('ok')
    })
  })
})
