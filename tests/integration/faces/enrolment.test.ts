import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readFaceKey } from '../../../electron/host/faces/face-key.ts'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { addDocument, call, enrol, nextPerson, place, sitter, type Sitter } from '../../support/face-sitters.ts'
import { at, captureOf, consentOf, descriptorOf, pagesInClear, pictureOf, templateOf } from '../../support/faces.ts'
import { openTestSecrets, testLog } from '../../support/local-unit.ts'
import { workerValues } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let here: Workstation
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
})
beforeEach(async () => {
  rig.proxy.heal()
  here = await rig.workstation(unit)
  return () => here.close()
})
afterAll(() => rig?.close())

/** On a busy machine too. */
const soon = { timeout: 15_000 }
const codeOf = (call: Promise<unknown>) => call.then(() => 'ok', (error: unknown) => (error as { code: string }).code)

const faceDatabase = ({ folder }: Workstation) => join(folder, 'faces.db')
async function clearTextOf(station: Workstation): Promise<Buffer> {
  const key = await readFaceKey(join(station.folder, 'faces.key.json'), await openTestSecrets(station.folder), testLog())
  return typeof key === 'object' ? pagesInClear(faceDatabase(station), key) : Buffer.alloc(0)
}
const bytesOf = (descriptor: readonly number[]) => Buffer.from(Float32Array.from(descriptor).buffer)

describe('an enrolment at the workstation', () => {
  it('shows 是 at once without a line, goes up by itself with the registration, and nothing of the face goes with it', async () => {
    rig.proxy.on('/', { kind: 'drop-request' }, { times: 1e9 })
    const face = descriptorOf(1)
    const who = await sitter(here, face, { keepPicture: true })
    const picture = pictureOf('kept here')
    expect(await enrol(here, who, { picture })).toMatchObject({ identityCheck: 'face', enrolled: { hasPicture: true }, consent: { keepPicture: true, send: false } })
    expect(await here.row(who.id)).toMatchObject({ faceEnrolled: true, syncState: 'queued' })
    expect(await here.faces.picture({ recordId: who.id })).toEqual({ picture })
    const queued = await here.local.db.selectFrom('project_outbox').select('body_json').where('lane', '=', who.id).execute()
    expect(queued).toHaveLength(1)
    expect(JSON.stringify(queued)).not.toMatch(/descriptor|JFIF|"template"/)
    rig.proxy.heal()
    await here.sync()
    expect(await here.row(who.id)).toMatchObject({ faceEnrolled: true, syncState: 'uploaded' })
    expect(await rig.context().db.selectFrom('identity_check').select(['method', 'result', 'score']).where('registration_id', '=', who.id).execute()).toEqual([{ method: 'face', result: 'passed', score: 0.75 }])
    expect(await rig.context().db.selectFrom('face_data').select('id').execute()).toEqual([])
  })

  it('is not made without consent to the text of today, nor of a child whose guardian has not agreed', async () => {
    const id = await here.add(nextPerson())
    const face = descriptorOf(2)
    expect(await codeOf(enrol(here, { id, documentId: id, face }))).toBe('face-consent-missing')
    expect(await codeOf(call(here.faces.giveConsent({ ...place(id), choice: consentOf({ textVersion: '2020-01' }) })))).toBe('face-consent-outdated')
    const number = nextPerson()
    const child = await here.add(number)
    const born2018 = '31010420180101001'
    const values = workerValues(number, { idCardNo: born2018 + idCardCheckCharacter(born2018) })
    await here.local.db.updateTable('record').set({ body_json: JSON.stringify(values) }).where('id', '=', child).execute()
    expect(await here.faces.person(place(child))).toMatchObject({ needsGuardian: true })
    expect(await codeOf(call(here.faces.giveConsent({ ...place(child), choice: consentOf() })))).toBe('face-guardian-missing')
    expect(await here.faces.giveConsent({ ...place(child), choice: consentOf({ guardian: { name: '赵某', relation: '母亲' } }) })).toMatchObject({ consent: { guardian: { relation: '母亲' } } })
  })

  it('is judged by the distances that are worked out here: the clerk decides in between, and beyond that nobody does', async () => {
    const who = await sitter(here, descriptorOf(3))
    const document = (distance: number) => ({ document: { attachmentId: who.documentId, template: templateOf(at(distance, who.face)) } })
    expect(await here.faces.compare({ recordId: who.id, capture: captureOf(who.face), ...document(0.55) })).toMatchObject({ document: { outcome: 'clerk-decides' }, compared: 0, candidates: [], otherThanBefore: false })
    expect(await codeOf(enrol(here, who, { ...document(0.62), decision: '就是本人' }))).toBe('face-not-of-document')
    expect(await codeOf(enrol(here, who, document(0.55)))).toBe('face-decision-missing')
    expect(await codeOf(enrol(here, who, { document: null }))).toBe('face-decision-missing')
    expect(await codeOf(enrol(here, who, { document: { attachmentId: (await sitter(here, descriptorOf(33))).documentId, template: templateOf(who.face) } }))).toBe('not-found')
    expect(await codeOf(enrol(here, who, { capture: { ...captureOf(who.face), template: { ...templateOf(who.face), cropVersion: 2 } } }))).toBe('face-versions-differ')
    expect(await here.faces.person(place(who.id))).toMatchObject({ enrolled: null, history: [{ what: 'refused' }, { what: 'consented' }] })
    const person = await enrol(here, who, { ...document(0.55), decision: '证件照片是十年前的，五官一致' })
    expect(person.history[0]).toMatchObject({ what: 'enrolled', reason: '证件照片是十年前的，五官一致' })
    await here.sync()
    const [check] = await rig.context().db.selectFrom('face_check as f').innerJoin('identity_check as c', 'c.id', 'f.id').select('f.outcome').where('c.registration_id', '=', who.id).execute()
    expect(check?.outcome).toBe('decided-by-clerk')
  })

  it('of a face that is enrolled under another number is refused; similar people are told apart by the clerk; five are shown at most', async () => {
    const face = descriptorOf(4)
    const first = await sitter(here, face)
    await enrol(here, first)
    const again = await sitter(here, at(0.4, face))
    expect(await here.faces.compare({ recordId: again.id, capture: captureOf(again.face), document: null })).toMatchObject({ compared: 1, candidates: [{ recordId: first.id, kind: 'duplicate', hasPicture: false }] })
    expect(await codeOf(enrol(here, again, { notThePerson: [first.id] }))).toBe('face-is-registered')
    const alike = await sitter(here, at(0.5, face))
    expect(await codeOf(enrol(here, alike))).toBe('face-similar')
    expect(await enrol(here, alike, { notThePerson: [first.id] })).toMatchObject({ identityCheck: 'face' })
    for (const way of [10, 11, 12, 13, 14, 15]) await enrol(here, await sitter(here, at(0.5, descriptorOf(44), way)))
    const { compared, candidates } = await here.faces.compare({ recordId: again.id, capture: captureOf(descriptorOf(44)), document: null })
    expect(compared).toBe(8)
    expect(candidates.map(({ kind, similarity }) => `${kind} ${similarity}`)).toEqual(Array.from({ length: 5 }, () => 'similar 0.583'))
  })

  it('of the same number with another face is refused until the old one was withdrawn; the same face anew wants a reason', async () => {
    const who = await sitter(here, descriptorOf(5))
    await enrol(here, who)
    const other = { ...who, face: descriptorOf(6) }
    expect(await here.faces.compare({ recordId: who.id, capture: captureOf(other.face), document: null })).toMatchObject({ otherThanBefore: true, compared: 0 })
    expect(await codeOf(enrol(here, other))).toBe('face-other-than-before')
    expect(await codeOf(enrol(here, { ...who, face: at(0.2, who.face) }))).toBe('face-reason-missing')
    const person = await enrol(here, { ...who, face: at(0.2, who.face) }, { reason: '换了眼镜' })
    expect(person.history.map(({ what }) => what)).toEqual(['enrolled-again', 'refused', 'enrolled', 'consented'])
    expect(await here.faces.state({})).toMatchObject({ stored: 1 })
  })

  it('that a kill cut off between the two files is finished at the next start, once', async () => {
    const who = await sitter(here, descriptorOf(7))
    await here.sync()
    here.local.file.exec("create trigger killed before insert on project_outbox begin select raise(abort, 'killed here'); end")
    await expect(enrol(here, who)).rejects.toThrow('killed here')
    expect(await here.row(who.id)).toMatchObject({ faceEnrolled: false })
    here.local.file.exec('drop trigger killed')
    here = await rig.restart(here)
    await expect.poll(async () => (await here.row(who.id))?.faceEnrolled, soon).toBe(true)
    await here.connect()
    here = await rig.restart(here)
    await here.connect()
    expect(await rig.context().db.selectFrom('identity_check').select('method').where('registration_id', '=', who.id).execute()).toEqual([{ method: 'face' }])
    expect(await here.faces.person(place(who.id))).toMatchObject({ identityCheck: 'face', enrolled: {} })
  })
})

describe('withdrawal', () => {
  it('overwrites template and picture in the file itself, says so, and leaves the check that was passed', async () => {
    const face = descriptorOf(8)
    const who = await sitter(here, face, { keepPicture: true })
    await enrol(here, who, { picture: pictureOf('the mark of this picture') })
    await here.sync()
    const traces = (text: Buffer) => [bytesOf(face), Buffer.from('the mark of this picture')].map((mark) => text.includes(mark))
    expect(traces(await clearTextOf(here)), 'before').toEqual([true, true])
    const person = await here.faces.withdraw({ ...place(who.id), reason: '本人要求删除' })
    expect(person).toMatchObject({ enrolled: null, consent: null, identityCheck: 'face', history: [{ what: 'withdrawn', reason: '本人要求删除' }, {}, {}] })
    expect(traces(await clearTextOf(here))).toEqual([false, false])
    expect(await codeOf(call(here.faces.compare({ recordId: who.id, capture: captureOf(face), document: null })))).toBe('face-consent-missing')
    await here.sync()
    expect(await rig.context().db.selectFrom('registration_face').select('consent_withdrawn_at').where('id', '=', who.id).executeTakeFirst()).toMatchObject({ consent_withdrawn_at: person.history[0]?.at })
    // Withdrawn is withdrawn: once more says and sends nothing.
    expect(await here.faces.withdraw({ ...place(who.id), reason: '再次' })).toMatchObject({ history: [{ what: 'withdrawn' }, {}, {}] })
  })

  it('at one workstation takes the template of another one of the unit with it, and what was given anew since stays', async () => {
    const face = descriptorOf(9)
    const who = await sitter(here, face)
    await enrol(here, who)
    await here.sync()
    const there = await rig.workstation(unit)
    await there.faces.giveConsent({ ...place(who.id), choice: consentOf() })
    await enrol(there, { ...who, documentId: await addDocument(there, who.id) })
    await there.sync()
    await here.faces.withdraw({ ...place(who.id), reason: '本人要求' })
    await here.sync()
    await there.sync()
    await expect.poll(() => call(there.faces.person(place(who.id))), soon).toMatchObject({ enrolled: null, consent: null, identityCheck: 'face' })
    await here.faces.giveConsent({ ...place(who.id), choice: consentOf() })
    await enrol(here, who)
    await here.sync()
    expect(await here.faces.person(place(who.id))).toMatchObject({ enrolled: {}, consent: {} })
  })

  it('comes by itself with the end of the registration', async () => {
    const who = await sitter(here, descriptorOf(10))
    await enrol(here, who)
    await here.local.db.updateTable('record').set({ employment_status: 'left' }).where('id', '=', who.id).execute()
    here = await rig.restart(here)
    await expect.poll(() => call(here.faces.person(place(who.id))), soon).toMatchObject({ enrolled: null, history: [{ what: 'deleted' }, {}, {}] })
    expect(await codeOf(enrol(here, who))).toBe('registration-left')
  })
})

describe('a project of the unit', () => {
  it('whose switch is on gets what the person has agreed to send, and loses it with the withdrawal; its crew shows who lacks the check', async () => {
    const { credit_code: creditCode } = await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', unit.id).executeTakeFirstOrThrow()
    const projectNo = newProjectNo()
    const feed = (record: unknown) => deliver({ context: rig.context(), clock: { pass: () => undefined } }, record)
    await feed(feedRecords.project(projectNo, { creditCode }))
    await feed(feedRecords.party(projectNo, { creditCode }))
    const [project] = await rig.context().db.selectFrom('project').select('id').where('project_no', '=', projectNo).execute()
    const projectId = project?.id ?? ''
    await rig.context().db.updateTable('project').set({ faces_may_be_sent: 1 }).where('id', '=', projectId).execute()
    const { link } = await here.client.lookUpProject(projectNo).then(() => ({ link: here.client.linkProject(projectId, 'link-faces-0123456789abcdef') }))
    await link
    await here.sync()
    const ids: string[] = []
    for (const person of [nextPerson(), nextPerson()]) {
      const values = workerValues(person)
      const { id, revision } = await here.registrations.begin({ idCardNo: values.idCardNo, personType: 'worker' })
      await here.bindings.add({ projectId, recordIds: [id] })
      await here.registrations.submit({ id, values, revision })
      ids.push(id)
    }
    const [first = '', second = ''] = ids
    const who: Sitter = { id: first, documentId: await addDocument(here, first), face: descriptorOf(11) }
    await here.faces.giveConsent({ ...place(first, projectId), choice: consentOf({ send: true, keepPicture: true }) })
    await here.sync()
    expect(await here.faces.person(place(first, projectId))).toMatchObject({ mayBeSent: true })
    await enrol(here, who, { ...place(first, projectId), picture: pictureOf('sent') })
    const crew = await here.faces.crew({ projectId })
    expect(crew).toMatchObject({ projectNo, people: [{ recordId: second, identityCheck: null, syncState: 'uploaded' }, { recordId: first, identityCheck: 'face', syncState: 'queued' }] })
    const [binding] = await here.local.db.selectFrom('binding').select('id').where('record_id', '=', first).execute()
    expect(await here.bindings.submit({ ids: [binding?.id ?? ''] })).toMatchObject({ results: [{ refusal: null }] })
    await here.sync()
    await here.sync()
    expect(await here.local.db.selectFrom('binding').select(['status', 'identity_check']).where('record_id', '=', first).execute()).toEqual([{ status: 'pending', identity_check: 'face' }])
    expect(await rig.context().db.selectFrom('face_data').select('id').execute()).toEqual([{ id: first }])
    // Agreed to anew, and to less, while the check waits.
    const last: Sitter = { id: second, documentId: await addDocument(here, second), face: descriptorOf(16) }
    await here.faces.giveConsent({ ...place(second, projectId), choice: consentOf({ send: true }) })
    await enrol(here, last, place(second, projectId))
    await here.faces.giveConsent({ ...place(second, projectId), choice: consentOf() })
    await here.sync()
    expect(await rig.context().db.selectFrom('face_data').select('id').execute()).toEqual([{ id: first }])
    await here.faces.withdraw({ ...place(first), reason: '本人要求' })
    await here.sync()
    expect(await rig.context().db.selectFrom('face_data').select('id').execute()).toEqual([])
  })
})

describe('a damaged face file', () => {
  const flipped = (path: string) => {
    const file = readFileSync(path)
    file[file.length - 20] = (file[file.length - 20] ?? 0) ^ 1
    writeFileSync(path, file)
  }
  it.each([['faces.db'], ['faces.key.json']])('%s is put aside and said once, and nothing else of the unit suffers', async (name) => {
    const who = await sitter(here, descriptorOf(name.length))
    await enrol(here, who)
    await here.close()
    flipped(join(here.folder, name))
    here = await rig.restart(here)
    expect(await here.row(who.id)).toMatchObject({ faceEnrolled: true })
    expect(await codeOf(call(here.faces.state({})))).toBe('face-file-damaged')
    expect(await here.faces.state({})).toMatchObject({ stored: 0 })
    expect(await here.faces.person(place(who.id))).toMatchObject({ enrolled: null, identityCheck: 'face' })
    const aside = () => readdirSync(here.folder).filter((name) => name.startsWith('faces.') && name.includes('.damaged-'))
    expect(aside()).toHaveLength(2)
    await here.faces.giveConsent({ ...place(who.id), choice: consentOf({ keepPicture: true }) })
    await enrol(here, who)
    // Whoever withdraws is in no file that nobody can look into.
    await here.faces.withdraw({ ...place(who.id), reason: '本人要求' })
    expect(aside()).toEqual([])
  })
})

describe('a central service that was restored from a backup', () => {
  it('is told of a withdrawal again, and a check that it has forgotten counts no longer', async () => {
    const [first, second, third] = [await sitter(here, descriptorOf(20)), await sitter(here, descriptorOf(21)), await sitter(here, descriptorOf(22))]
    await enrol(here, first)
    await here.sync()
    const backup = rig.backUp()
    const { history } = await here.faces.withdraw({ ...place(first.id), reason: '本人要求' })
    await here.faces.withdraw({ ...place(third.id), reason: '本人要求' })
    await enrol(here, second)
    await here.sync()
    expect(await here.row(second.id)).toMatchObject({ faceEnrolled: true })
    await rig.restore(backup)
    await here.connect()
    await here.sync()
    const told = await rig.context().db.selectFrom('registration_face').select(['id', 'consent_withdrawn_at']).where('id', 'in', [first.id, third.id]).execute()
    expect(told.map(({ consent_withdrawn_at }) => consent_withdrawn_at !== null)).toEqual([true, true])
    expect(told.find(({ id }) => id === first.id)?.consent_withdrawn_at).toBe(history[0]?.at)
    expect(await here.row(second.id)).toMatchObject({ faceEnrolled: false })
    expect(await here.row(first.id)).toMatchObject({ faceEnrolled: true })
    expect(await here.local.db.selectFrom('project_outbox').select('op_id').execute()).toEqual([])
  })
})
