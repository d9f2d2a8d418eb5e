import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyPersonValues } from '../../../shared/domain/person-fields.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** A host that answers when it is told to. */
const host = vi.hoisted(() => ({ sent: [] as string[], answers: [] as ((error?: Error) => void)[] }))

vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  hostConnection: { value: 'open' },
  bridge: {
    registrations: {
      open: async () => ({
        id: 'f1', values: emptyPersonValues(), revision: 1, hasDraft: false, isOnlyDraft: false, departure: null, syncState: 'uploaded', reviewStatus: 'pending', employmentStatus: 'employed',
        returnReason: null, changedElsewhere: false, keptAt: null,
      }),
      keepDraft: ({ values }: { values: { formerName: string } }) => {
        host.sent.push(values.formerName)
        return new Promise((resolve, reject) => {
          host.answers.push((error) => (error ? reject(error) : resolve({ revision: host.sent.length + 1, keptAt: '2026-11-25T02:00:00.000Z' })))
        })
      },
    },
  },
  onHostEvent: () => undefined,
  onHostReconnected: () => undefined,
}))

const { useManagerFormStore } = await import('../../../renderer/stores/manager-form.store.ts')
const microtasks = async () => {
  for (let turns = 0; turns < 10; turns++) await Promise.resolve()
}

async function openForm() {
  const store = useManagerFormStore()
  await store.open('f1')
  return store
}

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  Object.assign(host, { sent: [], answers: [] })
})

describe('a window that is closed', () => {
  it('sends the last keys before any time passes, and need not ask', async () => {
    const store = await openForm()
    store.change('formerName', '关窗前')
    expect(store.handOver()).toBe(true)
    await microtasks()
    expect(host.sent).toEqual(['关窗前'])
  })

  it('has nothing to send or to ask where all is kept', async () => {
    const store = await openForm()
    expect(store.handOver()).toBe(true)
    await microtasks()
    expect(host.sent).toEqual([])
  })

  it('asks while an earlier call has no answer: the newest keys wait behind it', async () => {
    const store = await openForm()
    store.change('formerName', '一')
    await vi.advanceTimersByTimeAsync(1_000)
    store.change('formerName', '一二')
    expect(store.handOver()).toBe(false)
    host.answers[0]?.()
    await microtasks()
    expect(host.sent).toEqual(['一', '一二'])
  })

  it('asks where the host could not keep it', async () => {
    const store = await openForm()
    store.change('formerName', '满')
    await vi.advanceTimersByTimeAsync(1_000)
    host.answers[0]?.(new AppError('local-full'))
    await microtasks()
    expect(store.handOver()).toBe(false)
  })
})
