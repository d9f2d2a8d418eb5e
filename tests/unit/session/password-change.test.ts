import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'
import { centralSession, clerk, unit } from '../../support/session-fakes.ts'
import { codeOf, password, startSession } from './session-rig.ts'

const newPassword = 'another-password'
let rig: Awaited<ReturnType<typeof startSession>>
beforeEach(async () => {
  rig = await startSession()
  await rig.calls.signInWithPassword({ username: clerk.username, password })
})

const change = (present = password) => rig.calls.changePassword({ password: present, newPassword })
/** What opens this account while the central service is away. */
async function opensOffline(typed: string): Promise<string> {
  rig.central.reachable = false
  await rig.calls.signOut({})
  return codeOf(rig.calls.signInWithPassword({ username: clerk.username, password: typed }))
}

describe('a new password', () => {
  it('opens the account offline from now on, and the old one does not', async () => {
    expect(await codeOf(change())).toBe('no error')
    expect(await opensOffline(password)).toBe('offline-password-wrong')
    expect(await opensOffline(newPassword)).toBe('no error')
  })

  it('opens it offline no longer than the old one would have', async () => {
    const before = rig.device.stored[0]?.password
    await change()
    expect(rig.device.stored[0]?.password).toMatchObject({ lastOnlineAt: before?.lastOnlineAt, serverTime: before?.serverTime })
    expect(rig.device.stored[0]?.password?.hash).not.toBe(before?.hash)
  })

  it('opens nothing offline where none has signed in here: only the lock has', async () => {
    rig = await startSession()
    await rig.calls.signInWithKey(rig.withKey)
    expect(await codeOf(change())).toBe('no error')
    expect(await opensOffline(newPassword)).toBe('offline-unlock-unknown')
  })

  it('leaves the session and its token as they were', async () => {
    const before = rig.calls.state({})
    expect(await change()).toEqual(await before)
    expect(rig.central.token).toBe('token-of-zhang')
  })
})

describe('a password that is not changed', () => {
  it.each(['central-unreachable', 'central-busy', 'central-reply-invalid'] as const)('for %s is not sent at all, and goes on opening offline', async (code) => {
    const before = rig.device.stored
    rig.central.refusals.set('readOrganization', code)
    expect(await codeOf(change())).toBe('password-needs-network')
    expect(rig.central.calls).not.toContain('changePassword')
    expect(rig.device.stored).toEqual(before)
  })

  it('as far as anybody knows, because the answer was lost, says so; the next try settles it', async () => {
    rig.central.refusals.set('changePassword', 'central-unreachable')
    expect(await codeOf(change())).toBe('password-unconfirmed')
    rig.central.refusals.set('changePassword', 'password-wrong')
    expect(await codeOf(change())).toBe('password-wrong')
    expect(await opensOffline(password)).toBe('offline-unlock-unknown')
  })

  it('for a slip of the finger goes on opening offline', async () => {
    expect(await codeOf(change('rihgt-password'))).toBe('password-wrong')
    expect(await opensOffline(password)).toBe('no error')
  })

  it.each(['password-too-short', 'password-unchanged', 'sign-in-too-often', 'session-missing', 'session-expired', 'central-not-trusted'] as const)('for %s goes on opening offline', async (code) => {
    const before = rig.device.stored
    rig.central.refusals.set('changePassword', code)
    expect(await codeOf(change())).toBe(code)
    expect(rig.device.stored).toEqual(before)
  })

  it('is not asked about at the central service while nobody is signed in, or behind the lock screen', async () => {
    const asked = () => rig.central.calls.filter((call) => call === 'changePassword').length
    await rig.calls.lock({})
    expect(await codeOf(change())).toBe('locked')
    await rig.calls.signOut({})
    expect(await codeOf(change())).toBe('not-signed-in')
    expect(asked()).toBe(0)
  })

  it('at this machine, whose disk is full, is changed all the same: that is what the clerk must hear', async () => {
    rig.device.changePasses = () => Promise.reject(new AppError('local-full'))
    expect(await codeOf(change())).toBe('no error')
  })
})

describe('a password that was changed elsewhere', () => {
  const told = () => rig.workspaces.opened.at(-1)?.setSync('waiting-for-sign-in', 'session-password-changed')
  const unlock = (typed: string) => rig.calls.unlockWithPassword({ password: typed })

  it('is known from the session that ended: the old one is refused in those words, and the new one goes on', async () => {
    told()
    rig.central.refusals.set('signInWithPassword', 'sign-in-failed')
    expect(await codeOf(unlock(password))).toBe('session-password-changed')
    rig.central.refusals.clear()
    expect(await unlock(password)).toMatchObject({ phase: 'signed-in' })
  })

  it('is known with the lock as well, whose account is asked for the password again', async () => {
    rig.central.caNeedsPassword = true
    told()
    expect(await codeOf(rig.calls.unlockWithKey({ ...rig.withKey, password: 'wrong' }))).toBe('session-password-changed')
  })

  it('is not guessed from a try: without that word from the session, the password is wrong and no more', async () => {
    expect(await codeOf(unlock('wrong'))).toBe('own-password-wrong')
    rig.workspaces.opened.at(-1)?.setSync('waiting-for-sign-in')
    expect(await codeOf(unlock('wrong'))).toBe('own-password-wrong')
    await rig.calls.signOut({})
    expect(await codeOf(rig.calls.signInWithPassword({ username: clerk.username, password: 'wrong' }))).toBe('sign-in-failed')
  })

  it('opens nothing offline any more here', async () => {
    told()
    await expect.poll(() => rig.device.stored).toEqual([])
    expect(await opensOffline(password)).toBe('offline-unlock-unknown')
  })
})

describe('a password that the administrator has set', () => {
  it('is told to the page until it is changed', async () => {
    await rig.calls.signOut({})
    rig.central.keyAnswer = { ...centralSession(clerk, unit), passwordByOperator: true }
    expect(await rig.calls.signInWithKey(rig.withKey)).toMatchObject({ passwordByOperator: true })
    await rig.calls.lock({})
    expect(await rig.calls.unlockWithKey(rig.withKey)).toMatchObject({ passwordByOperator: true })
    expect(await change()).toMatchObject({ phase: 'signed-in', passwordByOperator: false })
    expect(rig.emitted.at(-1)).toMatchObject({ passwordByOperator: false })
  })

  it('is not mentioned offline, where it cannot be changed', async () => {
    rig.central.keyAnswer = { ...centralSession(clerk, unit), passwordByOperator: true }
    await rig.calls.signInWithKey(rig.withKey)
    await rig.calls.signOut({})
    rig.central.reachable = false
    expect(await rig.calls.signInWithKey(rig.withKey)).toMatchObject({ phase: 'signed-in', connection: 'offline', passwordByOperator: false })
  })
})
