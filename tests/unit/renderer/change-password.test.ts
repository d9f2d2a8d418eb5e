import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'

const host = vi.hoisted((): { answer: () => Promise<unknown> } => ({ answer: async () => ({}) }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { session: { changePassword: () => host.answer() } },
  onHostEvent: () => undefined,
  onHostReconnected: () => undefined,
}))
// A style sheet, which only a browser takes.
vi.mock('element-plus/es/components/message/style/css', () => ({}))

const { default: ChangePasswordDialog } = await import('../../../renderer/pages/frame/change-password-dialog.vue')

async function openDialog() {
  mount(ChangePasswordDialog, { props: { modelValue: true }, attachTo: document.body })
  await flushPromises()
  const type = async (name: 'present' | 'wanted' | 'again', text: string) => {
    const input = document.querySelector<HTMLInputElement>(`#password-${name}`)
    if (!input) throw new Error(`no field ${name}`)
    input.value = text
    input.dispatchEvent(new Event('input', { bubbles: true }))
    await flushPromises()
  }
  const save = async () => {
    document.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await flushPromises()
  }
  return { type, save, says: () => document.querySelector('.failure-note')?.textContent.trim() ?? 'no note' }
}

beforeEach(() => {
  document.body.innerHTML = ''
  setActivePinia(createPinia())
  host.answer = async () => {
    throw new AppError('password-wrong')
  }
})

describe('what the server answered to 修改密码', () => {
  const refusal = new AppError('password-wrong').sentence

  it('is said no longer once a field is changed', async () => {
    const dialog = await openDialog()
    await dialog.type('present', 'not-my-password')
    await dialog.type('wanted', 'own-words-1')
    await dialog.type('again', 'own-words-1')
    await dialog.save()
    expect(dialog.says()).toBe(refusal)
    await dialog.type('present', 'not-my-passwor')
    expect(dialog.says()).toBe('')
  })

  it('is not said beside what the page itself sees when 保存 is pressed, though it came after the field was changed', async () => {
    let refuse = (): void => undefined
    host.answer = () => new Promise((_resolve, reject) => void (refuse = () => reject(new AppError('password-wrong'))))
    const dialog = await openDialog()
    await dialog.type('present', 'not-my-password')
    await dialog.type('wanted', 'own-words-1')
    await dialog.type('again', 'own-words-1')
    await dialog.save()
    await dialog.type('again', 'own-words-2')
    refuse()
    await flushPromises()
    expect(dialog.says()).toBe(refusal)
    await dialog.save()
    expect(document.body.textContent).toContain('两次填写的新密码不一致')
    expect(dialog.says()).toBe('')
  })
})
