import { beforeEach, describe, expect, it } from 'vitest'
import { centralSession, choiceOf, clerk, colleague, otherUnit } from '../../support/session-fakes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { codeOf, password, startSession } from './session-rig.ts'

let rig: Awaited<ReturnType<typeof startSession>>
beforeEach(async () => {
  rig = await startSession()
})

describe('a session made at the central service that nobody here will use', () => {
  it("is ended where it is another unit's, and the open unit keeps its own", async () => {
    await rig.calls.signInWithKey(rig.withKey)
    await rig.calls.lock({})
    rig.central.keyAnswer = centralSession(colleague, otherUnit)
    expect(await codeOf(rig.calls.unlockWithKey(rig.withKey))).toBe('different-unit')
    expect(rig.central.ended).toEqual(['token-of-li'])
    expect(rig.central.token).toBe('token-of-zhang')
  })

  it("is ended where the unit's data do not open", async () => {
    const { open } = rig.workspaces
    rig.workspaces.open = () => Promise.reject(new AppError('local-full'))
    expect(await codeOf(rig.calls.signInWithKey(rig.withKey))).toBe('local-full')
    expect(rig.central.ended).toEqual(['token-of-zhang'])
    expect(rig.central.token).toBeNull()
    rig.workspaces.open = open
  })
})

describe('a key is not left open', () => {
  it('by a choice of accounts that is called off', async () => {
    rig.central.keyAnswer = choiceOf({ needsPassword: false }, clerk, colleague)
    await rig.calls.signInWithKey(rig.withKey)
    expect(rig.keys.opened.size).toBe(1)
    expect(await rig.calls.cancelSignIn({})).toMatchObject({ phase: 'signed-out' })
    expect(rig.keys.opened.size).toBe(0)
    expect(rig.keys.watched).toBeNull()
  })

  it.each(['ca-not-bound', 'challenge-expired'] as const)('by a sign-in that the central service refuses: %s', async (code) => {
    rig.central.refusals.set('signInWithCaKey', code)
    expect(await codeOf(rig.calls.signInWithKey(rig.withKey))).toBe(code)
    expect(rig.keys.opened.size).toBe(0)
  })

  it('by an offline sign-in that finds nothing', async () => {
    rig.central.reachable = false
    expect(await codeOf(rig.calls.signInWithKey(rig.withKey))).toBe('offline-unlock-unknown')
    expect(rig.keys.opened.size).toBe(0)
  })

  it('but stays open for the one who came in by it, until they sign out', async () => {
    await rig.calls.signInWithKey(rig.withKey)
    expect(rig.keys.opened.size).toBe(1)
    await rig.calls.signOut({})
    expect(rig.keys.opened.size).toBe(0)
  })

  it('by somebody who signs in with a password while it is offered', async () => {
    rig.central.keyAnswer = choiceOf({ needsPassword: false }, clerk, colleague)
    await rig.calls.signInWithKey(rig.withKey)
    await rig.calls.signInWithPassword({ username: clerk.username, password })
    expect(rig.keys.opened.size).toBe(0)
  })
})
