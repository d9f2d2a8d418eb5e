import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CrewMember, FaceCandidate, FaceComparison, FacePerson } from '../../../shared/contract/faces.contract.ts'
import { faceConsentVersion } from '../../../shared/domain/face/consent.ts'

/** Of the host, as the stores listen to it. */
const events = vi.hoisted((): (() => void)[] => [])
const asked = vi.hoisted(() => ({ compare: vi.fn(), enrol: vi.fn(), person: vi.fn() }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({
  bridge: { attachments: { list: async () => ({ items: [] }) }, faces: { picture: async () => ({ picture: null }), crew: async () => ({ projectName: '', projectNo: '', people: [] }), state: async () => ({ stored: 0, warnFrom: 50_000 }), ...asked }, session: { state: async () => ({}) } },
  onHostEvent: (_group: string, _event: string, listener: () => void) => void events.push(listener),
  onHostReconnected: () => undefined,
}))
vi.mock('vue-router', () => ({ useRouter: () => ({}) }))
vi.mock('../../../renderer/pages/face-enrolment/use-face-engine.ts', () => ({ useFaceEngine: () => ({ engine: null, failure: null, start: () => undefined }) }))
// A style sheet, which only a browser takes.
vi.mock('element-plus/es/components/message/style/css', () => ({}))
const { default: FaceEnrolmentPage } = await import('../../../renderer/pages/face-enrolment/face-enrolment-page.vue')
const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const { default: ConsentPanel } = await import('../../../renderer/pages/face-enrolment/consent-panel.vue')
const { default: ComparisonPanel } = await import('../../../renderer/pages/face-enrolment/comparison-panel.vue')
const { default: DonePanel } = await import('../../../renderer/pages/face-enrolment/done-panel.vue')
const { useFacesStore } = await import('../../../renderer/stores/faces.store.ts')
const { default: CrewQueue } = await import('../../../renderer/pages/face-enrolment/crew-queue.vue')

const id = (last: number) => `018f0000-0000-7000-8000-${String(last).padStart(12, '0')}`
const person: FacePerson = {
  recordId: id(1), name: '王芳', maskedIdCardNo: '310***********1234', personType: 'worker', needsGuardian: false, documentId: id(91), portraitId: null, identityCheck: null, consent: null, enrolled: null,
  mayWithdraw: false, mayBeSent: false, history: [],
}
const button = (page: VueWrapper, name: string) => {
  const found = page.findAll('button').find((each) => each.text() === name)
  if (!found) throw new Error(`no button ${name}`)
  return found
}
const isOff = (page: VueWrapper, name: string) => button(page, name).attributes('disabled') !== undefined

beforeEach(() => setActivePinia(createPinia()))

describe('the consent to a face', () => {
  const ask = (of: Partial<FacePerson> = {}) => mount(ConsentPanel, { props: { person: { ...person, ...of }, unitName: '甲修缮有限公司', busy: false } })

  it('has nothing ticked beforehand, and takes nothing before it is given', async () => {
    const page = ask()
    expect(page.findAll('input[type=checkbox]').map((each) => (each.element as HTMLInputElement).checked)).toEqual([false, false])
    expect(isOff(page, '同意并开始采集')).toBe(true)
    await page.findAll('input[type=checkbox]')[0]?.setValue(true)
    await button(page, '同意并开始采集').trigger('click')
    expect(page.emitted('agree')).toEqual([[{ textVersion: faceConsentVersion, channel: 'screen', keepPicture: false, send: false, guardian: null }]])
  })

  it('offers the way without a face at once', async () => {
    const page = ask()
    await button(page, '不同意，改用非人脸核验').trigger('click')
    expect(page.emitted('withoutFace')).toHaveLength(1)
  })

  it('asks for sending only where the project lets it be sent', () => {
    expect(ask().text()).not.toContain('传送到服务器（可不选）')
    expect(ask({ mayBeSent: true }).text()).toContain('传送到服务器（可不选）')
  })

  it('of a child is a guardian’s, named with the relation', async () => {
    const page = ask({ needsGuardian: true })
    await page.find('.main input').setValue(true)
    expect(isOff(page, '同意并开始采集')).toBe(true)
    await page.find('#guardian-name').setValue('李明')
    await page.find('#guardian-relation').setValue('父亲')
    await button(page, '同意并开始采集').trigger('click')
    expect(page.emitted('agree')?.[0]).toMatchObject([{ guardian: { name: '李明', relation: '父亲' } }])
  })

  it('does not carry over to the next person', async () => {
    const page = ask()
    await page.find('.main input').setValue(true)
    await page.setProps({ person: { ...person, recordId: id(2), name: '李强' } })
    expect((page.find('.main input').element as HTMLInputElement).checked).toBe(false)
    expect(isOff(page, '同意并开始采集')).toBe(true)
  })
})

describe('what came of a capture', () => {
  const candidate: FaceCandidate = { recordId: id(5), name: '赵新', maskedIdCardNo: '310***********5678', similarity: 0.6, kind: 'similar', hasPicture: false, portraitId: null }
  const show = (comparison: Partial<FaceComparison>, of: Partial<FacePerson> = {}) =>
    mount(ComparisonPanel, {
      props: { person: { ...person, ...of }, still: new Blob(['x']), problem: comparison.document === null ? 'many-faces' : null, busy: false, comparison: { document: { outcome: 'match', similarity: 0.7 }, compared: 12, candidates: [], otherThanBefore: false, ...comparison } },
    })
  const hasSave = (page: VueWrapper) => page.findAll('button').some((each) => each.text() === '保存')

  it('says how many were compared', () => {
    expect(show({}).text()).toContain('已与本机保存的本单位其他 12 人比对，没有相同或相似的人。')
  })

  it('is decided by the clerk with a reason where the document’s picture is only like it, or has no face', async () => {
    for (const document of [{ outcome: 'clerk-decides' as const, similarity: 0.52 }, null]) {
      const page = show({ document })
      await flushPromises()
      expect(page.find('[role=status]').text()).toContain(document ? '不能自动判定，请对照两张照片' : '身份证照片上不止一张人脸，请对照本人的身份证原件')
      expect(isOff(page, '保存')).toBe(true)
      await page.find('#face-decision').setValue('证件照片年久，五官特征一致')
      await button(page, '保存').trigger('click')
      expect(page.emitted('save')).toEqual([[{ decision: '证件照片年久，五官特征一致', notThePerson: [], reason: null }]])
    }
  })

  it.each([
    ['another person than on the document', { document: { outcome: 'refused', similarity: 0.3 } }],
    ['enrolled already under another number', { candidates: [{ ...candidate, kind: 'duplicate' }] }],
    ['another face than was enrolled under this number', { otherThanBefore: true }],
  ] as const)('cannot be saved of %s, and the way without a face stays', (_, comparison) => {
    const page = show(comparison as never)
    expect(hasSave(page)).toBe(false)
    expect(button(page, '非人脸核验').exists()).toBe(true)
  })

  it('of somebody like others is saved once each of them was told apart', async () => {
    const page = show({ candidates: [candidate, { ...candidate, recordId: id(6), name: '钱进' }] })
    expect(isOff(page, '保存')).toBe(true)
    await page.find('[aria-label="与赵新不是同一人"]').setValue(true)
    expect(isOff(page, '保存')).toBe(true)
    await page.find('[aria-label="与钱进不是同一人"]').setValue(true)
    await button(page, '保存').trigger('click')
    expect(page.emitted('save')).toMatchObject([[{ notThePerson: [id(5), id(6)] }]])
  })

  it('anew of somebody enrolled wants a reason', async () => {
    const page = show({}, { enrolled: { at: '2026-11-30T08:00:00.000Z', by: '张敏', hasPicture: false } })
    await flushPromises()
    expect(isOff(page, '保存')).toBe(true)
    await page.find('#face-reason').setValue('面貌变化较大')
    await button(page, '保存').trigger('click')
    expect(page.emitted('save')).toMatchObject([[{ reason: '面貌变化较大' }]])
  })
})

describe('a capture', () => {
  it('stays its person’s, whoever is shown by the time that it is compared or saved', async () => {
    const faces = useFacesStore()
    asked.person.mockImplementation(async ({ recordId }: { recordId: string }) => ({ ...person, recordId }))
    asked.enrol.mockImplementation(async ({ recordId }: { recordId: string }) => ({ ...person, recordId, identityCheck: 'face' }))
    faces.showProject(id(50))
    await faces.show(id(1))
    await faces.show(id(2))
    const capture = {} as never
    await faces.compare(id(1), capture, null)
    await faces.enrol(id(1), { capture, document: null, picture: null, decision: '同一人', notThePerson: [], reason: null })
    expect(asked.compare.mock.lastCall?.[0]).toMatchObject({ recordId: id(1) })
    expect(asked.enrol.mock.lastCall?.[0]).toMatchObject({ recordId: id(1), projectId: id(50) })
    expect(faces.person).toMatchObject({ recordId: id(2), identityCheck: null })
  })
})

it('whoever is chosen while another is still being read is shown, and not the other', async () => {
  useSessionStore().state = { phase: 'signed-in', organization: { name: '甲修缮有限公司' } } as never
  const answers = new Map<string, (found: FacePerson) => void>()
  asked.person.mockImplementation(({ recordId }: { recordId: string }) => new Promise<FacePerson>((resolve) => answers.set(recordId, resolve)))
  const page = mount(FaceEnrolmentPage, { props: { id: id(50), recordId: id(1) } })
  await page.setProps({ recordId: id(2) })
  answers.get(id(1))?.({ ...person, name: '王芳' })
  answers.get(id(2))?.({ ...person, recordId: id(2), name: '李强' })
  await flushPromises()
  expect(page.find('.who').text()).toContain('李强')
  page.unmount()
})

it('several changes of one moment are one question', async () => {
  vi.useFakeTimers()
  events.length = 0
  const faces = useFacesStore()
  const listener = vi.fn()
  const stop = faces.whenChanged(listener)
  for (const tell of events) for (let times = 0; times < 5; times++) tell()
  expect(events.length).toBeGreaterThan(1)
  expect(listener).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(listener).toHaveBeenCalledOnce()
  stop()
  vi.useRealTimers()
})

describe('who has been checked', () => {
  it.each([[true], [false]])('can have the consent withdrawn wherever there is something to withdraw: %s', (mayWithdraw) => {
    const page = mount(DonePanel, { props: { person: { ...person, identityCheck: 'face', mayWithdraw }, hasNext: false, isFresh: false } })
    expect(page.findAll('button').some((each) => each.text() === '撤回同意')).toBe(mayWithdraw)
  })
})

describe('the queue of the morning', () => {
  const member: CrewMember = { bindingId: id(11), recordId: id(1), name: '王芳', maskedIdCardNo: '310***********1234', personType: 'worker', team: '', identityCheck: null, syncState: 'uploaded', refusal: null }
  const crew: CrewMember[] = [
    member,
    { ...member, bindingId: id(12), recordId: id(2), name: '李强', identityCheck: 'face', syncState: 'queued' },
    { ...member, bindingId: id(13), recordId: null, name: '孙立' },
    { ...member, bindingId: id(14), recordId: id(4), name: '周文', identityCheck: 'non-face' },
  ]
  const names = (page: VueWrapper) => page.findAll('.name').map((each) => each.text())

  it('counts who is done, by either way, and shows first who is not', async () => {
    const page = mount(CrewQueue, { props: { people: crew, shownId: null, loaded: true } })
    expect(page.find('[role=status]').text()).toBe('已完成 2 / 4 人')
    expect(names(page)).toEqual(['王芳', '孙立'])
    await page.find('.only input').setValue(false)
    expect(names(page)).toEqual(['王芳', '李强', '孙立', '周文'])
    expect(page.text()).toContain('人脸识别（待上传）')
  })

  it('shows whom the unit has not registered, and cannot be chosen', () => {
    const page = mount(CrewQueue, { props: { people: crew, shownId: null, loaded: true } })
    expect(page.findAll('li button').map((each) => each.attributes('disabled') !== undefined)).toEqual([false, true])
  })
})
