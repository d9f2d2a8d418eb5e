import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyOf } from '../../electron/host/database/key-envelope.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { openUnitKey, recoverUnitKey, unitPaths } from '../../electron/host/database/unit-keys.ts'
import { recoverUnits, setLostUnitsAside } from '../../electron/host/recovery.ts'
import type { SecretStore } from '../../electron/host/ports.ts'
import { openTestSecrets, temporaryDirectory, testClock, testLog, unitId, type TestLog } from '../support/local-unit.ts'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const recovery = pair()

let directory: ReturnType<typeof temporaryDirectory>
let secrets: SecretStore
let paths: ReturnType<typeof unitPaths>
let copy: string
let key: Uint8Array
let log: TestLog
beforeEach(async () => {
  directory = temporaryDirectory()
  secrets = await openTestSecrets(directory.path)
  paths = unitPaths(directory.path, unitId)
  copy = copyOf(paths)
  log = testLog()
  key = await openUnitKey(paths, secrets, recovery.publicKey, log)
  const { local } = await openOrRebuild(paths, key, testClock(), testLog())
  local.file.prepare('insert into meta values (?, ?)').run('place:somebody', '/registrations')
  await local.close()
})
afterEach(() => directory.remove())

async function loseProfile(): Promise<SecretStore> {
  rmSync(join(directory.path, 'secret-store.key'))
  return openTestSecrets(directory.path)
}

async function placeIn(store: SecretStore): Promise<unknown> {
  const { local, rebuilt } = await openOrRebuild(paths, await openUnitKey(paths, store, null, log), testClock(), testLog())
  try {
    expect(rebuilt).toBeNull()
    return local.file.prepare('select value from meta').pluck().get()
  } finally {
    await local.close()
  }
}

const texts = () => [paths.envelope, copy].map((path) => readFileSync(path, 'utf8'))
/** One letter of one value becomes another, so that the file still reads as JSON. */
function change(path: string, field: string): void {
  const text = readFileSync(path, 'utf8')
  const at = text.indexOf(`"${field}":"`) + field.length + 8
  writeFileSync(path, `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`)
}
const damages: Record<string, (path: string) => void> = {
  'is gone': (path) => rmSync(path),
  'is empty': (path) => writeFileSync(path, ''),
  'is cut off': (path) => writeFileSync(path, readFileSync(path).subarray(0, 100)),
  'cannot be read': (path) => (rmSync(path), mkdirSync(path)),
  'is of a later version': (path) => writeFileSync(path, '{"format":9}'),
  ...Object.fromEntries(['sealed', 'secretBackend', 'check', 'wrapped', 'keySha256', 'digest'].map((field) => [`has another letter in ${field}`, (path: string) => change(path, field)])),
}

it('is the same from the first opening on, readable by its owner alone', () => {
  const [own, second] = texts()
  expect(second).toBe(own)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
  expect(log.lines).toEqual([])
})

describe.each(Object.entries(damages))('where the key file %s', (_what, damage) => {
  it('the unit opens with the copy, which takes its place; the damaged one stays beside it', async () => {
    const [whole] = texts()
    damage(paths.envelope)
    const damaged = existsSync(paths.envelope)
    expect(await placeIn(secrets)).toBe('/registrations')
    expect(texts()).toEqual([whole, whole])
    expect(log.lines).toEqual([expect.stringContaining('warn key file of the unit cannot be used')])
    const aside = readdirSync(dirname(paths.envelope)).filter((name) => name.startsWith(`${unitId}.key.json.damaged-`))
    expect(aside).toHaveLength(damaged ? 1 : 0)
  })

  it('the recovery key opens the unit after a lost profile all the same', async () => {
    damage(paths.envelope)
    const fresh = await loseProfile()
    await expect(openUnitKey(paths, fresh, null)).rejects.toMatchObject({ code: 'local-key-lost' })
    expect(await recoverUnits({ data: directory.path, secrets: fresh }, recovery.privateKey)).toEqual([{ organizationId: unitId, outcome: 'recovered' }])
    expect(await placeIn(fresh)).toBe('/registrations')
  })

  it('and the copy is damaged too, nothing is created and both stay as they are', async () => {
    damage(paths.envelope)
    writeFileSync(copy, 'not a key file')
    const before = readdirSync(dirname(paths.envelope))
    await expect(openUnitKey(paths, secrets, recovery.publicKey)).rejects.toMatchObject({ code: 'local-key-lost' })
    expect(readdirSync(dirname(paths.envelope))).toEqual(before)
    expect(readFileSync(copy, 'utf8')).toBe('not a key file')
  })
})

it('a key file that cannot be had for the moment is not taken for damaged: it stays, and so does its copy', async () => {
  const before = texts()
  const elsewhere = `${paths.envelope}.elsewhere`
  renameSync(paths.envelope, elsewhere)
  // Nobody can open a socket as a file.
  const server = createServer().listen(paths.envelope)
  await once(server, 'listening')
  await expect(openUnitKey(paths, secrets, null)).rejects.toMatchObject({ code: 'ENXIO' })
  server.close()
  await once(server, 'close')
  renameSync(elsewhere, paths.envelope)
  expect(readdirSync(dirname(paths.envelope)).filter((name) => name.includes('damaged'))).toEqual([])
  expect(texts()).toEqual(before)
  expect(await placeIn(secrets)).toBe('/registrations')
})

it.each(Object.entries(damages).filter(([what]) => what !== 'cannot be read'))('a copy that %s is written anew at the next opening', async (_what, damage) => {
  damage(copy)
  const own = readFileSync(paths.envelope, 'utf8')
  expect(await placeIn(secrets)).toBe('/registrations')
  expect(texts()).toEqual([own, own])
})

it('a copy that cannot be written keeps nobody from working, and the log tells', async () => {
  rmSync(copy)
  mkdirSync(copy)
  expect(await placeIn(secrets)).toBe('/registrations')
  expect(log.lines).toEqual([expect.stringContaining('error copy of the key file of the unit cannot be written')])
})

describe('a copy that is older than the key file, as after a kill between the two writes,', () => {
  it('never takes its place: a newer recovery key stays', async () => {
    const older = readFileSync(copy)
    const newer = pair()
    await openUnitKey(paths, secrets, newer.publicKey)
    const own = readFileSync(paths.envelope, 'utf8')
    writeFileSync(copy, older)
    await openUnitKey(paths, secrets, null)
    expect(texts()).toEqual([own, own])
    await recoverUnitKey(paths, newer.privateKey, secrets)
  })

  it('never takes its place: what was sealed for a new profile stays', async () => {
    const older = readFileSync(copy)
    const fresh = await loseProfile()
    await recoverUnitKey(paths, recovery.privateKey, fresh)
    const own = readFileSync(paths.envelope, 'utf8')
    expect(own).not.toBe(older.toString())
    writeFileSync(copy, older)
    expect(await placeIn(fresh)).toBe('/registrations')
    expect(texts()).toEqual([own, own])
  })
})

it('a key file of the first format goes on opening its unit and gets a copy', async () => {
  const { digest, ...content } = JSON.parse(readFileSync(paths.envelope, 'utf8')) as { digest: string }
  expect(digest).toHaveLength(44)
  writeFileSync(paths.envelope, JSON.stringify({ ...content, format: 1 }))
  rmSync(copy)
  expect(await placeIn(secrets)).toBe('/registrations')
  const [own, second] = texts()
  expect(own).toContain('"format":2')
  expect(second).toBe(own)
})

it('a unit of which only backups and the copy are left is put aside where no key opens it', async () => {
  rmSync(paths.envelope)
  for (const suffix of ['', '-wal', '-shm']) rmSync(paths.database + suffix, { force: true })
  const fresh = await loseProfile()
  expect(await setLostUnitsAside({ data: directory.path, secrets: fresh }, testClock())).toEqual([{ organizationId: unitId, outcome: 'set-aside' }])
  expect(Buffer.from(await openUnitKey(paths, fresh, null)).equals(key)).toBe(false)
})
