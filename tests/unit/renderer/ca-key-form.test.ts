import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaKeyState, KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'
import { AppError, type ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'

const host = vi.hoisted(() => ({ tell: [] as ((state: unknown) => void)[], session: [] as ((state: unknown) => void)[] }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: {},
  onHostEvent: (group: string, _event: string, listener: (state: unknown) => void) => {
    if (group === 'caKey') host.tell.push(listener)
    if (group === 'session') host.session.push(listener)
  },
  onHostReconnected: () => undefined,
}))

const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const { default: CaKeyForm } = await import('../../../renderer/pages/sign-in/ca-key-form.vue')

const lock = (serial: string): KeyCertificate => ({
  certificateId: `${serial}/01`, tokenLabel: serial, tokenSerial: serial, company: `${serial}公司`, issuer: 'CA', notBefore: '2026-01-01T00:00:00Z', notAfter: '2099-01-01T00:00:00Z',
  problem: null, pin: { minLength: 4, maxLength: 16, low: false, finalTry: false, locked: false },
})

function open(failure: AppError = new AppError('internal')) {
  const signIn = vi.fn(async () => {
    throw failure
  })
  const form = mount(CaKeyForm, { props: { action: '登录', signIn }, attachTo: document.body })
  const plugged = async (...certificates: KeyCertificate[]) => {
    const state: CaKeyState = { phase: 'ready', driver: { name: 'driver', path: '/driver' }, chosenDriver: null, certificates, problem: null }
    for (const listener of host.tell) listener(state)
    await flushPromises()
  }
  return {
    signIn,
    plugged,
    asks: () => form.find('.choose').text(),
    says: () => form.find('form > .failure-note').text(),
    prove: async (pin: string) => {
      await form.find('#pin').setValue(pin)
      await form.trigger('submit')
      await flushPromises()
    },
    type: (pin: string) => form.find('#pin').setValue(pin),
    pin: () => form.find<HTMLInputElement>('#pin'),
    choose: (serial: string) => form.find(`input[value="${serial}/01"]`).trigger('change'),
  }
}

beforeEach(() => {
  document.body.innerHTML = ''
  host.tell.length = 0
  host.session.length = 0
  setActivePinia(createPinia())
})

describe('what went wrong with one CA lock', () => {
  it.each<[ErrorCode, ErrorDetails]>([['key-pin-wrong', {}], ['key-different', { company: '甲' }], ['ca-not-bound', {}]])('%s is no longer said once it is out, or another one is chosen', async (code, details) => {
    const form = open(new AppError(code, details))
    await form.plugged(lock('a'), lock('b'))
    await form.choose('a')
    await form.prove('1234')
    expect(form.says()).toBe(new AppError(code, details).sentence)
    await form.choose('b')
    expect(form.says()).toBe('')
    await form.prove('1234')
    expect(form.says()).not.toBe('')
    await form.plugged()
    expect(form.says()).toBe('')
  })

  it('is no longer said once the next PIN is begun', async () => {
    const form = open(new AppError('key-pin-wrong'))
    await form.plugged(lock('a'))
    await form.prove('1234')
    expect(form.says()).toBe(new AppError('key-pin-wrong').sentence)
    await form.type('1')
    expect(form.says()).toBe('')
  })

  it.each<[ErrorCode, ErrorDetails]>([['key-hung', {}], ['key-failed', { ckr: 'CKR_X' }], ['key-removed-while-signing', {}]])('%s, for which it went away by itself, is still said when it is back', async (code, details) => {
    const form = open(new AppError(code, details))
    await form.plugged(lock('a'))
    await form.prove('1234')
    await form.plugged()
    await form.plugged(lock('a'))
    expect(form.says()).toBe(new AppError(code, details).sentence)
  })
})

describe('the PIN field', () => {
  it('is emptied and left when its CA lock goes in the middle of a PIN; the rest of it finds no field when the lock is back', async () => {
    const form = open()
    await form.plugged(lock('a'))
    expect(document.activeElement).toBe(form.pin().element)
    await form.type('12')
    await form.plugged()
    await form.plugged(lock('a'))
    expect(form.pin().element.value).toBe('')
    expect(document.activeElement).not.toBe(form.pin().element)
  })

  it('is kept in sight with its button when another lock is plugged in above it', async () => {
    const form = open()
    await form.plugged(lock('a'))
    const shown = vi.spyOn(Element.prototype, 'scrollIntoView')
    await form.plugged(lock('a'), lock('b'))
    expect(shown).toHaveBeenCalled()
    expect((shown.mock.contexts.at(-1) as Element).textContent).toBe('登录')
    shown.mockClear()
    document.querySelector<HTMLElement>('input[type="radio"]')?.focus()
    await form.plugged(lock('a'), lock('b'), lock('c'))
    expect(shown, 'nobody is in the field').not.toHaveBeenCalled()
    shown.mockRestore()
  })

  it('says what is missing where 登录 is pressed without a PIN, as the password does', async () => {
    const form = open()
    await form.plugged(lock('a'))
    await form.prove('')
    expect(form.signIn).not.toHaveBeenCalled()
    expect(document.querySelector('#pin-state')?.textContent.trim()).toBe('请输入CA锁口令。')
    expect(document.activeElement).toBe(form.pin().element)
    await form.type('1')
    expect(document.querySelector('#pin-state')?.textContent.trim()).toBe('')
  })

  it('stays, with the focus, when another lock is plugged in before the first key of the PIN; the new one stands below', async () => {
    const form = open()
    await form.plugged(lock('b'))
    const field = form.pin().element
    expect(document.activeElement).toBe(field)
    await form.plugged(lock('a'), lock('b'))
    expect(document.querySelector<HTMLInputElement>('input[type="radio"]:checked')?.value).toBe('b/01')
    expect(form.pin().element).toBe(field)
    expect(document.activeElement).toBe(field)
    expect([...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].map(({ value }) => value)).toEqual(['b/01', 'a/01'])
  })

  it('says which lock is wanted where only another unit’s is in', async () => {
    useSessionStore()
    const who = { account: { id: 'a', username: 'zhang', displayName: '张', role: 'clerk' }, organization: { id: 'o', name: '甲公司', kind: 'contractor', creditCode: '' }, way: 'ca-key' }
    for (const listener of host.session) listener({ phase: 'locked', ...who, reason: 'manual' })
    const { plugged } = open()
    await plugged(lock('乙'))
    expect(document.body.textContent).toContain('插入的不是本单位的CA锁，请插入本单位的CA锁。')
    await plugged(lock('乙'), lock('甲'))
    expect(document.body.textContent).not.toContain('插入的不是本单位的CA锁')
    expect(document.querySelector('#pin')).not.toBeNull()
  })

  it('has the focus again when its CA lock is back and nothing had been typed', async () => {
    const form = open()
    await form.plugged(lock('a'))
    await form.plugged()
    await form.plugged(lock('a'))
    expect(document.activeElement).toBe(form.pin().element)
  })
})

describe('of two CA locks the chosen one is pulled out', () => {
  it('before its PIN is typed: the other one is chosen, and keys on their way go into no field', async () => {
    const form = open()
    await form.plugged(lock('a'), lock('b'))
    await form.choose('a')
    await flushPromises()
    form.pin().element.focus()
    await form.plugged(lock('b'))
    expect(document.querySelector<HTMLInputElement>('input[type="radio"]:checked')?.value).toBe('b/01')
    expect(document.activeElement).toBe(document.querySelector('input[type="radio"]:checked'))
    expect(form.pin().element.value).toBe('')
  })

  it('while its PIN is typed: none is chosen, and nothing of the PIN is left', async () => {
    const form = open()
    await form.plugged(lock('a'), lock('b'))
    await form.choose('a')
    await form.type('12')
    await form.plugged(lock('b'))
    expect(document.querySelector('input[type="radio"]:checked')).toBeNull()
    expect(form.pin().exists()).toBe(false)
    expect(document.activeElement, 'the keyboard is at the choice').toBe(document.querySelector('input[type="radio"]'))
    expect(form.asks()).toBe('所选的CA锁已拔出，请点选要使用的CA锁。')
    await form.plugged(lock('b'), lock('a'))
    expect(form.asks()).toBe('请点选要使用的CA锁。')
    await form.choose('b')
    await flushPromises()
    expect(form.pin().element.value).toBe('')
    expect(form.signIn).not.toHaveBeenCalled()
  })
})
