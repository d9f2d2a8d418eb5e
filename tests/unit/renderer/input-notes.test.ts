import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SessionState } from '../../../shared/contract/session.contract.ts'

const noteInput = vi.hoisted(() => vi.fn(async (_input: { ago: number }) => ({})))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({ bridge: { session: { noteInput } }, onHostEvent: () => undefined, onHostReconnected: () => undefined }))
const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const { noteInputs } = await import('../../../renderer/pages/frame/input-notes.ts')

const who = { account: { id: 'a', username: 'zhang', displayName: '张敏', role: 'clerk' }, organization: { id: 'o', name: '甲公司' }, way: 'password' } as unknown as Omit<Extract<SessionState, { phase: 'locked' }>, 'phase' | 'reason'>
const signedIn: SessionState = { phase: 'signed-in', ...who, connection: 'online', offlineUntil: null, place: null, passwordByOperator: false }
let stop: () => void
beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  noteInput.mockClear()
  setActivePinia(createPinia())
  useSessionStore().state = signedIn
  stop = noteInputs()
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

const press = () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }))

it('the host hears of the first key at once and of the others now and then, the last one included and when it was', () => {
  for (let key = 0; key < 50; key++) {
    press()
    vi.advanceTimersByTime(1_000)
  }
  expect(noteInput.mock.calls).toEqual([[{ ago: 0 }], [{ ago: 1_000 }], [{ ago: 1_000 }]])
  // The last key was pressed at 49 s and nothing after it.
  vi.advanceTimersByTime(3_600_000)
  expect(noteInput.mock.calls.slice(3)).toEqual([[{ ago: 11_000 }]])
  window.dispatchEvent(new Event('pointermove'))
  expect(noteInput.mock.calls.slice(4)).toEqual([[{ ago: 0 }]])
})

it('a key that a locked window has noted is not told of behind the lock', () => {
  press()
  vi.advanceTimersByTime(1_000)
  press()
  useSessionStore().state = { phase: 'locked', ...who, reason: 'manual' }
  vi.advanceTimersByTime(60_000)
  expect(noteInput).toHaveBeenCalledTimes(1)
})

it('what it did not hear it is told with the next key', async () => {
  noteInput.mockRejectedValueOnce(new Error('out of reach'))
  press()
  await vi.advanceTimersByTimeAsync(0)
  press()
  expect(noteInput).toHaveBeenCalledTimes(2)
})

it('behind the lock screen nothing is told', () => {
  useSessionStore().state = { phase: 'locked', ...who, reason: 'away' }
  press()
  expect(noteInput).not.toHaveBeenCalled()
})

it('no page that is signed out tells it anything', () => {
  stop()
  press()
  expect(noteInput).not.toHaveBeenCalled()
})
