import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'

vi.mock('../../../renderer/bridge/bridge.ts', () => ({ bridge: {}, onHostEvent: () => undefined, onHostReconnected: () => undefined }))

const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const { default: AccountChoice } = await import('../../../renderer/pages/sign-in/account-choice.vue')

const account = (id: string, needsPassword = false) => ({ id, displayName: id, needsPassword })

beforeEach(() => {
  document.body.innerHTML = ''
  setActivePinia(createPinia())
})

function chosenAmong(accounts: ReturnType<typeof account>[], lastAccountId: string | null): string | undefined {
  const choice = mount(AccountChoice, { props: { choosing: { phase: 'choosing-account', organizationName: '甲公司', accounts, lastAccountId } }, attachTo: document.body })
  return choice.find<HTMLInputElement>('input[type="radio"]:checked').exists() ? choice.find<HTMLInputElement>('input[type="radio"]:checked').element.value : undefined
}

it('of several accounts verified here the one that signed in last on this device is chosen, also after a restart', () => {
  expect(chosenAmong([account('zhang'), account('li'), account('wang', true)], 'li')).toBe('li')
})

it('of several accounts none is chosen where none of them has been here', () => {
  expect(chosenAmong([account('zhang'), account('li')], null)).toBeUndefined()
  expect(chosenAmong([account('zhang', true), account('li', true)], 'wang')).toBeUndefined()
})

it('whoever was in this window last comes before whoever signed in last on this device', () => {
  useSessionStore().lastAccountId = 'zhang'
  expect(chosenAmong([account('zhang'), account('li')], 'li')).toBe('zhang')
})
