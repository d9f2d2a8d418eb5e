import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'
import { createDraftKeeper } from '../../../renderer/stores/draft-keeper.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what is typed', () => {
  it('is kept within a second of the first key, however long the typing goes on', async () => {
    const kept: number[] = []
    const keeper = createDraftKeeper(async () => void kept.push(performance.now()), () => undefined)
    const began = performance.now()
    for (let key = 0; key < 40; key++) {
      keeper.changed()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(kept[0]! - began).toBeLessThanOrEqual(1_000)
    for (const [index, at] of kept.entries()) expect(at - (kept[index - 1] ?? began)).toBeLessThanOrEqual(1_000)
  })

  it('is kept soon after the last key, once', async () => {
    const keep = vi.fn(async () => undefined)
    const keeper = createDraftKeeper(keep, () => undefined)
    keeper.changed()
    keeper.changed()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(keep).toHaveBeenCalledTimes(1)
    expect(keeper.isPending).toBe(false)
  })

  it('is kept again where more came while it was being kept', async () => {
    let finish = () => undefined as void
    const keep = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
    const keeper = createDraftKeeper(keep, () => undefined)
    keeper.changed()
    await vi.advanceTimersByTimeAsync(400)
    keeper.changed()
    finish()
    await vi.advanceTimersByTimeAsync(400)
    expect(keep).toHaveBeenCalledTimes(2)
    finish()
    await vi.advanceTimersByTimeAsync(0)
    expect(keeper.isPending).toBe(false)
  })
})

describe('a failure to keep it', () => {
  it('is told, tried again, and taken back once it went well', async () => {
    const told: (string | null)[] = []
    let full = true
    const keep = vi.fn(async () => {
      if (full) throw new AppError('local-full')
    })
    const keeper = createDraftKeeper(keep, (failure) => void told.push(failure?.code ?? null))
    keeper.changed()
    await vi.advanceTimersByTimeAsync(400)
    expect(told).toEqual(['local-full'])
    expect(keeper.isPending).toBe(true)
    full = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect(told).toEqual(['local-full', null])
    expect(keeper.isPending).toBe(false)
  })
})

describe('a form that was saved or left', () => {
  it('is not kept any more', async () => {
    const keep = vi.fn(async () => undefined)
    const keeper = createDraftKeeper(keep, () => undefined)
    keeper.changed()
    keeper.settled()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(keep).not.toHaveBeenCalled()
  })
})
