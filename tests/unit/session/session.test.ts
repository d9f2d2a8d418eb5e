import { beforeEach, describe, expect, it } from 'vitest'
import type { SessionState } from '../../../shared/contract/session.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { createSessionService, type SessionService } from '../../../electron/host/services/session/session.service.ts'
import { centralSession, clerk, colleague, fakeCentral, fakeDevice, fakeKey, fakeKeys, fakeWorkspaces, otherUnit, unit } from '../../support/session-fakes.ts'

const pin = '12345678'
const day = 86_400_000

let now: Date
let emitted: SessionState[]
let central: ReturnType<typeof fakeCentral>
let device: ReturnType<typeof fakeDevice>
let workspaces: ReturnType<typeof fakeWorkspaces>
let key: Awaited<ReturnType<typeof fakeKey>>
let keys: ReturnType<typeof fakeKeys>
let session: SessionService

function start(): void {
  session = createSessionService({
    central,
    keys,
    device,
    openWorkspace: workspaces.open,
    clock: { now: () => now },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    emit: (state) => void emitted.push(state),
  })
}

const withKey = (extra: { pin?: string; certificateId?: string } = {}) => ({
  certificateId: extra.certificateId ?? key.certificateId,
  pin: extra.pin ?? pin,
  confirmFinalTry: false,
  password: null,
})

async function codeOf(attempt: unknown): Promise<string> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'no error'
}

beforeEach(async () => {
  now = new Date('2026-11-23T08:00:00Z')
  emitted = []
  central = fakeCentral()
  device = fakeDevice()
  workspaces = fakeWorkspaces()
  key = await fakeKey()
  keys = fakeKeys(key)
  start()
})

describe('signing in with the CA lock', () => {
  it('opens the unit online, goes back to where the clerk was, and watches the key', async () => {
    const state = await session.calls.signInWithKey(withKey())
    expect(state).toMatchObject({ phase: 'signed-in', way: 'ca-key', connection: 'online', place: '/registrations', account: { id: clerk.id } })
    expect(keys.watched).toBe(key.serial)
    expect(central.token).toBe('token-of-zhang')
    expect(emitted.at(-1)).toEqual(state)
  })

  it('stops at a wrong PIN before the central service hears anything', async () => {
    expect(await codeOf(session.calls.signInWithKey(withKey({ pin: '87654321' })))).toBe('key-pin-wrong')
    expect(central.calls).toEqual([])
    expect(await session.calls.state({})).toMatchObject({ phase: 'signed-out' })
  })

  it('asks which account where the unit has several, and opens the chosen one', async () => {
    central.keyAnswer = {
      outcome: 'choose-account',
      ticket: 't'.repeat(43),
      expiresInSeconds: 300,
      organizationName: unit.name,
      accounts: [
        { id: clerk.id, displayName: clerk.displayName, needsPassword: false },
        { id: colleague.id, displayName: colleague.displayName, needsPassword: true },
      ],
    }
    expect(await session.calls.signInWithKey(withKey())).toMatchObject({ phase: 'choosing-account', organizationName: unit.name, lastAccountId: null })
    expect(await codeOf(session.calls.chooseAccount({ accountId: colleague.id, password: 'wrong' }))).toBe('own-password-wrong')
    expect(await session.calls.chooseAccount({ accountId: colleague.id, password: 'right-password' })).toMatchObject({
      phase: 'signed-in',
      account: { id: colleague.id },
    })
    await session.calls.signOut({})
    start()
    expect(await session.calls.signInWithKey(withKey())).toMatchObject({ phase: 'choosing-account', lastAccountId: colleague.id })
  })
})

describe('a page that is loaded again', () => {
  it('opens where the clerk was last, not where the day began', async () => {
    expect(await session.calls.signInWithKey(withKey())).toMatchObject({ place: '/registrations' })
    const told = emitted.length
    await session.keepPlace('/organization')
    expect(await session.calls.state({})).toMatchObject({ place: '/organization' })
    expect(emitted).toHaveLength(told)
    await session.calls.lock({})
    await expect(session.keepPlace('/registrations')).rejects.toMatchObject({ code: 'locked' })
  })
})

describe('a choice of accounts that waits', () => {
  it('ends when its key is pulled', async () => {
    central.keyAnswer = {
      outcome: 'choose-account', ticket: 't'.repeat(43), expiresInSeconds: 300, organizationName: unit.name,
      accounts: [{ id: clerk.id, displayName: clerk.displayName, needsPassword: false }],
    }
    await session.calls.signInWithKey(withKey())
    expect(keys.watched).toBe(key.serial)
    session.keyRemoved()
    expect(await session.calls.state({})).toMatchObject({ phase: 'signed-out' })
  })
})

describe('another account of the same unit', () => {
  it('does not take the place of the one that is signed in: what is open stays as it is, and the unused session ends', async () => {
    await session.calls.signInWithPassword({ username: 'zhang', password: 'right-password' })
    expect(await codeOf(session.calls.signInWithPassword({ username: 'li', password: 'right-password' }))).toBe('different-account')
    expect(await session.calls.state({})).toMatchObject({ phase: 'signed-in', account: { id: clerk.id } })
    expect(workspaces.opened).toHaveLength(1)
    expect(central.ended).toHaveLength(1)
  })
})

describe('offline', () => {
  it('unlocks for seven days with the key that last signed in online', async () => {
    await session.calls.signInWithKey(withKey())
    await session.calls.signOut({})
    central.reachable = false
    now = new Date(now.getTime() + 6.9 * day)
    expect(await session.calls.signInWithKey(withKey())).toMatchObject({
      phase: 'signed-in',
      connection: 'offline',
      offlineUntil: new Date(Date.parse('2026-11-23T08:00:00Z') + 7 * day).toISOString(),
    })
  })

  it('refuses on the eighth day, and where the clock was set back', async () => {
    await session.calls.signInWithKey(withKey())
    await session.calls.signOut({})
    central.reachable = false
    now = new Date('2026-11-30T08:00:01Z')
    expect(await codeOf(session.calls.signInWithKey(withKey()))).toBe('offline-unlock-expired')
    now = new Date('2026-11-22T08:00:00Z')
    expect(await codeOf(session.calls.signInWithKey(withKey()))).toBe('offline-clock-back')
  })

  it('refuses a key that never signed in here online', async () => {
    central.reachable = false
    expect(await codeOf(session.calls.signInWithKey(withKey()))).toBe('offline-unlock-unknown')
  })

  it('takes the password that last signed in, and no other', async () => {
    await session.calls.signInWithPassword({ username: 'zhang', password: 'right-password' })
    await session.calls.signOut({})
    central.reachable = false
    expect(await codeOf(session.calls.signInWithPassword({ username: 'zhang', password: 'wrong' }))).toBe('offline-password-wrong')
    expect(await session.calls.signInWithPassword({ username: 'zhang', password: 'right-password' })).toMatchObject({ connection: 'offline' })
  })

  it('keeps no password and no PIN on the device', async () => {
    await session.calls.signInWithPassword({ username: 'zhang', password: 'right-password' })
    await session.calls.signInWithKey(withKey())
    expect(JSON.stringify(device.stored)).not.toMatch(/right-password|12345678/)
  })

  it('counts from the earlier clock, so that one that ran ahead at the sign-in gives no more days', async () => {
    now = new Date('2027-11-23T08:00:00Z')
    await session.calls.signInWithKey(withKey())
    await session.calls.signOut({})
    central.reachable = false
    now = new Date('2026-12-01T08:00:00Z')
    expect(await codeOf(session.calls.signInWithKey(withKey()))).toBe('offline-unlock-expired')
  })

  it('asks for PIN or password once when the central service answers again, and goes on', async () => {
    await session.calls.signInWithKey(withKey())
    await session.calls.signOut({})
    central.reachable = false
    await session.calls.signInWithKey(withKey())
    central.reachable = true
    workspaces.opened.at(-1)?.setSync('waiting-for-sign-in')
    expect(emitted.at(-1)).toMatchObject({ phase: 'signed-in', connection: 'sign-in-needed' })
    const opened = workspaces.opened.length
    await session.calls.unlockWithKey(withKey())
    workspaces.opened.at(-1)?.setSync('idle')
    expect(emitted.at(-1)).toMatchObject({ connection: 'online', offlineUntil: null })
    expect(workspaces.opened).toHaveLength(opened)
    // The line goes down under a session that began online: the clerk reads how long it may last.
    workspaces.opened.at(-1)?.setSync('offline')
    expect(emitted.at(-1)).toMatchObject({ connection: 'offline', offlineUntil: expect.any(String) })
  })
})

describe('the lock screen', () => {
  it('locks when the key is pulled, pauses the queue and keeps the unit open for what was typed', async () => {
    await session.calls.signInWithKey(withKey())
    session.keyRemoved()
    expect(emitted.at(-1)).toMatchObject({ phase: 'locked', reason: 'key-removed' })
    expect(workspaces.opened[0]).toMatchObject({ paused: true, closed: false })
    expect(() => session.requireUnlocked()).toThrow(expect.objectContaining({ code: 'locked' }) as Error)
    expect(session.requireOpen().workspace).toBe(workspaces.opened[0])
    expect(central.calls).toContain('suspendSession')
  })

  it('stops the queue for a key pulled behind another lock too', async () => {
    await session.calls.signInWithKey(withKey())
    await session.calls.lock({})
    expect(workspaces.opened[0]?.paused).toBe(false)
    session.keyRemoved()
    expect(emitted.at(-1)).toMatchObject({ phase: 'locked', reason: 'key-removed' })
    expect(workspaces.opened[0]?.paused).toBe(true)
  })

  it('opens again with the same key and lets the queue go on in the same workspace', async () => {
    await session.calls.signInWithKey(withKey())
    session.keyRemoved()
    expect(await session.calls.unlockWithKey(withKey())).toMatchObject({ phase: 'signed-in', connection: 'online' })
    expect(workspaces.opened).toHaveLength(1)
    expect(workspaces.opened[0]).toMatchObject({ paused: false, closed: false })
  })

  it("refuses another company's key before its PIN is tried", async () => {
    const foreign = await fakeKey(otherUnit.name, 'serial-2')
    keys = fakeKeys(key, foreign)
    start()
    await session.calls.signInWithKey(withKey())
    session.keyRemoved()
    expect(await codeOf(session.calls.unlockWithKey(withKey({ certificateId: foreign.certificateId })))).toBe('key-different')
    expect(keys.logins).toEqual([key.certificateId])
  })

  it('never opens the data of one unit to a session of another', async () => {
    await session.calls.signInWithKey(withKey())
    await session.calls.lock({})
    central.keyAnswer = centralSession(colleague, otherUnit)
    expect(await codeOf(session.calls.unlockWithKey(withKey()))).toBe('different-unit')
    expect(await session.calls.state({})).toMatchObject({ phase: 'locked', organization: { id: unit.id } })
  })
})

describe('where the operator wants lock and password together', () => {
  beforeEach(async () => {
    central.caNeedsPassword = true
    await session.calls.signInWithKey(withKey())
    await session.calls.chooseAccount({ accountId: clerk.id, password: 'right-password' })
    await session.calls.lock({})
  })

  it('unlocks with both in one call', async () => {
    expect(await session.calls.unlockWithKey({ ...withKey(), password: 'right-password' })).toMatchObject({ phase: 'signed-in', connection: 'online' })
    expect(workspaces.opened).toHaveLength(1)
  })

  it('unlocks with the lock first and the password after it, and a wrong password asks for no second PIN', async () => {
    expect(await codeOf(session.calls.unlockWithKey(withKey()))).toBe('ca-needs-password')
    expect(await session.calls.state({})).toMatchObject({ phase: 'locked' })
    const pins = keys.logins.length
    expect(await codeOf(session.calls.unlockWithPassword({ password: 'wrong' }))).toBe('own-password-wrong')
    expect(await session.calls.unlockWithPassword({ password: 'right-password' })).toMatchObject({ phase: 'signed-in', way: 'ca-key' })
    expect(keys.logins).toHaveLength(pins)
  })

  it('forgets the first half when the key is pulled', async () => {
    await codeOf(session.calls.unlockWithKey(withKey()))
    session.keyRemoved()
    expect(await codeOf(session.calls.unlockWithPassword({ password: 'right-password' }))).toBe('password-needs-ca')
    expect(await session.calls.state({})).toMatchObject({ phase: 'locked', reason: 'key-removed' })
  })
})

describe('signing out', () => {
  it('closes the unit, ends the session and forgets the token', async () => {
    await session.calls.signInWithKey(withKey())
    expect(await session.calls.signOut({})).toEqual({ phase: 'signed-out', lastUsername: null })
    expect(workspaces.opened[0]?.closed).toBe(true)
    expect(central.token).toBeNull()
    expect(central.ended).toEqual(['token-of-zhang'])
    expect(keys.watched).toBeNull()
  })

  it('does not wait for the central service to answer', async () => {
    await session.calls.signInWithKey(withKey())
    central.endSession = () => {
      central.ended.push(central.token)
      return new Promise<never>(() => undefined)
    }
    expect(await session.calls.signOut({})).toMatchObject({ phase: 'signed-out' })
    expect(central.ended).toEqual(['token-of-zhang'])
    expect(central.token).toBeNull()
  })
})
