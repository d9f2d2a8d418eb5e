import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const account = { id: '01900000-0000-7000-8000-000000000001', version: 1, username: 'zhao.xin', displayName: '赵新', role: 'clerk', reviewsRegistrations: false, faceSignIn: 'off', disabled: false, passwordByOperator: false, lastSignInAt: null }
const host = vi.hoisted((): { reset: () => Promise<unknown> } => ({ reset: async () => ({}) }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { organization: { accounts: async () => ({ items: [account], mayChange: true }), resetPassword: () => host.reset() }, session: { state: async () => ({}) } },
  onHostEvent: () => undefined,
  onHostReconnected: () => undefined,
}))
// A style sheet, which only a browser takes.
vi.mock('element-plus/es/components/message/style/css', () => ({}))

const { default: UnitAccounts } = await import('../../../renderer/pages/organization/unit-accounts.vue')
const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')

beforeEach(() => {
  document.body.innerHTML = ''
  setActivePinia(createPinia())
})

describe('an initial password', () => {
  it('that comes behind the lock screen is shown once it is unlocked, and not before', async () => {
    const session = useSessionStore()
    const be = async (phase: string) => {
      session.state = { phase, connection: 'online', account: { id: 'somebody-else' } } as never
      await flushPromises()
    }
    let answer = (_password: { password: string }): void => undefined
    host.reset = () => new Promise((resolve) => (answer = resolve))
    await be('signed-in')
    const page = mount(UnitAccounts, { attachTo: document.body })
    await flushPromises()
    await page.find('[aria-label="重置密码 赵新"]').trigger('click')
    await flushPromises()
    ;[...document.querySelectorAll('button')].find(({ textContent }) => textContent?.includes('确认重置'))?.click()
    await be('locked')
    answer({ password: 'wxyz-2345-abcd' })
    await flushPromises()
    expect(document.body.textContent).not.toContain('wxyz-2345-abcd')
    await be('signed-in')
    expect(document.body.textContent).toContain('wxyz-2345-abcd')
    page.unmount()
  })
})
