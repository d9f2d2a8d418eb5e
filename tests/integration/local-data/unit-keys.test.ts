import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openOrRebuild } from '../../../electron/host/database/rebuild.ts'
import { copyOf } from '../../../electron/host/database/key-envelope.ts'
import { openUnitKey, recoverUnitKey, setUnitAside, unitPaths } from '../../../electron/host/database/unit-keys.ts'
import type { SecretStore } from '../../../electron/host/ports.ts'
import { openTestSecrets, temporaryDirectory, testClock, testLog, unitId } from '../../support/local-unit.ts'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const recovery = pair()
const otherUnit = '018f0000-0000-7000-8000-0000000000a2'

let directory: ReturnType<typeof temporaryDirectory>
let secrets: SecretStore
let paths: ReturnType<typeof unitPaths>
beforeEach(async () => {
  directory = temporaryDirectory()
  secrets = await openTestSecrets(directory.path)
  paths = unitPaths(directory.path, unitId)
})
afterEach(() => directory.remove())

/** The Windows profile with its secret store is gone; another takes its place. */
async function loseProfile(): Promise<SecretStore> {
  rmSync(join(directory.path, 'secret-store.key'))
  return openTestSecrets(directory.path)
}

async function openUnit(store: SecretStore) {
  return openOrRebuild(paths, await openUnitKey(paths, store, null), testClock(), testLog())
}

it('makes a key once and gives the same one ever after', async () => {
  const key = await openUnitKey(paths, secrets, recovery.publicKey)
  expect(key).toHaveLength(32)
  expect(Buffer.from(await openUnitKey(paths, secrets, null)).equals(key)).toBe(true)
  expect(statSync(paths.envelope).mode & 0o777).toBe(0o600)
  expect(readFileSync(paths.envelope).includes(Buffer.from(key).toString('base64'))).toBe(false)
  expect(readdirSync(dirname(paths.envelope))).toEqual([`${unitId}.backups`, `${unitId}.key.json`])
})

it('opens a unit also where its recovery wrap cannot be written now, and writes it the next time', async () => {
  const key = await openUnitKey(paths, secrets, null)
  mkdirSync(`${paths.envelope}.new`)
  const log = testLog()
  expect(Buffer.from(await openUnitKey(paths, secrets, recovery.publicKey, log)).equals(key)).toBe(true)
  expect(log.lines.join()).toContain('key file not brought up to date')
  rmSync(`${paths.envelope}.new`, { recursive: true })
  await openUnitKey(paths, secrets, recovery.publicKey)
  await recoverUnitKey(paths, recovery.privateKey, await loseProfile())
})

it("gives each unit its own key, and one unit's key opens no other unit's file", async () => {
  const other = unitPaths(directory.path, otherUnit)
  const key = await openUnitKey(paths, secrets, null)
  const otherKey = await openUnitKey(other, secrets, null)
  expect(Buffer.from(key).equals(otherKey)).toBe(false)
})

it('loses nothing with the Windows profile: the recovery key opens the same file', async () => {
  const key = await openUnitKey(paths, secrets, recovery.publicKey)
  const { local } = await openOrRebuild(paths, key, testClock(), testLog())
  local.file.prepare('insert into meta values (?, ?)').run('place:somebody', '/registrations')
  await local.close()
  const fresh = await loseProfile()
  const before = readFileSync(paths.database)
  await expect(openUnit(fresh)).rejects.toMatchObject({ code: 'local-key-lost' })
  expect(readFileSync(paths.database).equals(before), 'file untouched').toBe(true)
  await recoverUnitKey(paths, recovery.privateKey, fresh)
  const recovered = await openUnit(fresh)
  expect(recovered.rebuilt).toBeNull()
  expect(recovered.local.file.prepare('select value from meta').pluck().get()).toBe('/registrations')
  await recovered.local.close()
})

it('wraps the key for the recovery key as soon as that is known, and anew when the unit has another', async () => {
  const key = await openUnitKey(paths, secrets, null)
  await expect(recoverUnitKey(paths, recovery.privateKey, secrets)).rejects.toMatchObject({ code: 'local-key-lost' })
  await openUnitKey(paths, secrets, recovery.publicKey)
  await recoverUnitKey(paths, recovery.privateKey, secrets)
  const newer = pair()
  await openUnitKey(paths, secrets, newer.publicKey)
  await expect(recoverUnitKey(paths, recovery.privateKey, secrets)).rejects.toMatchObject({ code: 'local-key-lost' })
  await recoverUnitKey(paths, newer.privateKey, secrets)
  expect(Buffer.from(await openUnitKey(paths, secrets, null)).equals(key)).toBe(true)
})

it('goes on working where the recovery key that the central service tells is no key', async () => {
  const log = testLog()
  await openUnitKey(paths, secrets, 'not a key', log)
  expect(log.lines).toHaveLength(1)
})

it('takes a wrapped key that was swapped for lost, and creates nothing over the file', async () => {
  await (await openUnit(secrets)).local.close()
  const other = unitPaths(directory.path, otherUnit)
  await openUnitKey(other, secrets, null)
  const { digest: _, ...mine } = JSON.parse(readFileSync(paths.envelope, 'utf8')) as { digest: string }
  const theirs = JSON.parse(readFileSync(other.envelope, 'utf8')) as { sealed: string }
  for (const path of [paths.envelope, copyOf(paths)]) writeFileSync(path, JSON.stringify({ ...mine, format: 1, sealed: theirs.sealed }))
  const before = readFileSync(paths.database)
  await expect(openUnit(secrets)).rejects.toMatchObject({ code: 'local-key-lost' })
  expect(readFileSync(paths.database).equals(before)).toBe(true)
})

it.each(['', '{"format":1', '{"format":9}'])('takes an envelope that reads %j for lost where it has no copy, and leaves it', async (content) => {
  await openUnitKey(paths, secrets, null)
  rmSync(copyOf(paths))
  writeFileSync(paths.envelope, content)
  await expect(openUnitKey(paths, secrets, null)).rejects.toMatchObject({ code: 'local-key-lost' })
  expect(readFileSync(paths.envelope, 'utf8')).toBe(content)
})

it('makes no new key for a file whose envelope is gone with its copy', async () => {
  await (await openUnit(secrets)).local.close()
  for (const path of [paths.envelope, copyOf(paths)]) rmSync(path)
  await expect(openUnitKey(paths, secrets, null)).rejects.toMatchObject({ code: 'local-key-lost' })
  expect(existsSync(paths.envelope)).toBe(false)
})

it('begins anew where neither key can be had, with file and envelope put aside together', async () => {
  await (await openUnit(secrets)).local.close()
  const before = readFileSync(paths.database)
  const fresh = await loseProfile()
  setUnitAside(paths, testClock('2026-11-23T08:00:00.000Z'))
  await (await openUnit(fresh)).local.close()
  const names = readdirSync(dirname(paths.database))
  const aside = `${unitId}.db.locked-2026-11-23T08-00-00-000Z`
  expect(names).toContain(aside)
  expect(names).toContain(`${unitId}.key.json.locked-2026-11-23T08-00-00-000Z`)
  expect(readFileSync(join(dirname(paths.database), aside)).equals(before)).toBe(true)
})
