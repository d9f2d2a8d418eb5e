import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bridgeModule, host, id, placeForm, resetHost, stored, tellChange } from './form-host.ts'

vi.mock('../../../renderer/bridge/bridge.ts', () => bridgeModule)
vi.mock('vue-router', () => ({ useRouter: () => ({ push: () => undefined }) }))

const { useManagerFormStore } = await import('../../../renderer/stores/manager-form.store.ts')
const { default: FormStatus } = await import('../../../renderer/pages/manager-register/form-status.vue')

async function openForm() {
  const store = useManagerFormStore()
  await store.open(id)
  const status = mount(FormStatus)
  return { store, notes: () => status.findAll('.note').map((note) => note.text()) }
}

beforeEach(() => {
  setActivePinia(createPinia())
  resetHost()
  placeForm()
})

describe('what stands above the form', () => {
  it('says that a colleague has changed the person, from the moment that is known here', async () => {
    const { notes } = await openForm()
    expect(notes()).toEqual([])
    host.form = { ...stored(), changedElsewhere: true }
    tellChange()
    await flushPromises()
    expect(notes()).toEqual([expect.stringContaining('同事已更新该人员的资料')])
  })

  it('says that 提交 is still wanted where a settled conflict leaves something that was not submitted', async () => {
    const { store, notes } = await openForm()
    host.settled = { syncState: 'local-only' }
    await store.resolveConflict(id, { jobPosition: 'mine' })
    await flushPromises()
    expect(notes()).toEqual(['冲突已处理。您修改的内容还没有提交，请检查后点【提交】。'])
    await store.open(id)
    await flushPromises()
    expect(notes(), 'opened anew').toEqual([])

    host.settled = { syncState: 'queued' }
    await store.resolveConflict(id, { jobPosition: 'mine' })
    await flushPromises()
    expect(notes(), 'it is on its way').toEqual([])
  })
})
