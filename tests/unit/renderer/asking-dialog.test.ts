import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, shallowRef } from 'vue'
import AskingDialog from '../../../renderer/components/asking-dialog.vue'
import { AppError } from '../../../shared/errors/app-error.ts'

afterEach(() => void (document.body.innerHTML = ''))

const press = async (label: string) => {
  ;[...document.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === label)?.click()
  await flushPromises()
}

describe('a dialog that asks', () => {
  it('stays with the sentence of what went wrong, does it once it can, and names it until it is gone', async () => {
    const asked = shallowRef<{ name: string } | null>({ name: '示例路小区' })
    const done: string[] = []
    let fails = true
    const dialog = () =>
      h(
        AskingDialog,
        {
          modelValue: asked.value,
          'onUpdate:modelValue': (now: { name: string } | null) => void (asked.value = now),
          title: ({ name }: { name: string }) => `删除${name}`,
          confirm: '删除',
          act: async () => {
            if (fails) throw new AppError('offline-clock-back')
          },
          onDone: ({ name }: { name: string }) => done.push(name),
        },
        { default: ({ what }: { what: { name: string } }) => h('p', `删除 ${what.name}？`) },
      )
    const page = mount(defineComponent(() => dialog), { attachTo: document.body })
    await flushPromises()
    await press('删除')
    expect(asked.value).not.toBeNull()
    expect(document.querySelector('[role="alert"]')?.textContent).toContain(new AppError('offline-clock-back').sentence)

    fails = false
    await press('删除')
    expect(asked.value).toBeNull()
    expect(done).toEqual(['示例路小区'])
    expect(document.body.textContent).toContain('删除 示例路小区？')

    asked.value = { name: '另一小区' }
    await flushPromises()
    expect(document.body.textContent).toContain('删除另一小区')
    expect(document.querySelector('[role="alert"]')?.textContent).toBe('')
    page.unmount()
  })
})
