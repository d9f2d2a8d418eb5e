import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { bridgeModule, elsewhere, host, id, placeForm, resetHost, stored, tellChange, whole } from './form-host.ts'

vi.mock('../../../renderer/bridge/bridge.ts', () => bridgeModule)

const { useManagerFormStore } = await import('../../../renderer/stores/manager-form.store.ts')

async function openForm(values: Partial<PersonValues> = {}) {
  placeForm(values)
  const store = useManagerFormStore()
  await store.open(id)
  return store
}

const settle = () => vi.advanceTimersByTimeAsync(1_500)

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  resetHost()
})
afterEach(() => void vi.useRealTimers())

describe('a form whose text somebody else replaced, unheard of here', () => {
  it('is not submitted: both texts are shown, and 提交 sends what was chosen', async () => {
    const store = await openForm(whole)
    store.change('jobPosition', '窗口一')
    await settle()
    elsewhere({ jobPosition: '窗口二', professionalTitle: '高级工程师' })
    await expect(store.submit()).rejects.toMatchObject({ code: 'draft-stale' })
    expect(store.clash).toMatchObject({ conflicts: [{ field: 'jobPosition' }], theirs: { jobPosition: '窗口二' } })
    tellChange()
    await settle()
    expect(store.clash, 'still asked when the news comes').not.toBeNull()
    expect(store.values.jobPosition).toBe('窗口一')
    store.settleClash({ jobPosition: 'mine' })
    await store.submit()
    expect([host.submits, stored().values]).toEqual([1, expect.objectContaining({ jobPosition: '窗口一', professionalTitle: '高级工程师' })])
  })

  it.each(['save', 'submit'] as const)('and which was not touched here shows the new text first: %s', async (how) => {
    const store = await openForm(whole)
    elsewhere({ jobPosition: '窗口二' })
    const first = expect(store[how]()).rejects.toMatchObject({ code: 'draft-stale' })
    await settle()
    await first
    expect([store.values.jobPosition, store.clash, stored().revision]).toEqual(['窗口二', null, 2])
    const second = store[how]()
    await settle()
    await second
    expect(stored()).toMatchObject({ revision: 3, values: { jobPosition: '窗口二' } })
  })

  it('with the very same text is submitted without a question', async () => {
    const store = await openForm(whole)
    elsewhere({})
    await store.submit()
    expect(host.submits).toBe(1)
  })

  it('shows a text that replaced one already kept, once it hears of it', async () => {
    const store = await openForm(whole)
    store.change('jobPosition', '窗口一')
    await settle()
    elsewhere({ jobPosition: '窗口二' })
    tellChange()
    await settle()
    expect([store.values.jobPosition, store.clash]).toEqual(['窗口二', null])
  })
})

describe('an ID number changed in a form', () => {
  const other = '018f0000-0000-7000-8000-0000000000f2'
  const theirNo = `11010519711224001${idCardCheckCharacter('11010519711224001')}`
  const typeNumber = async (store: Awaited<ReturnType<typeof openForm>>) => {
    store.change('idCardNo', theirNo)
    store.visit('idCardNo')
    await settle()
  }

  it('is asked about once when the field is left, its own and a part of one not at all', async () => {
    const store = await openForm(whole)
    store.visit('idCardNo')
    store.change('idCardNo', theirNo.slice(0, 12))
    store.visit('idCardNo')
    await typeNumber(store)
    store.visit('idCardNo')
    await settle()
    expect(host.asked).toEqual([{ idCardNo: theirNo, except: id }])
  })

  it('that is somebody’s here says so at the field, and whose', async () => {
    const store = await openForm(whole)
    host.owner = { outcome: 'here', id: other }
    await typeNumber(store)
    expect([store.shownProblems.idCardNo, store.takenNumber?.here]).toEqual(['该人员已在本单位登记。', other])
    await expect(store.submit()).rejects.toMatchObject({ code: 'registration-invalid' })
    store.change('idCardNo', whole.idCardNo ?? '')
    expect([store.shownProblems.idCardNo, store.takenNumber]).toEqual([undefined, null])
  })

  it('that is registered at another unit is asked about again at 提交: it may be free by now', async () => {
    const store = await openForm(whole)
    host.owner = { outcome: 'elsewhere' }
    await typeNumber(store)
    expect(store.shownProblems.idCardNo).toContain('该人员已登记在其他单位')
    await expect(store.submit()).rejects.toMatchObject({ code: 'registration-invalid' })
    host.owner = { outcome: 'free', checkedOnline: true, transferIn: false }
    await store.submit()
    expect(host.submits).toBe(1)
  })

  it('that only the host knows to be somebody’s is marked like any other mistake', async () => {
    const store = await openForm(whole)
    host.here = other
    await expect(store.submit()).rejects.toMatchObject({ code: 'registration-invalid' })
    expect([store.shownProblems.idCardNo, store.takenNumber?.here]).toEqual(['该人员已在本单位登记。', other])
  })
})

describe('a person just begun', () => {
  const begin = async () => {
    const store = await openForm()
    host.form = { ...stored(), isOnlyDraft: true, hasDraft: true }
    await store.close()
    store.expectFresh(id, true)
    return store
  }

  it('goes where nobody typed, also before the form was there', async () => {
    const store = await begin()
    await store.dropUntouched(id)
    await store.open(id)
    await store.dropUntouched(id)
    expect(host.discards).toBe(2)
  })

  it('stays where somebody did in another window, or where it was not begun here', async () => {
    const store = await begin()
    elsewhere({ name: '王芳芳' })
    await store.open(id)
    await store.dropUntouched(id)
    await store.close()
    await store.dropUntouched(id)
    expect(host.discards).toBe(0)
  })
})

describe('a field that is left', () => {
  it('has its text in the spelling that will be stored', async () => {
    const store = await openForm(whole)
    store.change('mobile', '+86 139 0000 1234')
    store.change('residenceDetail', ' 示例路7号\t2室 ')
    for (const name of ['mobile', 'residenceDetail'] as const) store.visit(name)
    expect(store.values).toMatchObject({ mobile: '13900001234', residenceDetail: '示例路7号 2室' })
    expect(store.shownProblems).toEqual({})
  })
})
