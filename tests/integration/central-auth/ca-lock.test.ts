import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setAccountDisabled, resetPasswordOf } from '../../../central/auth/accounts.repository.ts'
import { findBinding, releaseAccountFrom, unbindCertificate } from '../../../central/auth/certificate-bindings.repository.ts'
import { signInWithCaKey } from '../../../central/auth/ca-sign-in.ts'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { createTrustStore } from '../../../central/auth/ca/trust-store.ts'
import type { CentralDb } from '../../../central/database/database.ts'
import { inTransaction } from '../../../central/database/transaction.ts'
import { makeAuthority } from '../../support/certificates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { choiceIn, codeOf, otherWorkstation, password, sessionIn, startSignInService, type Lock, type SignInService } from '../../support/sign-in-service.ts'

const code = '91310000MA1FL0AA0R'
describe.each(backends)('on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())

  let service: SignInService
  let unit: string
  let clerk: string
  let lock: Lock

  beforeEach(async () => {
    service = await startSignInService(await backend.newLocation())
    unit = await service.addOrganization()
    clerk = await service.addAccount(unit, 'zhang.san')
    lock = await service.issueLock(code)
  })
  afterEach(() => service?.close())

  describe('a CA lock bound to one account', () => {
    beforeEach(() => service.bind(lock, code, clerk))

    it('opens a session of that account and its unit, and the session says so', async () => {
      const session = sessionIn(await service.useLock(lock))
      expect(session).toMatchObject({ way: 'ca-key', account: { id: clerk, username: 'zhang.san' }, organization: { id: unit } })
      expect(await service.request(session.token)).toMatchObject({ accountId: clerk, organizationId: unit, role: 'clerk', way: 'ca-key' })
    })

    it('signs in once with each challenge, even where two answers arrive together', async () => {
      const answer = await service.answerTo(lock)
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => codeOf(signInWithCaKey(service.context, answer))))
      expect(outcomes.sort()).toEqual(['challenge-unknown', 'challenge-unknown', 'challenge-unknown', 'ok'])
    })

    it('cannot use a challenge after 120 seconds', async () => {
      const answer = await service.answerTo(lock)
      service.clock.pass(120)
      expect(await codeOf(signInWithCaKey(service.context, answer))).toBe('challenge-expired')
    })

    it('signs in after its certificate was renewed, and the audit knows the new one', async () => {
      await service.useLock(lock)
      service.clock.pass(60)
      const renewed = await service.issueLock(code)
      expect((await service.useLock(renewed)).outcome).toBe('signed-in')
      await service.useLock(renewed)
      const seen = (await service.audit()).filter(({ kind }) => kind.startsWith('certificate-')).map(({ kind, details }) => [kind, details.fingerprint])
      expect(seen).toEqual([
        ['certificate-first-seen', readCertificate(lock.der).fingerprint],
        ['certificate-further-seen', readCertificate(renewed.der).fingerprint],
      ])
    })

    it('does not lend its binding to the same code from another CA that is trusted as well', async () => {
      const otherCa = await makeAuthority({ pathLength: 0, name: [{ O: ['Other CA'] }] }, service.root)
      service.auth.trust = createTrustStore([service.ca, otherCa, service.root].map(({ pem }) => pem).join('\n'))
      expect(await codeOf(service.useLock(await service.issueLock(code, otherCa)))).toBe('ca-not-bound')
    })

    it('is refused when its account is disabled, and the account loses its session', async () => {
      const { token } = sessionIn(await service.useLock(lock))
      await setAccountDisabled(service.db, clerk, service.clock.now())
      expect(await codeOf(service.useLock(lock))).toBe('account-disabled')
      expect(await codeOf(service.request(token))).toBe('session-missing')
    })

    it('is refused once it is unbound, and its session ends', async () => {
      const { token } = sessionIn(await service.useLock(lock))
      await unbindCertificate(service.db, { issuer: readCertificate(lock.der).issuerText, companyCode: code })
      expect(await codeOf(service.useLock(lock))).toBe('ca-not-bound')
      expect(await codeOf(service.request(token))).toBe('session-missing')
    })

    it('cannot be bound to an account of a second unit', async () => {
      const stranger = await service.addAccount(await service.addOrganization(), 'li.si')
      await expect(service.bind(lock, code, stranger)).rejects.toThrow('another unit')
    })

    it('opens a session no longer than its certificate lasts', async () => {
      const notAfter = new Date(Math.ceil(Date.now() / 1000) * 1000 + 3600 * 1000)
      const short = await service.issueLock(code, service.ca, { notAfter })
      expect(sessionIn(await service.useLock(short)).expiresAt).toBe(notAfter.toISOString())
    })

    it('offers no account of another unit, even where a row of the database binds one', async () => {
      const stranger = await service.addAccount(await service.addOrganization(), 'li.si')
      const { id } = await service.db.selectFrom('certificate_binding').select('id').executeTakeFirstOrThrow()
      await service.db.insertInto('certificate_binding_account').values({ binding_id: id, account_id: stranger }).execute()
      expect(sessionIn(await service.useLock(lock)).account.id).toBe(clerk)
    })

    it('leaves each refusal in the audit as a code and nothing more', async () => {
      const answer = await service.answerTo(lock)
      await codeOf(signInWithCaKey(service.context, { ...answer, signature: 'A'.repeat(86) }))
      const refusal = (await service.audit()).at(-1)
      expect(refusal).toMatchObject({ kind: 'sign-in-refused', accountId: null, details: { way: 'ca-key', code: 'ca-signature-invalid' } })
      expect(Object.keys(refusal?.details ?? {})).toEqual(['way', 'code'])
    })
  })

  it('a CA lock that nobody bound is refused, and nothing is created for it', async () => {
    expect(await codeOf(service.useLock(lock))).toBe('ca-not-bound')
    expect(await service.db.selectFrom('certificate_binding').selectAll().execute()).toEqual([])
  })

  describe('a CA lock bound to several accounts', () => {
    let second: string
    beforeEach(async () => {
      second = await service.addAccount(unit, 'li.si')
      await service.bind(lock, code, clerk)
      await service.bind(lock, code, second)
    })

    it('offers them, and each wants its password', async () => {
      const { accounts } = choiceIn(await service.useLock(lock))
      expect(accounts).toEqual([
        { id: second, displayName: 'li.si', needsPassword: true },
        { id: clerk, displayName: 'zhang.san', needsPassword: true },
      ])
    })

    it('asks for a password once a device, and on another device again', async () => {
      const first = choiceIn(await service.useLock(lock))
      expect(await codeOf(service.choose({ ticket: first.ticket, accountId: clerk, password }))).toBe('ok')

      const again = choiceIn(await service.useLock(lock))
      expect(again.accounts.find(({ id }) => id === clerk)?.needsPassword).toBe(false)
      expect(again.accounts.find(({ id }) => id === second)?.needsPassword).toBe(true)
      expect(await codeOf(service.choose({ ticket: again.ticket, accountId: clerk, password: null }))).toBe('ok')

      const elsewhere = choiceIn(await service.useLock(lock, otherWorkstation))
      expect(elsewhere.accounts.find(({ id }) => id === clerk)?.needsPassword).toBe(true)
      expect(await codeOf(service.choose({ ticket: elsewhere.ticket, accountId: clerk, password: null, deviceId: otherWorkstation }))).toBe('ca-needs-password')
    })

    it('asks again after the password was changed', async () => {
      const first = choiceIn(await service.useLock(lock))
      await service.choose({ ticket: first.ticket, accountId: clerk, password })
      await resetPasswordOf(service.db, clerk, 'another-password')
      expect(choiceIn(await service.useLock(lock)).accounts.find(({ id }) => id === clerk)?.needsPassword).toBe(true)
    })

    it('keeps its ticket after a wrong password, and uses it up with the right one', async () => {
      const { ticket } = choiceIn(await service.useLock(lock))
      expect(await codeOf(service.choose({ ticket, accountId: clerk, password: 'wrong' }))).toBe('sign-in-failed')
      expect(await codeOf(service.choose({ ticket, accountId: clerk, password }))).toBe('ok')
      expect(await codeOf(service.choose({ ticket, accountId: clerk, password }))).toBe('ticket-expired')
    })

    it('opens its session and spares the device the password in one step, so that a change of the password comes before both or after both', async () => {
      const { ticket } = choiceIn(await service.useLock(lock))
      const refuseProofs = { SQLite: `create trigger refused before insert on account_proof begin select raise(abort, 'no'); end`, PostgreSQL: 'alter table account_proof add constraint refused check (false)' }
      await sql.raw(refuseProofs[name]).execute(service.db)
      await expect(service.choose({ ticket, accountId: clerk, password })).rejects.toThrow()
      expect(await service.db.selectFrom('session').selectAll().execute()).toEqual([])
    })

    it('lets one of two parallel choices through', async () => {
      const { ticket } = choiceIn(await service.useLock(lock))
      const outcomes = await Promise.all([clerk, second].map((accountId) => codeOf(service.choose({ ticket, accountId, password }))))
      expect(outcomes.sort()).toEqual(['ok', 'ticket-expired'])
    })

    it('gives a ticket that serves its own device alone, for five minutes', async () => {
      const { ticket } = choiceIn(await service.useLock(lock))
      expect(await codeOf(service.choose({ ticket, accountId: clerk, password, deviceId: otherWorkstation }))).toBe('ticket-expired')
      service.clock.pass(300)
      expect(await codeOf(service.choose({ ticket, accountId: clerk, password }))).toBe('ticket-expired')
    })

    it('does not open an account of another unit, or one of its own unit it is not bound to', async () => {
      const strangers = [await service.addAccount(await service.addOrganization(), 'wang.wu'), await service.addAccount(unit, 'zhao.liu')]
      for (const accountId of strangers) {
        const { ticket } = choiceIn(await service.useLock(lock))
        expect(await codeOf(service.choose({ ticket, accountId, password }))).toBe('account-choice-invalid')
      }
    })

    it('leaves out an account that is disabled: with one left, that one is signed in', async () => {
      await setAccountDisabled(service.db, second, service.clock.now())
      expect(sessionIn(await service.useLock(lock)).account.id).toBe(clerk)
    })
  })

  describe('a CA lock that is taken from an account', () => {
    const identity = () => ({ issuer: readCertificate(lock.der).issuerText, companyCode: code })

    it.each([
      ['the account is released from it', async (trx: CentralDb) => void (await releaseAccountFrom(trx, (await findBinding(trx, identity()))?.id ?? '', clerk))],
      ['it is unbound', (trx: CentralDb) => unbindCertificate(trx, identity())],
    ])('opens nothing that stays open where %s while somebody signs in', async (_what, takeAway) => {
      await service.bind(lock, code, clerk)
      await service.bind(lock, code, await service.addAccount(unit, 'li.si'))
      const { ticket } = choiceIn(await service.useLock(lock))
      const choosing = service.choose({ ticket, accountId: clerk, password }).catch(() => undefined)
      // The password is being checked by now: that takes its time.
      await delay(15)
      await inTransaction(service.db, takeAway)
      await choosing
      expect(await service.db.selectFrom('session').selectAll().where('account_id', '=', clerk).execute()).toEqual([])
    })
  })

  describe('where the operator wants the password besides the lock', () => {
    beforeEach(async () => {
      service.auth.caNeedsPassword = true
      await service.bind(lock, code, clerk)
    })

    it('a lock bound to one account is followed by its password, every time', async () => {
      for (const _time of ['first', 'second']) {
        const { ticket, accounts } = choiceIn(await service.useLock(lock))
        expect(accounts).toEqual([{ id: clerk, displayName: 'zhang.san', needsPassword: true }])
        expect(await codeOf(service.choose({ ticket, accountId: clerk, password: null }))).toBe('ca-needs-password')
        expect(await codeOf(service.choose({ ticket, accountId: clerk, password }))).toBe('ok')
      }
    })

    it('a password alone does not suffice', async () => {
      expect(await codeOf(service.usePassword('zhang.san', password))).toBe('password-needs-ca')
    })
  })
})
