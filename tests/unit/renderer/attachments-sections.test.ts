import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Attachment } from '../../../shared/contract/attachments.contract.ts'

const host = vi.hoisted(() => ({ items: [] as unknown[], registered: true, calls: [] as [string, unknown][], events: new Map<string, ((data: unknown) => void)[]>(), proofs: [] as unknown[] }))
vi.mock('../../../renderer/bridge/bridge.ts', () => {
  const answers: Record<string, () => unknown> = { list: () => ({ items: host.items, registered: host.registered }), expiringProofs: () => ({ items: host.proofs }), read: () => ({ chunk: '', size: 0 }) }
  const attachments = new Proxy({}, { get: (_, name: string) => async (input: unknown) => (host.calls.push([name, input]), answers[name]?.() ?? {}) })
  return {
    bridge: { attachments },
    onHostEvent: (group: string, event: string, listener: (data: unknown) => void) => void host.events.set(`${group}.${event}`, [...(host.events.get(`${group}.${event}`) ?? []), listener]),
    onHostReconnected: () => undefined,
  }
})
vi.mock('vue-router', () => ({ useRouter: () => ({ push: () => undefined }) }))

const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const { default: AttachmentsSections } = await import('../../../renderer/pages/manager-register/attachments/attachments-sections.vue')
const { default: ProofWarnings } = await import('../../../renderer/pages/manager-register/attachments/proof-warnings.vue')

const recordId = '018f0000-0000-7000-8000-000000000001'
const file = (name: string, change: Partial<Attachment> = {}): Attachment => ({
  id: `id of ${name}`, type: '15', name, mediaType: 'application/pdf', size: 1_000_000, proofDate: null, state: 'waiting', sent: 0, kept: true, addedAt: '2026-11-30T00:00:00.000Z',
  uploadedAt: null, uploadedBy: null, problem: null, nextTryAt: null, ...change,
})
const tell = async (event: string, data: unknown) => {
  for (const listener of host.events.get(event) ?? []) listener(data)
  await flushPromises()
}
const asked = (name: string) => host.calls.filter(([called]) => called === name).map(([, input]) => input)

async function open(...items: Attachment[]) {
  host.items = items
  const page = mount(AttachmentsSections, { props: { recordId, readOnly: false }, attachTo: document.body })
  await flushPromises()
  const button = (name: string) => page.findAll('button').find((each) => (each.attributes('aria-label') ?? each.text()) === name)
  return {
    button,
    press: async (name: string) => {
      await button(name)?.trigger('click')
      await flushPromises()
    },
    isOpen: (name: string) => button(name) !== undefined && button(name)?.attributes('disabled') === undefined,
    row: (name: string) => page.findAll('tbody tr').find((each) => each.text().includes(name)),
    text: () => page.text(),
    show: async (...next: Attachment[]) => {
      host.items = next
      await tell('attachments.changed', { recordId })
    },
  }
}

beforeEach(async () => {
  document.body.innerHTML = ''
  host.calls.length = 0
  host.events.clear()
  host.registered = true
  host.proofs = []
  setActivePinia(createPinia())
  useSessionStore()
  await tell('session.changed', { phase: 'signed-in', account: { id: 'somebody' }, connection: 'online', passwordByOperator: false })
})
afterEach(() => vi.useRealTimers())

describe('附件上传', () => {
  it('暂停 and 上传 are for all or for one, and offered only where there is something to pause or to go on with', async () => {
    const page = await open(file('甲', { state: 'uploaded' }))
    expect([page.isOpen('上传'), page.isOpen('暂停')]).toEqual([false, false])
    await page.show(file('甲', { state: 'uploading' }), file('乙', { state: 'paused' }))
    expect([page.isOpen('上传'), page.isOpen('暂停')]).toEqual([true, true])
    await page.press('暂停')
    await page.press('暂停 甲')
    expect(asked('pauseUpload')).toEqual([{ recordId, id: null }, { recordId, id: 'id of 甲' }])
    await page.press('上传')
    await page.press('上传 乙')
    expect(asked('startUpload')).toEqual([{ recordId, id: null }, { recordId, id: 'id of 乙' }])
    await page.show(file('丙', { state: 'refused', kept: false }))
    expect(page.button('上传 丙'), 'whose content is lost has nothing to send').toBeUndefined()
  })

  it('counts what has arrived of how many, and shows how far one is and how fast while it goes', async () => {
    const page = await open(file('甲', { state: 'uploaded', sent: 1_000_000 }), file('乙', { state: 'uploading' }))
    expect(page.text()).toContain('上传进度：1/2')
    await tell('attachments.progress', { id: 'id of 乙', recordId, sent: 420_000, bytesPerSecond: 2 << 20 })
    expect(page.row('乙')?.find('progress').attributes('value')).toBe('42')
    expect(page.text()).toContain('2.0 MB/秒')
    await tell('attachments.progress', { id: 'id of 乙', recordId: 'somebody else', sent: 900_000, bytesPerSecond: 1 })
    expect(page.row('乙')?.text()).toContain('42%')
    await page.show(file('甲', { state: 'uploaded' }), file('乙', { state: 'uploaded' }))
    expect(page.text()).toContain('上传进度：2/2')
    expect(page.text()).not.toContain('/秒')
  })

  it('says at the file why it was refused, when it is tried again, or that it waits for 提交', async () => {
    const page = await open(
      file('甲', { state: 'refused', problem: { code: 'attachment-quota', details: {} } }),
      file('乙', { problem: { code: 'central-unreachable', details: {} }, nextTryAt: new Date(Date.now() + 30_000).toISOString() }),
    )
    expect(page.row('甲')?.find('.tag').text()).toBe('未通过')
    expect(page.row('甲')?.find('.reason').text()).toMatch(/。$/)
    expect(page.row('乙')?.find('.reason').text()).toMatch(/秒后重试）$/)
    host.registered = false
    await page.show(file('丙'))
    expect(page.row('丙')?.text()).toContain('提交登记后自动上传')
  })

  it('删除 can be taken back for ten seconds, from where the focus then is', async () => {
    vi.useFakeTimers()
    const page = await open(file('甲'))
    await page.press('删除 甲')
    expect(asked('remove')).toEqual([{ id: 'id of 甲' }])
    expect(page.text()).toContain('已删除“甲”')
    expect(document.activeElement?.textContent).toBe('撤销')
    await page.press('撤销')
    expect(asked('restore')).toEqual([{ id: 'id of 甲' }])
    expect(page.text()).not.toContain('已删除')
    await page.press('删除 甲')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(page.button('撤销')).toBeUndefined()
  })
})

it('社保缴费证明提醒 follows the attachments too, and asks once more for all changes that come while it asks', async () => {
  const page = mount(ProofWarnings)
  await flushPromises()
  expect(page.text()).toBe('')
  host.proofs = [{ recordId, name: '张三', maskedIdCardNo: '310***********0019', proofDate: '2026-10-01', daysLeft: 1 }]
  host.calls.length = 0
  for (const listener of host.events.get('attachments.changed') ?? []) for (let change = 0; change < 5; change++) listener({ recordId: 'somebody' })
  await flushPromises()
  expect(asked('expiringProofs')).toHaveLength(2)
  expect(page.text()).toContain('社保缴费证明提醒1')
})
