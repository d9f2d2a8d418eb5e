import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import DictionaryField from '../../../renderer/components/dictionary-field.vue'
import { dictionaries, type DictionaryName } from '../../../shared/dictionaries/index.ts'

afterEach(() => void (document.body.innerHTML = ''))

/** The field as a clerk has it who only uses the keyboard. */
async function fieldOf(dictionary: DictionaryName, begins = '') {
  const entry = (label: string) => dictionaries[dictionary].entries.find((candidate) => candidate.label === label)?.code ?? ''
  const code = ref(entry(begins))
  const page = defineComponent(() => () =>
    h(DictionaryField, { 'id': 'field', 'label': '项目', dictionary, 'modelValue': code.value, 'required': true, 'onUpdate:modelValue': (next: string) => void (code.value = next) }),
  )
  mount(page, { attachTo: document.body })
  await flushPromises()
  const input = document.querySelector<HTMLInputElement>('#field')
  if (!input) throw new Error('no field')
  input.focus()
  await flushPromises()
  return {
    /** What stands in the field after a key, or after something was pasted. */
    type: async (text: string) => {
      input.value = text
      input.dispatchEvent(new Event('input', { bubbles: true }))
      await flushPromises()
    },
    press: async (key: string) => {
      input.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }))
      await flushPromises()
    },
    value: () => dictionaries[dictionary].entries.find((candidate) => candidate.code === code.value)?.label ?? '',
    offered: () => [...document.querySelectorAll('.el-select-dropdown__item')].map(({ textContent }) => textContent.trim()),
    pointedAt: () => document.querySelector('.el-select-dropdown__item.is-hovering')?.textContent.trim() ?? null,
    isOpen: () => input.getAttribute('aria-expanded') === 'true',
  }
}

describe('a drop-down that is used with the keyboard', () => {
  it('takes what one letter and Enter mean, though it was closed', async () => {
    const field = await fieldOf('highestEducation')
    expect(field.isOpen()).toBe(false)
    await field.type('b')
    expect(field.pointedAt()).toBe('本科')
    expect(field.offered()[0]).toBe('本科')
    await field.press('Enter')
    expect(field.value()).toBe('本科')
  })

  it('takes what was pasted into it, though it was closed', async () => {
    const field = await fieldOf('highestDegree')
    await field.type('学士')
    expect(field.pointedAt()).toMatch(/学士/)
    await field.press('Enter')
    expect(field.value()).toMatch(/学士/)
  })

  it('forgets what was typed when it is closed', async () => {
    const field = await fieldOf('highestEducation')
    await field.type('b')
    await field.press('Enter')
    await field.press('Enter')
    expect(field.isOpen()).toBe(true)
    expect(field.offered().length).toBe(dictionaries.highestEducation.entries.length)
    await field.press('Enter')
    expect(field.value(), 'opened and closed again, it keeps what stands there').toBe('本科')
    await field.type('b')
    expect(field.pointedAt()).toBe('本科')
  })

  it('points at the first match again after a text that matched nothing', async () => {
    const field = await fieldOf('highestEducation', '小学')
    await field.type('b')
    await field.type('bz')
    expect(field.offered()).toEqual([])
    await field.press('Enter')
    expect(field.value()).toBe('小学')
    await field.type('b')
    expect(field.pointedAt()).toBe('本科')
    await field.press('Enter')
    expect(field.value()).toBe('本科')
  })

  it('offers everything again once Escape has emptied it, and the same letter finds the same', async () => {
    const field = await fieldOf('highestEducation')
    for (const text of ['zzz', 'b']) {
      await field.type(text)
      await field.press('Escape')
      expect(field.isOpen()).toBe(true)
      expect(field.offered().length).toBe(dictionaries.highestEducation.entries.length)
    }
    await field.type('b')
    expect(field.pointedAt()).toBe('本科')
    await field.press('Escape')
    await field.press('Escape')
    expect(field.isOpen()).toBe(false)
    expect(field.value()).toBe('')
  })
})
