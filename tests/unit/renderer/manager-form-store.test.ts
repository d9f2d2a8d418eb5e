import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RegistrationForm } from '../../../shared/contract/registrations.contract.ts'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'
import { emptyManagerValues, type ManagerValues } from '../../../shared/domain/manager-fields.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** A host with one registration, as strict about revisions as the real one. */
const host = vi.hoisted(() => {
  const state = { form: null as unknown, changed: [] as ((data: { ids: string[] | null }) => void)[], keeps: 0, owner: { outcome: 'free' } as unknown, asked: [] as unknown[], submits: 0, discards: 0, here: '' }
  return state
})

interface Input {
  id: string
  values: ManagerValues
  revision: number
}

function stored(): RegistrationForm {
  if (!host.form) throw new AppError('not-found')
  return host.form as RegistrationForm
}

function write(input: Input, change: Partial<RegistrationForm>): RegistrationForm {
  if (input.revision !== stored().revision) throw new AppError('draft-stale')
  host.form = { ...stored(), values: input.values, revision: stored().revision + 1, ...change }
  return stored()
}

vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: {
    registrations: {
      open: async () => structuredClone(stored()),
      keepDraft: async (input: Input) => {
        host.keeps++
        const { revision } = write(input, { hasDraft: true })
        return { revision, keptAt: '2026-11-25T02:00:00.000Z' }
      },
      save: async (input: Input) => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return write({ ...input, values: { ...input.values, name: input.values.name.trim() } }, { hasDraft: false })
      },
      submit: async (input: Input) => {
        if (host.here !== '') throw new AppError('registration-here', { id: host.here })
        const answer = write(input, { hasDraft: false, syncState: 'queued' })
        host.submits++
        return answer
      },
      checkIdCardNo: async (input: unknown) => {
        host.asked.push(input)
        return host.owner
      },
      discardDraft: async () => {
        stored()
        host.discards++
        return {}
      },
    },
  },
  onHostEvent: (_group: string, _event: string, listener: (data: { ids: string[] | null }) => void) => void host.changed.push(listener),
  onHostReconnected: () => undefined,
}))

const { useManagerFormStore } = await import('../../../renderer/stores/manager-form.store.ts')
const id = '018f0000-0000-7000-8000-0000000000f1'

async function openForm(values: Partial<ManagerValues> = {}) {
  host.form = {
    id, values: { ...emptyManagerValues(), name: '王芳', ...values }, revision: 1, hasDraft: false, isOnlyDraft: false, syncState: 'uploaded', reviewStatus: 'pending',
    employmentStatus: 'employed', returnReason: null, keptAt: null,
  } satisfies RegistrationForm
  const store = useManagerFormStore()
  await store.open(id)
  return store
}

/** Somebody else writes the same registration: another window, or a pull. */
function elsewhere(change: Partial<ManagerValues>): void {
  host.form = { ...stored(), values: { ...stored().values, ...change }, revision: stored().revision + 1 }
}

const settle = () => vi.advanceTimersByTimeAsync(1_500)

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  host.changed.length = 0
  Object.assign(host, { keeps: 0, owner: { outcome: 'free' }, asked: [], submits: 0, discards: 0, here: '' })
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
    for (const tell of host.changed) tell({ ids: [id] })
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

/** Passes every check. */
const whole: Partial<ManagerValues> = {
  jobPosition: '施工员', professionalTitle: '工程师', sex: '2', birthDate: '1949-12-31', ethnicity: '01', idCardNo: '11010519491231002X', hukouRegion: '310104',
  residenceRegion: '310115', residenceDetail: '示例路1号', nativePlace: '310104', highestEducation: '06', mobile: '13812345678',
}

describe('a form whose text somebody else replaced, unheard of here', () => {
  it('is not submitted: both texts are shown, and 提交 sends what was chosen', async () => {
    const store = await openForm({ ...whole, birthDate: '1949-12-31' })
    store.change('jobPosition', '窗口一')
    await settle()
    elsewhere({ jobPosition: '窗口二', professionalTitle: '高级工程师' })
    await expect(store.submit()).rejects.toMatchObject({ code: 'draft-stale' })
    expect(store.clash).toMatchObject({ conflicts: [{ field: 'jobPosition' }], theirs: { jobPosition: '窗口二' } })
    for (const tell of host.changed) tell({ ids: [id] })
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
    for (const tell of host.changed) tell({ ids: [id] })
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
    host.owner = { outcome: 'free', checkedOnline: true }
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
