import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { choiceOf, clerk, colleague } from '../../support/session-fakes.ts'
import { codeOf, startSession } from './session-rig.ts'

const minute = 60_000
let rig: Awaited<ReturnType<typeof startSession>>

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  rig = await startSession()
  await rig.calls.signInWithKey(rig.withKey)
})
afterEach(() => void vi.useRealTimers())

function pass(minutes: number): void {
  for (let passed = 0; passed < minutes; passed++) {
    rig.clock.at += minute
    vi.advanceTimersByTime(minute)
  }
}

describe('a workstation left alone', () => {
  it('locks a quarter of an hour after the last key, and what was typed is still kept', async () => {
    pass(14)
    await rig.calls.noteInput({ ago: 0 })
    pass(14)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'signed-in' })
    pass(1)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'locked', reason: 'away' })
    expect(rig.emitted.at(-1)).toMatchObject({ phase: 'locked', reason: 'away' })
    expect(rig.session.requireOpen().workspace).toBeDefined()
  })

  it('counts from when the last key was, not from when it was told of, and an older one of another window takes nothing away', async () => {
    pass(10)
    await rig.calls.noteInput({ ago: 0 })
    await rig.calls.noteInput({ ago: 5 * minute })
    pass(14)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'signed-in' })
    await rig.calls.noteInput({ ago: 14 * minute })
    pass(1)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'locked', reason: 'away' })
  })

  it('is opened again by the PIN, and its quarter of an hour begins anew', async () => {
    pass(15)
    expect(await codeOf((async () => rig.calls.noteInput({ ago: 0 }))())).toBe('locked')
    expect(await codeOf(rig.calls.unlockWithKey(rig.withKey))).toBe('no error')
    pass(14)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'signed-in' })
  })

  it('locks as it wakes, where it slept over the time', async () => {
    rig.clock.at += 120 * minute
    vi.advanceTimersByTime(minute)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'locked', reason: 'away' })
  })

  it('is not held open by a clock that was set back', async () => {
    rig.clock.at -= 120 * minute
    pass(16)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'locked', reason: 'away' })
  })

  it('takes back a PIN whose account nobody has chosen, so that the next one there cannot choose', async () => {
    await rig.calls.signOut({})
    rig.central.keyAnswer = choiceOf({ needsPassword: false }, clerk, colleague)
    expect(await rig.calls.signInWithKey(rig.withKey)).toMatchObject({ phase: 'choosing-account' })
    pass(14)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'choosing-account' })
    pass(1)
    await vi.waitFor(async () => expect(await rig.calls.state({})).toMatchObject({ phase: 'signed-out' }))
    expect(await codeOf(rig.calls.chooseAccount({ accountId: colleague.id, password: null }))).toBe('ticket-expired')
  })

  it('says what it was locked for first', async () => {
    await rig.calls.lock({})
    pass(20)
    expect(await rig.calls.state({})).toMatchObject({ reason: 'manual' })
  })
})
