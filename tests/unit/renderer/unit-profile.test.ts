import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../shared/errors/app-error.ts'

const standing = {
  version: 1, name: '甲修缮有限公司', kindLabel: '施工单位', creditCode: '91310104DEM000014T', address: '示例路1号', contactName: '王建国', contactPhone: '021-62345678',
  fetchedAt: '2026-11-30T02:00:00.000Z', mayEdit: true,
}
const host = vi.hoisted((): { profile: Record<string, unknown>; save: (input: unknown) => Promise<unknown>; changed: (() => void)[] } => ({ profile: {}, save: async () => ({}), changed: [] }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { organization: { profile: async () => host.profile, saveContact: (input: unknown) => host.save(input) }, session: { state: async () => ({}) } },
  onHostEvent: (group: string, _event: string, listener: () => void) => void (group === 'organization' && host.changed.push(listener)),
  onHostReconnected: () => undefined,
}))
// A style sheet, which only a browser takes.
vi.mock('element-plus/es/components/message/style/css', () => ({}))

const { default: UnitProfile } = await import('../../../renderer/pages/organization/unit-profile.vue')
const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')

async function open() {
  useSessionStore().state = { phase: 'signed-in', connection: 'online' } as never
  const page = mount(UnitProfile, { attachTo: document.body })
  await flushPromises()
  const input = (field: string) => page.find<HTMLInputElement>(`#unit-${field}`)
  return { page, input, save: () => page.find('form').trigger('submit').then(flushPromises) }
}

beforeEach(() => {
  document.body.innerHTML = ''
  setActivePinia(createPinia())
  host.profile = { ...standing }
  host.changed.length = 0
})

describe('联系信息', () => {
  it('is sent as far as it was changed, and with the version that is shown', async () => {
    const sent: unknown[] = []
    host.save = async (input) => {
      sent.push(input)
      return { ...standing, version: 2, contactName: '陈静' }
    }
    const { input, save } = await open()
    await input('contactName').setValue(' 陈静 ')
    await save()
    expect(sent).toEqual([{ version: 1, changes: { contactName: '陈静' } }])
    expect(input('contactName').element.value).toBe('陈静')
  })

  it('that is wrong is told at its field and not sent; what was left as it stands is not complained about', async () => {
    host.profile = { ...standing, contactPhone: '' }
    host.save = () => Promise.reject(new Error('sent'))
    const { page, input, save } = await open()
    await input('address').setValue('')
    await save()
    expect(page.findAll('.problem').map((each) => each.text())).toEqual(['请填写地址。'])
    expect(document.activeElement?.id).toBe('unit-address')
  })

  it('keeps what was typed where somebody else was faster, beside what stands there, and takes the other’s where it is told to', async () => {
    host.save = async () => {
      host.profile = { ...standing, version: 2, contactName: '陈静', address: '示例路2号' }
      throw new AppError('unit-changed')
    }
    const { page, input, save } = await open()
    await input('contactName').setValue('李强')
    await save()
    expect(page.text()).toContain('企业信息刚被其他管理员修改过')
    expect(input('contactName').element.value).toBe('李强')
    expect(input('address').element.value).toBe('示例路2号')
    expect(page.findAll('.clash').map((each) => each.text())).toEqual(['其他管理员已改为“陈静”。采用'])
    await page.find('.clash button').trigger('click')
    expect(input('contactName').element.value).toBe('陈静')
  })

  it('asks once where news of the other’s came before 保存: nobody overwrites what they may not have seen', async () => {
    const sent: unknown[] = []
    host.save = async (input) => {
      sent.push(input)
      return { ...standing, version: 3, contactName: '李强' }
    }
    const { page, input, save } = await open()
    await input('contactName').setValue('李强')
    host.profile = { ...standing, version: 2, contactName: '陈静' }
    for (const changed of host.changed) changed()
    await flushPromises()
    await save()
    expect(page.text()).toContain('企业信息刚被其他管理员修改过')
    expect(sent).toEqual([])
    await save()
    expect(sent).toEqual([{ version: 2, changes: { contactName: '李强' } }])
  })

  it('keeps what was typed while 保存 was on its way, and can save that as well', async () => {
    const sent: unknown[] = []
    let answer = (_saved: unknown): void => undefined
    host.save = (input) => {
      sent.push(input)
      return new Promise((resolve) => (answer = resolve))
    }
    const { input, save } = await open()
    await input('contactName').setValue('陈静')
    const saving = save()
    await flushPromises()
    await input('contactName').setValue('陈静怡')
    await input('address').setValue('示例路3号')
    answer({ ...standing, version: 2, contactName: '陈静' })
    await saving
    await flushPromises()
    expect(input('contactName').element.value).toBe('陈静怡')
    expect(input('address').element.value).toBe('示例路3号')
    void save()
    await flushPromises()
    expect(sent[1]).toEqual({ version: 2, changes: { contactName: '陈静怡', address: '示例路3号' } })
  })

  it('outlives a failure and the page itself', async () => {
    host.save = () => Promise.reject(new AppError('central-needed'))
    const first = await open()
    await first.input('contactName').setValue('李强')
    await first.save()
    expect(first.page.text()).toContain('此操作需要连接服务器')
    first.page.unmount()
    expect((await open()).input('contactName').element.value).toBe('李强')
  })

  it('is read-only for who is no 单位管理员, who is told who changes it', async () => {
    host.profile = { ...standing, mayEdit: false }
    const { page } = await open()
    expect(page.find('form').exists()).toBe(false)
    expect(page.text()).toContain('地址、联系人和联系电话由本单位的单位管理员修改。')
  })
})
