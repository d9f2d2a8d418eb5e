import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const host = vi.hoisted(() => ({ profile: Promise.withResolvers<unknown>() }))

vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { organization: { profile: () => host.profile.promise } },
  onHostEvent: () => undefined,
}))

const { useOrganizationStore } = await import('../../../renderer/stores/organization.store.ts')
const { useRegionsStore } = await import('../../../renderer/stores/regions.store.ts')

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => vi.unstubAllGlobals())

describe('企业基本信息', () => {
  it('of the last unit is not shown when its answer comes after signing out', async () => {
    const store = useOrganizationStore()
    const loading = store.load()
    store.forget()
    host.profile.resolve({ name: '上一单位' })
    await loading
    expect(store.profile).toBeNull()
  })
})

describe('行政区划', () => {
  const regions = [['310000', '上海市', 'shang hai shi']]
  const answers = (...list: Response[]) => vi.stubGlobal('fetch', vi.fn(async () => list.shift() ?? Promise.reject(new Error('asked too often'))))

  it('that could not be read are read again, once', async () => {
    answers(new Response(null, { status: 404 }), Response.json({ regions }))
    const store = useRegionsStore()
    await store.load()
    expect(store.failed).toBe(true)
    await store.load()
    expect(store.failed).toBe(false)
    expect(store.label('310000')).toBe('上海市')
    await store.load()
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})
