import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countFaceData } from '../../../central/modules/faces/face-data.repository.ts'
import { watchFaceStorage } from '../../../central/modules/faces/face-storage.ts'
import { faceStatus, setFaceUpload } from '../../../central/operator/face-operations.ts'
import { resealAll } from '../../../central/operator/reseal.ts'
import type { FaceCheckReceipt, FaceWithdrawalReceipt, RegistrationFaceResource } from '../../../shared/api/faces.ts'
import type { ReviewedBinding } from '../../../shared/api/binding-reviews.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'
import { largestFacePicture } from '../../../shared/domain/face/check.ts'
import { fileProject } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { faceCheckOf, faceWithdrawalOf } from '../../support/face-checks.ts'
import { personValues, workerValues } from '../../support/people.ts'

type Receipt = FaceCheckReceipt & FaceWithdrawalReceipt
type Result = { outcome: string; receipt?: Receipt; problem?: { code: string } }
type Item = { kind: string; seq: number; face: RegistrationFaceResource; project: { id: string; facesMayBeSent: boolean }; binding: { identityCheck: string | null }; registration: { id: string; faceEnrolled: boolean } }

let people = 60_000
/** A face as it is sent; nobody's. */
const template = Buffer.from(Float32Array.from({ length: 128 }, (_, index) => Math.sin(index) / 10).buffer).toString('base64url')
const picture = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array.from({ length: 900 }, (_, index) => index % 251)]).toString('base64url')

describe.each(backends)('人脸识别 on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let project: { id: string; projectNo: string }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation(), { approvesAutomatically: true })
    clerk = await central.newClerk('甲修缮有限公司')
  })
  beforeEach(async () => {
    project = await fileProject(central, clerk.unit)
    await clerk.call('linkProject', { body: { projectId: project.id } })
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  async function send(operation: Record<string, unknown>, who: Clerk = clerk, opId = newKey()): Promise<Result> {
    const { body } = await who.push([{ opId, ...operation }])
    return (body['results'] as Result[] | undefined)?.[0] ?? { outcome: String(body['code']) }
  }
  const now = () => central.clock.now().toISOString()
  function check(registrationId: string, more: Record<string, unknown> = {}, consent: Record<string, unknown> = {}) {
    const usual = faceCheckOf({ registrationId, accountId: clerk.unit.accountId, at: now() })
    return { ...usual, ...more, consent: { ...usual.consent, ...consent } }
  }
  const withAll = () => ({ sent: { projectId: project.id, template, picture } })
  const withdrawal = (registrationId: string, at = now()) => faceWithdrawalOf({ registrationId, accountId: clerk.unit.accountId, at })
  /** What is kept of a receipt that says what was kept. */
  const kept = ({ receipt, problem }: Result) => (receipt ? [receipt.keptTemplate, receipt.keptPicture, receipt.notKept] : problem?.code)

  /** A worker of the unit on the project; a second later, so that what follows is later. */
  async function worker(person = ++people): Promise<{ id: string; bindingId: string }> {
    const [id, bindingId] = [randomUUID(), randomUUID()]
    await clerk.call('createRegistration', { body: { id, personType: 'worker', values: workerValues(person) } })
    await send({ kind: 'bind', binding: { id: bindingId, projectId: project.id, registrationId: id, teamId: null } })
    central.clock.pass(1)
    return { id, bindingId }
  }
  async function sentWorker(): Promise<{ id: string; bindingId: string }> {
    const made = await worker()
    expect(kept(await send(check(made.id, withAll())))).toEqual([true, true, null])
    central.clock.pass(1)
    return made
  }
  const items = async (after = 0) => (await clerk.changes(after)).body as { items: Item[]; next: number }
  const faceOf = async (id: string) => (await items()).items.findLast(({ kind, face }) => kind === 'face' && face.registrationId === id)?.face
  const held = (id: string) => central.db.selectFrom('face_data').selectAll().where('id', '=', id).executeTakeFirst()

  it('a check is a passed 身份核验, once, told to the unit, and nothing of the face is there', async () => {
    const { id, bindingId } = await worker()
    const { next } = await items()
    const [operation, key] = [check(id), newKey()]
    const first = await send(operation, clerk, key)
    expect(kept(first)).toEqual([false, false, null])
    expect(await send(operation, clerk, key)).toEqual(first)
    const news = (await items(next)).items
    expect(news.filter(({ kind }) => kind === 'face').map(({ face }) => face)).toEqual([{ registrationId: id, checkedAt: operation.at, consentWithdrawnAt: null, keptTemplate: false, keptPicture: false }])
    expect(news.find(({ kind }) => kind === 'binding')?.binding.identityCheck).toBe('face')
    expect((await clerk.call('readRegistration', { params: { id } })).body['faceEnrolled']).toBe(true)
    expect(await send({ kind: 'submit-binding', id: bindingId, baseVersion: 1 })).toMatchObject({ receipt: { bindingStatus: 'pending' } })
    const checks = (await clerk.call('listIdentityChecksOfRegistration', { params: { id } })).body['items']
    expect(checks).toMatchObject([{ method: 'face', result: 'passed', score: 0.83, at: operation.at, by: clerk.username }])
    expect(await held(id)).toBeUndefined()
  })

  it('without a picture on the document is the clerk’s word, and nobody is told a likeness', async () => {
    const { id } = await worker()
    expect((await send(check(id, { score: null }))).problem).toMatchObject({ code: 'request-malformed' })
    await send(check(id, { score: null, outcome: 'decided-by-clerk', decisionReason: '已对照本人的身份证原件，为同一人' }))
    expect((await clerk.call('listIdentityChecksOfRegistration', { params: { id } })).body['items']).toMatchObject([{ method: 'face', result: 'passed', score: null }])
  })

  it('is refused for another unit, for who has left, without consent or reason, and for oneself', async () => {
    const { id } = await worker()
    const stranger = await central.newClerk('乙修缮有限公司')
    const code = async (operation: Record<string, unknown>, who: Clerk = clerk) => (await send(operation, who)).problem?.code
    expect(await code(check(id), stranger)).toBe('not-found')
    expect(await code(withdrawal(id), stranger)).toBe('not-found')
    expect(await code(check(id, {}, { at: new Date(central.clock.at + 60_000).toISOString() }))).toBe('face-consent-missing')
    expect(await code(check(id, { outcome: 'decided-by-clerk' }))).toBe('request-malformed')
    expect(await code(check(id, { decisionReason: '多年前的照片' }))).toBe('request-malformed')
    await central.db.updateTable('account').set({ display_name: workerValues(people).name }).where('id', '=', clerk.unit.accountId).execute()
    expect(await code(check(id, { outcome: 'decided-by-clerk', decisionReason: '多年前的照片' }))).toBe('identity-check-own')
    expect((await send(check(id))).outcome).toBe('applied')
    await central.db.updateTable('account').set({ display_name: clerk.username }).where('id', '=', clerk.unit.accountId).execute()
    await send({ kind: 'transfer-out', id, baseVersion: 1, departure: { reason: '1', note: '', leftOn: shanghaiDate(central.clock.now()), requestId: null } })
    expect(await code(check(id))).toBe('registration-left')
  })

  it('of somebody under 14 wants a guardian', async () => {
    const { id } = await worker()
    const { person_id } = await central.db.selectFrom('registration').select('person_id').where('id', '=', id).executeTakeFirstOrThrow()
    // Nobody so young can be registered: the number is put where registrations of an older rule would have it.
    const sealed = central.personal.seal(`31010420160101001${idCardCheckCharacter('31010420160101001')}`, { column: 'person.id_card_no', rowId: person_id })
    await central.db.updateTable('person').set({ id_card_no_sealed: sealed }).where('id', '=', person_id).execute()
    expect((await send(check(id))).problem?.code).toBe('face-guardian-missing')
    expect((await send(check(id, {}, { guardian: true }))).outcome).toBe('applied')
  })

  it('keeps template and picture only where the switch is on and the person is on that project, and the check in any case', async () => {
    const { id } = await worker()
    expect(kept(await send(check(id, withAll())))).toEqual([false, false, 'project-forbids'])
    await setFaceUpload(central.context, project.projectNo, true)
    expect((await items()).items.findLast(({ kind }) => kind === 'project')?.project).toMatchObject({ id: project.id, facesMayBeSent: true })
    expect(kept(await send(check(id, { sent: { projectId: randomUUID(), template, picture: null } })))).toEqual([false, false, 'not-on-project'])
    expect(kept(await send(check(id, { sent: { projectId: project.id, template, picture: Buffer.from('no jpeg').toString('base64url') } })))).toEqual([true, false, 'unreadable'])
    expect(kept(await send(check(id, withAll())))).toEqual([true, true, null])
    expect((await clerk.call('listIdentityChecksOfRegistration', { params: { id } })).body['items']).toHaveLength(4)
    expect(await faceOf(id)).toMatchObject({ keptTemplate: true, keptPicture: true })
    const row = await held(id)
    expect(`${row?.template_sealed} ${row?.picture_sealed}`).not.toContain(template.slice(0, 40))
    expect(central.personal.open(row?.template_sealed ?? '', { column: 'face_data.template', rowId: id })).toBe(template)
    expect(() => central.personal.open(row?.template_sealed ?? '', { column: 'face_data.picture', rowId: id })).toThrow()
    expect(await resealAll(central.context)).toBe(0)
    expect((await send(check(id, { sent: { projectId: project.id, template: null, picture: 'A'.repeat(Math.ceil((largestFacePicture * 4) / 3) + 1) } }))).outcome).toBe('request-malformed')
  })

  it('deletes it when the switch goes off, when the person leaves the project, with another number, and with a check that brings nothing', async () => {
    await setFaceUpload(central.context, project.projectNo, true)
    const [one, two, three, four] = [await sentWorker(), await sentWorker(), await sentWorker(), await sentWorker()]
    await send({ kind: 'remove-binding', id: one.bindingId, baseVersion: 1 })
    expect([await held(one.id), await faceOf(one.id)]).toMatchObject([undefined, { keptTemplate: false, keptPicture: false }])
    const corrected = personValues(++people)
    const patched = await clerk.call('patchRegistration', { params: { id: two.id }, headers: { 'if-match': '"1"' }, body: { changes: { idCardNo: corrected.idCardNo, birthDate: corrected.birthDate, sex: corrected.sex } } })
    expect(patched.status).toBe(200)
    expect([await held(two.id), await faceOf(two.id)]).toMatchObject([undefined, { checkedAt: null, keptTemplate: false }])
    expect((await clerk.call('readRegistration', { params: { id: two.id } })).body['faceEnrolled']).toBe(false)
    await send(check(three.id))
    expect([await held(three.id), await faceOf(three.id)]).toMatchObject([undefined, { keptTemplate: false }])
    expect(await faceStatus(central.context)).toContain(project.projectNo)
    expect(await setFaceUpload(central.context, project.projectNo, false)).toEqual({ templates: 1, pictures: 1 })
    expect([await held(four.id), (await faceOf(four.id))?.checkedAt]).toEqual([undefined, expect.any(String)])
    await expect(setFaceUpload(central.context, '9999HK9999', true)).rejects.toThrow('没有这个报建编号的项目')
  })

  it('whoever reviews reads how it was decided, sees a picture that was sent until they have approved, and is told of one that has gone', async () => {
    const reviewer = await central.newReviewer(clerk.unit)
    await central.db.updateTable('project').set({ implementer_credit_code: reviewer.unit.creditCode }).where('id', '=', project.id).execute()
    await setFaceUpload(central.context, project.projectNo, true)
    const [one, two] = [await worker(), await worker()]
    await send(check(one.id, { ...withAll(), outcome: 'decided-by-clerk', decisionReason: ' 证件照片年久 ' }))
    await send(check(two.id))
    for (const { bindingId } of [one, two]) await send({ kind: 'submit-binding', id: bindingId, baseVersion: 1 })
    const read = async ({ bindingId }: { bindingId: string }) => (await reviewer.call('readReviewedBinding', { params: { id: bindingId } })).body as ReviewedBinding
    const face = { outcome: 'decided-by-clerk', decisionReason: '证件照片年久', template: 'kept', picture: 'kept', consentWithdrawn: false }
    const shown = await read(one)
    expect([shown.identityChecks.map((each) => each.face), shown.registration?.facePicture]).toEqual([[face], Buffer.from(picture, 'base64url').toString('base64')])
    const usual = await read(two)
    expect([usual.identityChecks[0]?.face, usual.registration?.facePicture]).toEqual([{ outcome: 'matched', decisionReason: null, template: 'not-sent', picture: 'not-sent', consentWithdrawn: false }, null])
    const decisions = [shown, usual].map(({ id, version, registrationVersion, registration }) => ({
      decision: 'approved', opId: newKey(), id, baseVersion: version, registrationVersion, attachmentsSeq: registration?.attachmentsSeq,
    }))
    expect((await reviewer.call('decideBindings', { body: { decisions } })).body).toMatchObject({ results: [{ outcome: 'applied' }, { outcome: 'applied' }] })
    expect((await read(one)).identityChecks[0]?.face).toEqual({ ...face, picture: 'deleted' })
    expect([await held(one.id), await faceOf(one.id)]).toMatchObject([{ picture_sealed: null, template_sealed: expect.any(String) }, { keptTemplate: true, keptPicture: false }])
    central.clock.pass(1)
    await send(withdrawal(one.id))
    expect((await read(one)).identityChecks[0]?.face).toEqual({ ...face, template: 'deleted', picture: 'deleted', consentWithdrawn: true })
  })

  it('撤回同意 deletes everything, tells the unit, leaves the checks, and lets nothing in that rests on the old consent', async () => {
    await setFaceUpload(central.context, project.projectNo, true)
    const { id } = await sentWorker()
    const consentBefore = { at: new Date(central.clock.at - 500).toISOString() }
    const madeBefore = check(id, { ...withAll() }, consentBefore)
    central.clock.pass(1)
    const withdrawn = await send(withdrawal(id))
    expect(withdrawn.receipt).toEqual({ registrationId: id, consentWithdrawnAt: now(), deletedTemplates: 1, deletedPictures: 1 })
    expect([await held(id), await faceOf(id)]).toMatchObject([undefined, { consentWithdrawnAt: now(), keptTemplate: false, keptPicture: false, checkedAt: expect.any(String) }])
    expect((await send(withdrawal(id))).receipt).toMatchObject({ deletedTemplates: 0, deletedPictures: 0 })
    // It waited at another workstation: made while the consent held, it counts, and nothing is kept.
    expect(kept(await send(madeBefore))).toEqual([false, false, 'consent-withdrawn'])
    central.clock.pass(1)
    expect(kept(await send(check(id, {}, consentBefore)))).toBe('face-consent-withdrawn')
    expect(kept(await send(check(id, withAll())))).toEqual([true, true, null])
    // Told late: what has been agreed to since stays.
    expect((await send(withdrawal(id, consentBefore.at))).receipt).toMatchObject({ deletedTemplates: 0 })
    expect(await held(id)).toBeDefined()
    expect((await clerk.call('listIdentityChecksOfRegistration', { params: { id } })).body).toMatchObject({ passed: 'face', items: [{}, {}, {}] })
  })

  it('撤回同意 deletes also what came from a workstation whose clock is ahead', async () => {
    await setFaceUpload(central.context, project.projectNo, true)
    const { id } = await worker()
    const ahead = (seconds: number) => new Date(central.clock.at + seconds * 1_000).toISOString()
    expect(kept(await send(check(id, { ...withAll(), at: ahead(301) }, { at: ahead(300) })))).toEqual([true, true, null])
    central.clock.pass(60)
    expect((await send(withdrawal(id, ahead(300)))).receipt).toMatchObject({ consentWithdrawnAt: now(), deletedTemplates: 1, deletedPictures: 1 })
    expect(await held(id)).toBeUndefined()
  })

  it('leaves nothing of face or words in audit and answers that are kept, and warns the operator', async () => {
    await setFaceUpload(central.context, project.projectNo, true)
    const { id } = await worker()
    await send(check(id, { ...withAll(), outcome: 'decided-by-clerk', decisionReason: '标记理由，照片年久' }))
    const stored = await backend.everything(central.location)
    for (const text of [template.slice(0, 60), picture.slice(0, 60), '标记理由']) expect(stored.includes(text), text.slice(0, 8)).toBe(false)
    const { templates, pictures } = await countFaceData(central.db)
    const log: unknown[] = []
    await watchFaceStorage({ db: central.db, log: (entry) => void log.push(entry) }, templates + 1)
    expect(log).toEqual([])
    await watchFaceStorage({ db: central.db, log: (entry) => void log.push(entry) }, templates)
    expect(log).toMatchObject([{ level: 'warn', templates, pictures }])
    expect(await faceStatus(central.context)).toContain(`存有${templates}人的人脸特征、${pictures}人的人脸照片`)
  })
})
