import { flushPromises, mount } from '@vue/test-utils'
import { ElButton } from 'element-plus'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import PageTurner from '../../../renderer/components/page-turner.vue'
import { keepPlace } from '../../../renderer/components/kept-place.ts'
import { useTask } from '../../../renderer/components/use-task.ts'

afterEach(() => void (document.body.innerHTML = ''))

describe('the focus', () => {
  it('is again on the button that was disabled while its task ran, unless somebody took it elsewhere meanwhile', async () => {
    let done = (): void => undefined
    const page = defineComponent(() => {
      const { busy, run } = useTask()
      const work = () => run(() => new Promise<void>((resolve) => void (done = resolve)))
      return () => [h(ElButton, { loading: busy.value, onClick: work }, () => '立即同步'), h('input')]
    })
    const wrapper = mount(page, { attachTo: document.body })
    const button = wrapper.find('button')
    button.element.focus()
    await button.trigger('click')
    expect(button.element.disabled).toBe(true)
    // As a browser does with whatever is disabled under the focus.
    button.element.blur()
    done()
    await flushPromises()
    expect(document.activeElement).toBe(button.element)

    await button.trigger('click')
    wrapper.find('input').element.focus()
    done()
    await flushPromises()
    expect(document.activeElement).toBe(wrapper.find('input').element)
  })

  it('is given back with the caret where it was, though the field was selected meanwhile', () => {
    document.body.innerHTML = '<input id="number" value="1101051949" /><input id="other" /><input id="tick" type="checkbox" />'
    const [number, other, tick] = document.querySelectorAll('input')
    number?.focus()
    number?.setSelectionRange(4, 4)
    const goBack = keepPlace()
    other?.focus()
    number?.select()
    goBack()
    expect(document.activeElement).toBe(number)
    expect([number?.selectionStart, number?.selectionEnd]).toEqual([4, 4])

    tick?.focus()
    const goBackToTick = keepPlace()
    other?.focus()
    goBackToTick()
    expect(document.activeElement).toBe(tick)
  })

  it('stays on 下一页 at the last page, where it turns no further', async () => {
    const page = ref(1)
    const turned: number[] = []
    const turn = (next: number) => void (turned.push(next), (page.value = next))
    const wrapper = mount(defineComponent(() => () => h(PageTurner, { page: page.value, pageSize: 15, total: 30, onTurn: turn })), { attachTo: document.body })
    const next = wrapper.findAll('button').find((button) => button.text() === '下一页')
    next?.element.focus()
    await next?.trigger('click')
    await next?.trigger('click')
    expect(turned).toEqual([2])
    expect(next?.attributes()).toMatchObject({ 'aria-disabled': 'true' })
    expect(next?.attributes('disabled')).toBeUndefined()
    expect(document.activeElement).toBe(next?.element)
  })
})
