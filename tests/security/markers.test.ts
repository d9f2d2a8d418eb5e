import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/key-service-rig.ts'
import { captureOf, consentOf, descriptorOf, pictureOf } from '../support/faces.ts'
import { idCardNoOf, personValues } from '../support/people.ts'
import { setLockStage, type LockStage } from './lock-stage.ts'

/** Known secrets and numbers go through all of the workstation and the central service; then they are looked for. */
const secrets = { pin: '73915046', password: '口令-Marker-8842' }
const changed = '口令-Changed-5517'
const wrong = { pin: '73915047', password: '口令-Marker-9953', username: 'marker-nobody-7761', changed: '口令-Wanted-3326' }
const person = personValues(70_007, { mobile: '13977665544', residenceDetail: '标记路一百零七号', name: '欧阳标记' })
const corrected = { ...person, mobile: '13977665533' }
/** 人脸数据, and what was said about them. */
const face = { descriptor: descriptorOf(70_007), picture: 'face-marker-picture-4407', guardian: '监护标记人', decision: '判定标记的理由' }
const refusedNumber = idCardNoOf(70_009).slice(0, 17) + 'Y'

let stage: LockStage
let tokens: string[]
beforeAll(async () => {
  stage = await setLockStage(secrets)
  const { page, unit, withKey } = stage
  await stage.lockShows()
  await failureOf(page.session.signInWithKey(withKey(unit.token, wrong.pin)))
  await failureOf(page.session.signInWithKey(withKey(unit.token, '1')))
  await page.session.signInWithKey(withKey())
  await failureOf(page.registrations.checkIdCardNo({ idCardNo: refusedNumber }))
  await failureOf(page.registrations.begin({ idCardNo: refusedNumber }))
  await page.registrations.checkIdCardNo({ idCardNo: person.idCardNo })

  const { id, revision } = await page.registrations.begin({ idCardNo: person.idCardNo })
  const kept = await page.registrations.keepDraft({ id, revision, values: person })
  await failureOf(page.registrations.submit({ id, revision: kept.revision, values: { ...person, mobile: '13977665544x', birthDate: '1900-01-01' } }))
  const now = (await page.registrations.open({ id })).revision
  const submitted = await page.registrations.submit({ id, revision: now, values: person })
  await page.sync.syncNow({})
  await page.registrations.submit({ id, revision: submitted.revision, values: corrected })
  await page.sync.syncNow({})
  for (const query of [person.idCardNo, person.mobile, person.name]) await page.registrations.list({ query, page: 1, pageSize: 10 })
  await page.registrations.history({ id })
  await failureOf(page.registrations.begin({ idCardNo: person.idCardNo }))
  const place = { recordId: id, projectId: null }
  await page.faces.giveConsent({ ...place, choice: consentOf({ keepPicture: true, guardian: { name: face.guardian, relation: '母亲' } }) })
  await page.faces.enrol({ ...place, capture: captureOf(face.descriptor), document: null, picture: pictureOf(face.picture), decision: face.decision, notThePerson: [], reason: null })
  expect(await page.faces.picture({ recordId: id })).toEqual({ picture: pictureOf(face.picture) })
  await page.sync.syncNow({})

  // Crashed while open, pulled while locked, and the other way in.
  for (const pid of stage.keyProcesses()) process.kill(pid, 'SIGSEGV')
  await stage.lockShows()
  await page.session.lock({})
  await failureOf(page.session.unlockWithPassword({ password: wrong.password }))
  await page.session.unlockWithPassword({ password: secrets.password })
  await page.session.signOut({})
  await failureOf(page.session.signInWithPassword({ username: wrong.username, password: wrong.password }))
  await page.session.signInWithPassword({ username: 'zhang', password: secrets.password })
  await page.sync.syncNow({})
  await failureOf(page.session.changePassword({ password: wrong.password, newPassword: wrong.changed }))
  await failureOf(page.session.changePassword({ password: secrets.password, newPassword: wrong.pin.slice(0, 7) }))
  await page.session.changePassword({ password: secrets.password, newPassword: changed })
  await page.session.lock({})
  await page.session.unlockWithPassword({ password: changed })
  tokens = [...new Set(stage.requests.flatMap(({ token }) => token ?? []))]
}, 60_000)
afterAll(() => stage?.close())

/** As they might be written down: as text, in base64, in hex, in an address, and as Windows writes text. */
function spellings(marker: string): [string, Buffer][] {
  const bytes = Buffer.from(marker)
  const texts = { text: marker, ...inBase64(bytes), hex: bytes.toString('hex'), escaped: encodeURIComponent(marker), json: JSON.stringify(marker).slice(1, -1) }
  return [...Object.entries(texts).map(([how, text]): [string, Buffer] => [how, Buffer.from(text)]), ['UTF-16', Buffer.from(marker, 'utf16le')]]
}

/** In the middle of something longer it is written in one of three ways, each in two alphabets; the letters it shares with its neighbours are left out. */
function inBase64(bytes: Buffer): Record<string, string> {
  const shifted = (['base64', 'base64url'] as const).flatMap((alphabet) => [0, 1, 2].map((shift) => {
    const letters = Buffer.concat([Buffer.alloc(shift), bytes]).toString(alphabet)
    return [`${alphabet} after ${shift}`, letters.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))]
  }))
  return Object.fromEntries(shifted) as Record<string, string>
}

function foundIn(places: Readonly<Record<string, Buffer | string>>, markers: readonly string[]): string[] {
  return Object.entries(places).flatMap(([place, content]) =>
    markers.flatMap((marker) => spellings(marker).filter(([, bytes]) => Buffer.from(content).includes(bytes)).map(([how]) => `${place} holds ${marker} (${how})`)))
}

/** Every file that any of the programs has written, by its path. */
function files(): Record<string, Buffer> {
  const entries = readdirSync(stage.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(entries.map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return [relative(stage.folder, path), readFileSync(path)]
  }))
}

const typed = [secrets.pin, wrong.pin, secrets.password, wrong.password, changed, wrong.changed]
const numbers = [person.idCardNo, refusedNumber, person.mobile, corrected.mobile]
const ofFace = [face.picture, face.guardian, face.decision]
const all = () => [...typed, ...tokens, ...numbers, ...ofFace]

describe('the PIN, the password, the session\'s token, an ID number, a phone number and a face', () => {
  it('did go through: there were sessions, and the person has arrived with these numbers', async () => {
    expect(tokens.length).toBeGreaterThanOrEqual(3)
    expect(stage.requests.map(({ url }) => url)).toEqual(expect.arrayContaining(['/v1/ca/sessions', '/v1/password/sessions', '/v1/sync/push', '/v1/id-card-no-checks', '/v1/password/changes']))
    const [row] = await stage.context.db.selectFrom('registration').selectAll().execute()
    expect(await stage.context.db.selectFrom('face_check').select('outcome').execute()).toEqual([{ outcome: 'decided-by-clerk' }])
    expect(stage.context.personal.open(row?.mobile_sealed ?? '', { column: 'registration.mobile', rowId: row?.id ?? '' })).toBe(corrected.mobile)
  })

  it('would be found: planted in a file of the workstation, an address, an error or a report, however it is written down', () => {
    for (const marker of all()) {
      const planted = Object.fromEntries(spellings(marker).map(([how, bytes]) => [how, Buffer.concat([Buffer.of(0, 0xff), bytes, Buffer.of(0xfe)])]))
      const folder = join(stage.folder, 'workstation', 'planted')
      mkdirSync(folder)
      for (const [how, bytes] of Object.entries(planted)) writeFileSync(join(folder, how), bytes)
      const found = foundIn(files(), [marker])
      rmSync(folder, { recursive: true })
      for (const how of Object.keys(planted)) expect(found, `${marker} as ${how}`).toContain(`workstation/planted/${how} holds ${marker} (${how})`)
    }
    const [token = ''] = tokens
    const said = foundIn({ address: `/v1/session?token=${token}`, error: JSON.stringify({ ok: false, error: { details: { token } } }) }, [token])
    for (const place of ['address', 'error']) expect(said).toContain(`${place} holds ${token} (text)`)
    expect(foundIn({ log: Buffer.from(JSON.stringify({ authorization: `Bearer ${token}` })).toString('base64') }, [token])).not.toEqual([])
    const { getReport } = process.report
    process.env['PLANTED_MARKER'] = token
    const reported = foundIn({ report: JSON.stringify(getReport.call(process.report)) }, all())
    delete process.env['PLANTED_MARKER']
    expect(reported).toEqual(expect.arrayContaining([expect.stringContaining(token)]))
  })

  it('are in no file of the workstation: not its data and what is not written back yet, not its keys, not its log', () => {
    const own = Object.fromEntries(Object.entries(files()).filter(([path]) => path.startsWith('workstation/')))
    const names = Object.keys(own).join(' ')
    for (const kind of ['.db', '.db-wal', '.key.json', '.faces.db', '.faces.key.json', 'device.sealed', 'workstation.log']) expect(names, kind).toContain(kind)
    expect(foundIn(own, [...all(), person.residenceDetail, person.name])).toEqual([])
  })

  it('of a face not even the numbers of its template are in a file, on either side', () => {
    const { buffer } = Float32Array.from(face.descriptor)
    const texts = [Buffer.from(buffer), Buffer.from(buffer, 4, 96), ...face.descriptor.slice(0, 8).map((value) => Buffer.from(String(value)))]
    for (const [path, content] of Object.entries(files())) expect(texts.filter((text) => content.includes(text)), path).toEqual([])
  })

  it('lie in files that no other user of the machine can open, sealed as they are', () => {
    const isClosed = (path: string) => (statSync(join(stage.folder, path)).mode & 0o077) === 0
    const open = Object.keys(files()).filter((path) => path.startsWith('workstation/') && !isClosed(path) && !isClosed(dirname(path)))
    expect(open).toEqual([])
  })

  it('are in no file of the central service: not its database and what is not written back yet, not its log', () => {
    const own = Object.fromEntries(Object.entries(files()).filter(([path]) => path.startsWith('central')))
    expect(Object.keys(own).sort()).toEqual(['central.db', 'central.db-shm', 'central.db-wal', 'central.log'])
    expect(foundIn(own, ['甲修缮有限公司']).length, 'what does lie open is found').toBeGreaterThan(0)
    expect(foundIn(own, [...all(), person.residenceDetail])).toEqual([])
  })

  it('are in no other file that was written meanwhile, the lock\'s own and a crash\'s included', () => {
    expect(foundIn(files(), all())).toEqual([])
  })

  it('are in no address that was asked for', () => {
    expect(foundIn(Object.fromEntries(stage.requests.map(({ method, url }, index) => [`${index} ${method} ${url}`, url])), all())).toEqual([])
  })

  it('are in no refusal of the central service', () => {
    const refusals = stage.answers.filter((answer) => answer.includes('urn:xiushan:problem:'))
    expect(refusals.length).toBeGreaterThan(1)
    expect(foundIn(Object.fromEntries(refusals.entries()), all())).toEqual([])
  })

  it('are in no error that the page is told, whatever is wrong', () => {
    const errors = stage.seen.filter((frame) => frame.includes('"ok":false'))
    expect(errors.length).toBeGreaterThanOrEqual(8)
    expect(foundIn(Object.fromEntries(errors.entries()), all())).toEqual([])
  })

  it('but for the numbers in a form that is open, are in nothing that the page is told', () => {
    expect(foundIn(Object.fromEntries(stage.seen.entries()), [...typed, ...tokens])).toEqual([])
    const lists = stage.seen.filter((frame) => frame.includes('maskedIdCardNo'))
    expect(lists.length).toBeGreaterThan(0)
    expect(foundIn(Object.fromEntries(lists.entries()), numbers)).toEqual([])
  })

  it('are in no report that a process would write of itself when it ends badly', () => {
    const { getReport } = process.report
    expect(foundIn({ report: JSON.stringify(getReport.call(process.report)) }, all())).toEqual([])
  })
})
