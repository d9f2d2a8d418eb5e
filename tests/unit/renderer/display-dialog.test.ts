import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { DisplaySettings } from '../../../shared/contract/display.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

const host = vi.hoisted(() => ({
  change: (_wanted: DisplaySettings): Promise<object> => Promise.resolve({}),
  listeners: [] as ((changed: DisplaySettings) => void)[],
}))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { display: { change: (wanted: DisplaySettings) => host.change(wanted) } },
  onHostEvent: (_group: string, _event: string, listener: (changed: DisplaySettings) => void) => void host.listeners.push(listener),
  onHostReconnected: () => undefined,
}))

const { followDisplaySettings } = await import('../../../renderer/theme/display.ts')
const { default: DisplayDialog } = await import('../../../renderer/pages/display/display-dialog.vue')

const radio = (value: string) => document.querySelector<HTMLInputElement>(`input[value="${value}"]`)
const chosen = () => [...document.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value)
function choose(value: string) {
  radio(value)?.click()
  return flushPromises()
}

beforeEach(async () => {
  document.body.innerHTML = ''
  document.documentElement.dataset['colours'] = 'dark'
  document.documentElement.dataset['textSize'] = 'large'
  setActivePinia(createPinia())
  host.listeners.length = 0
  host.change = async () => ({})
  mount(DisplayDialog, { props: { modelValue: true }, attachTo: document.body })
  await flushPromises()
})

describe('显示设置', () => {
  it('shows what the page has', () => {
    expect(chosen()).toEqual(['dark', 'large'])
    expect([...document.querySelectorAll('legend')].map(({ textContent }) => textContent)).toEqual(['颜色', '字号'])
  })

  it('hands on what is chosen at once, with what stays', async () => {
    const wanted: DisplaySettings[] = []
    host.change = async (settings) => (wanted.push(settings), {})
    await choose('light')
    await choose('largest')
    expect(wanted).toEqual([{ colours: 'light', textSize: 'large' }, { colours: 'light', textSize: 'largest' }])
  })

  it('loses no choice that is made while the one before is being kept', async () => {
    const wanted: DisplaySettings[] = []
    let keep = (): void => undefined
    host.change = (settings) => new Promise((resolve) => {
      wanted.push(settings)
      keep = () => resolve({})
    })
    await choose('light')
    await choose('system')
    keep()
    await flushPromises()
    keep()
    await flushPromises()
    expect(wanted.map(({ colours }) => colours)).toEqual(['light', 'system'])
    expect(chosen()).toEqual(['system', 'large'])
  })

  it('says why it was not kept, and shows what still holds', async () => {
    host.change = async () => {
      throw new AppError('local-full')
    }
    await choose('light')
    expect(document.querySelector('.failure-note')?.textContent.trim()).toBe(new AppError('local-full').sentence)
    expect(chosen()).toEqual(['dark', 'large'])
  })

  it('follows what another window chose, and so does the page', async () => {
    followDisplaySettings()
    for (const listener of host.listeners) listener({ colours: 'system', textSize: 'standard' })
    await flushPromises()
    expect(chosen()).toEqual(['system', 'standard'])
    expect({ ...document.documentElement.dataset }).toEqual({ colours: 'system', textSize: 'standard' })
  })
})
