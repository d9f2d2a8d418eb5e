import { beforeEach, describe, expect, it } from 'vitest'
import { choiceOf, clerk, colleague } from '../../support/session-fakes.ts'
import { codeOf, day, password, startSession } from './session-rig.ts'

const byPassword = { username: clerk.username, password }
let rig: Awaited<ReturnType<typeof startSession>>

/** Signed in online both ways, and out again. */
beforeEach(async () => {
  rig = await startSession()
  await rig.calls.signInWithPassword(byPassword)
  await rig.calls.signInWithKey(rig.withKey)
  await rig.calls.signOut({})
})

async function offlineWithKey(): Promise<string> {
  rig.central.reachable = false
  return codeOf(rig.calls.signInWithKey(rig.withKey))
}
async function offlineWithPassword(): Promise<string> {
  rig.central.reachable = false
  return codeOf(rig.calls.signInWithPassword(byPassword))
}

describe('what the central service has refused does not unlock offline afterwards', () => {
  it.each(['ca-not-bound', 'ca-certificate-revoked'] as const)('the certificate, for %s; the password still does', async (code) => {
    rig.central.refusals.set('signInWithCaKey', code)
    expect(await codeOf(rig.calls.signInWithKey(rig.withKey))).toBe(code)
    expect(await offlineWithKey()).toBe('offline-unlock-unknown')
    expect(await offlineWithPassword()).toBe('no error')
  })

  it.each(['signInWithCaKey', 'signInWithPassword'] as const)('a disabled account, either way, heard at %s', async (call) => {
    rig.central.refusals.set(call, 'account-disabled')
    await codeOf(call === 'signInWithCaKey' ? rig.calls.signInWithKey(rig.withKey) : rig.calls.signInWithPassword(byPassword))
    expect(await offlineWithKey()).toBe('offline-unlock-unknown')
    expect(await offlineWithPassword()).toBe('offline-unlock-unknown')
  })

  it('an account that the certificate no longer opens', async () => {
    rig.central.keyAnswer = choiceOf({ needsPassword: false }, colleague)
    await rig.calls.signInWithKey(rig.withKey)
    await rig.calls.cancelSignIn({})
    expect(await offlineWithKey()).toBe('offline-unlock-unknown')
    expect(await offlineWithPassword()).toBe('no error')
  })

  it('an account disabled while it was being chosen', async () => {
    rig.central.keyAnswer = choiceOf({ needsPassword: false }, clerk, colleague)
    await rig.calls.signInWithKey(rig.withKey)
    rig.central.refusals.set('chooseAccount', 'account-disabled')
    await codeOf(rig.calls.chooseAccount({ accountId: clerk.id, password: null }))
    await rig.calls.cancelSignIn({})
    expect(await offlineWithKey()).toBe('offline-unlock-unknown')
  })

  it('a password that has been changed; the certificate still does', async () => {
    rig.central.refusals.set('signInWithPassword', 'sign-in-failed')
    await codeOf(rig.calls.signInWithPassword(byPassword))
    expect(await offlineWithPassword()).toBe('offline-unlock-unknown')
    expect(await offlineWithKey()).toBe('no error')
  })

  it('but a slip of the finger takes nothing back', async () => {
    expect(await codeOf(rig.calls.signInWithPassword({ ...byPassword, password: 'rihgt-password' }))).toBe('sign-in-failed')
    expect(await offlineWithPassword()).toBe('no error')
  })

  it('and a password alone, once the operator wants the lock with it', async () => {
    rig.central.caNeedsPassword = true
    expect(await codeOf(rig.calls.signInWithPassword(byPassword))).toBe('password-needs-ca')
    expect(await offlineWithPassword()).toBe('offline-unlock-unknown')
  })
})

describe('seven days of one way of signing in', () => {
  it('are not renewed by the other', async () => {
    rig.clock.at += 5 * day
    rig.central.serverTime = new Date(rig.clock.at).toISOString()
    await rig.calls.signInWithPassword(byPassword)
    await rig.calls.signOut({})
    rig.clock.at += 3 * day
    expect(await offlineWithKey()).toBe('offline-unlock-expired')
    expect(await offlineWithPassword()).toBe('no error')
  })
})

describe('a lock of several accounts', () => {
  it('asks offline which one is meant, though only one of them was here', async () => {
    rig = await startSession()
    rig.central.keyAnswer = choiceOf({ needsPassword: true }, clerk, colleague)
    await rig.calls.signInWithKey(rig.withKey)
    await rig.calls.chooseAccount({ accountId: colleague.id, password })
    await rig.calls.signOut({})
    rig.central.reachable = false
    expect(await rig.calls.signInWithKey(rig.withKey)).toMatchObject({
      phase: 'choosing-account',
      accounts: [{ id: colleague.id, displayName: colleague.displayName, needsPassword: false }],
    })
    expect(await rig.calls.chooseAccount({ accountId: colleague.id, password: null })).toMatchObject({ phase: 'signed-in', connection: 'offline' })
    await rig.calls.lock({})
    expect(await rig.calls.unlockWithKey(rig.withKey), 'whose session it is, is known').toMatchObject({ phase: 'signed-in', account: { id: colleague.id } })
  })

  it('of one goes straight on', async () => {
    rig.central.reachable = false
    expect(await rig.calls.signInWithKey(rig.withKey)).toMatchObject({ phase: 'signed-in', account: { id: clerk.id } })
  })
})
