import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { bridgeModule, elsewhere, host, id, placeForm, resetHost, stored, tellChange } from './form-host.ts'

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

describe('an open form', () => {
  it('does not count as saved while something typed is not on the disk', async () => {
    const store = await openForm()
    store.change('jobPosition', '施工员')
    await settle()
    expect([store.unkept, store.keptAt]).toEqual([false, '2026-11-25T02:00:00.000Z'])
    store.change('jobPosition', '质量员')
    expect(store.unkept).toBe(true)
    await settle()
    expect(store.unkept).toBe(false)
  })

  it('takes another window’s change of another field in, and keeps what was typed here', async () => {
    const store = await openForm()
    elsewhere({ jobPosition: '项目经理' })
    store.change('mobile', '13800138000')
    await settle()
    expect(store.values).toMatchObject({ jobPosition: '项目经理', mobile: '13800138000' })
    expect(stored().values).toMatchObject({ jobPosition: '项目经理', mobile: '13800138000' })
    expect(store.clash).toBeNull()
  })

  it('shows both texts where two windows changed the same field, and loses neither before the clerk has chosen', async () => {
    const store = await openForm()
    elsewhere({ mobile: '13900139000' })
    store.change('mobile', '13800138000')
    await settle()
    expect(store.clash?.conflicts).toEqual([{ field: 'mobile', group: null }])
    expect(store.values.mobile).toBe('13800138000')
    expect(stored().values.mobile).toBe('13900139000')
    store.settleClash({ mobile: 'mine' })
    await settle()
    expect(stored().values.mobile).toBe('13800138000')
  })

  it('follows a pulled change where nothing was typed', async () => {
    const store = await openForm()
    elsewhere({ jobPosition: '质量员' })
    tellChange()
    await settle()
    expect(store.values.jobPosition).toBe('质量员')
    expect(host.keeps).toBe(0)
  })

  it('keeps what is typed while 保存 is being answered', async () => {
    const store = await openForm()
    store.change('name', ' 王芳芳 ')
    const saving = store.save()
    await vi.advanceTimersByTimeAsync(50)
    store.change('mobile', '13800138000')
    await vi.advanceTimersByTimeAsync(60)
    await saving
    expect(store.values).toMatchObject({ name: '王芳芳', mobile: '13800138000' })
    await settle()
    expect(stored()).toMatchObject({ values: { name: '王芳芳', mobile: '13800138000' }, hasDraft: true })
    expect(store.touched).toBe(true)
  })

  it('derives sex and birth date from the number as it is typed, and locks them', async () => {
    const store = await openForm()
    store.change('idCardNo', '11010519491231002x')
    expect(store.values).toMatchObject({ sex: '2', birthDate: '1949-12-31' })
    expect([...store.locked]).toEqual(expect.arrayContaining(['sex', 'birthDate']))
  })

  it('is not submitted with something missing: it says what, and asks the host nothing', async () => {
    const store = await openForm()
    await expect(store.submit()).rejects.toMatchObject({ code: 'registration-invalid' })
    expect(store.shownProblems.mobile).toBe('请填写联系电话。')
    expect(stored().revision).toBe(1)
  })

  it('shows what is wrong with a field only after the clerk has been there', async () => {
    const store = await openForm()
    store.change('mobile', '1380')
    expect(store.shownProblems.mobile).toBeUndefined()
    store.visit('mobile')
    expect(store.shownProblems.mobile).toContain('11位')
    expect(store.shownProblems.jobPosition).toBeUndefined()
  })

  it('says neither saved nor submitted while two windows disagree, and lets nobody leave by keeping a draft that is not kept', async () => {
    const store = await openForm()
    elsewhere({ mobile: '13900139000' })
    store.change('mobile', '13800138000')
    await settle()
    await expect(store.save()).rejects.toMatchObject({ code: 'draft-stale' })
    await expect(store.flush()).rejects.toMatchObject({ code: 'draft-stale' })
    expect(store.values.mobile).toBe('13800138000')
    store.settleClash({ mobile: 'theirs' })
    await store.flush()
    expect(store.values.mobile).toBe('13900139000')
  })

  it('goes on by itself once the clerk types what the other window has', async () => {
    const store = await openForm()
    elsewhere({ mobile: '13900139000', jobPosition: '质量员' })
    store.change('mobile', '13800138000')
    await settle()
    store.change('mobile', '13900139000')
    expect(store.clash).toBeNull()
    expect(store.values).toMatchObject({ mobile: '13900139000', jobPosition: '质量员' })
  })

  it('of a person who was removed meanwhile says so, and can be left', async () => {
    const store = await openForm()
    host.form = null
    store.change('mobile', '13800138000')
    await settle()
    expect(store.keepFailure?.code).toBe('not-found')
    await expect(store.flush()).rejects.toMatchObject({ code: 'not-found' })
    await store.discard()
    expect(store.touched).toBe(false)
    await store.flush()
  })
})

