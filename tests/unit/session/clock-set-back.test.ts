import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeOf, day, startSession } from './session-rig.ts'

const minute = 60_000
let rig: Awaited<ReturnType<typeof startSession>>

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  rig = await startSession()
  await rig.calls.signInWithKey(rig.withKey)
})
afterEach(() => {
  vi.useRealTimers()
})

const unlock = () => codeOf(rig.calls.unlockWithKey(rig.withKey))
function pass(time: number): void {
  for (let passed = 0; passed < time; passed += minute) {
    rig.clock.at += minute
    vi.advanceTimersByTime(minute)
  }
}

describe('a clock set back while the central service is out of reach', () => {
  it('behind an offline unlock refuses the next one', async () => {
    rig.central.reachable = false
    rig.clock.at += 4 * day
    expect(await unlock()).toBe('no error')
    await rig.calls.lock({})
    rig.clock.at -= 2 * day
    expect(await unlock()).toBe('offline-clock-back')
    rig.clock.at += 2 * day
    expect(await unlock()).toBe('no error')
  })

  it('behind an hour of work refuses as well, signed out in between', async () => {
    pass(60 * minute)
    rig.central.reachable = false
    await rig.calls.signOut({})
    rig.clock.at -= 30 * minute
    expect(await codeOf(rig.calls.signInWithKey(rig.withKey))).toBe('offline-clock-back')
  })

  it('locks the unit that is open offline', async () => {
    rig.central.reachable = false
    rig.clock.at += day
    await unlock()
    rig.clock.at -= day / 2
    vi.advanceTimersByTime(minute)
    expect(await rig.calls.state({})).toMatchObject({ phase: 'locked' })
  })

  it('is no matter once somebody signs in online, and a clock that ran ahead is forgiven by it', async () => {
    pass(60 * minute)
    rig.clock.at -= 60 * minute
    expect(await unlock()).toBe('no error')
    rig.central.reachable = false
    expect(await unlock()).toBe('no error')
  })

  it('is remembered without writing at every tick', () => {
    pass(60 * minute)
    expect(rig.device.seenWrites).toBeGreaterThan(5)
    expect(rig.device.seenWrites).toBeLessThan(13)
  })
})
