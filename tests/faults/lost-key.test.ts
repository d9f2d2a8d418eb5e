import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimSingleInstance } from '../../electron/browser/single-instance.ts'
import { backUp } from '../../electron/host/database/backups.ts'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { openUnitKey, unitPaths } from '../../electron/host/database/unit-keys.ts'
import { openTestSecrets, serviceOver, temporaryDirectory, testClock, testLog, unitId } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

// What docs/recovery.md promises, by the program it tells to run.
const program = fileURLToPath(new URL('../../electron/browser/recover.ts', import.meta.url))
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
const recovery = pair()

let directory: ReturnType<typeof temporaryDirectory>
let paths: ReturnType<typeof unitPaths>
let keyFile: string
let draft: { id: string }
let submitted: { id: string }

beforeEach(async () => {
  directory = temporaryDirectory()
  paths = unitPaths(directory.path, unitId)
  keyFile = join(directory.path, 'recovery.pem')
  writeFileSync(keyFile, recovery.privateKey)
  const { local, registrations } = await open(recovery.publicKey)
  draft = await registrations.begin({ idCardNo: personValues(1).idCardNo })
  await registrations.keepDraft({ id: draft.id, values: personValues(1, { residenceDetail: '写到一半的地址' }), revision: 1 })
  submitted = await registrations.begin({ idCardNo: personValues(2).idCardNo })
  await registrations.submit({ id: submitted.id, values: personValues(2), revision: 1 })
  await backUp(local, paths.backups, await openUnitKey(paths, await openTestSecrets(directory.path), null), '2026-11-23')
  await local.close()
})
afterEach(() => directory.remove())

async function open(recoveryPublicKey: string | null) {
  const key = await openUnitKey(paths, await openTestSecrets(directory.path), recoveryPublicKey)
  const { local, rebuilt } = await openOrRebuild(paths, key, testClock(), testLog())
  return { local, rebuilt, ...serviceOver(local) }
}

/** The Windows profile with its secret store is gone; the next start makes another. */
const loseProfile = () => rmSync(join(directory.path, 'secret-store.key'))

function unitFiles(): Record<string, string> {
  const names = readdirSync(join(directory.path, 'units'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(names.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name)).toString('base64')]))
}

function recover(...options: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, '--data', directory.path, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (said += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, said }))
  })
}

it('after a lost profile: says so and leaves every file, then opens it with everything in it by the recovery key', async () => {
  loseProfile()
  const before = unitFiles()
  expect(Object.keys(before)).toHaveLength(4)
  await expect(open(null)).rejects.toMatchObject({ code: 'local-key-lost' })
  expect(unitFiles()).toEqual(before)

  expect(await recover('--recovery-key', keyFile)).toEqual({ code: 0, said: `${unitId}：已恢复，可以正常登录使用\n` })
  const { [`${unitId}.key.json`]: envelopeBefore, 'key.json': _, ...dataBefore } = before
  const { [`${unitId}.key.json`]: envelope, 'key.json': copy, ...data } = unitFiles()
  expect(data).toEqual(dataBefore)
  expect(envelope).not.toBe(envelopeBefore)
  expect(copy).toBe(envelope)

  const { local, rebuilt, registrations } = await open(null)
  expect(rebuilt).toBeNull()
  expect((await registrations.open({ id: draft.id })).values.residenceDetail).toBe('写到一半的地址')
  expect(await operationsOf(local.db, submitted.id)).toMatchObject([{ kind: 'create', patch: personValues(2) }])
  await local.close()
  expect((await recover('--recovery-key', keyFile)).said).toContain('本来就能打开，未作改动')
})

it("leaves everything where the key is another unit's, and says so", async () => {
  loseProfile()
  await openTestSecrets(directory.path)
  const before = unitFiles()
  writeFileSync(keyFile, pair().privateKey)
  expect(await recover('--recovery-key', keyFile)).toEqual({ code: 1, said: `${unitId}：恢复密钥不符，未作改动\n` })
  expect(unitFiles()).toEqual(before)
})

it.each(['', 'not a key', recovery.publicKey])('refuses a file that holds no private key (%#)', async (content) => {
  writeFileSync(keyFile, content)
  const { code, said } = await recover('--recovery-key', keyFile)
  expect(code).toBe(1)
  expect(said).toContain('这不是可用的恢复密钥')
})

it('puts what does not open aside where there is no recovery key, and what opens stays', async () => {
  expect((await recover('--set-aside')).said).toContain('本来就能打开，未作改动')
  loseProfile()
  const before = unitFiles()
  expect(await recover('--set-aside')).toEqual({ code: 0, said: `${unitId}：已另存保留，下次登录时从服务器重新取回\n` })
  expect(existsSync(paths.database)).toBe(false)
  expect(Object.values(unitFiles()).sort(), 'nothing deleted').toEqual(Object.values(before).sort())
  const { local, registrations } = await open(null)
  expect((await registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(0)
  await local.close()
})

it('does nothing while a workstation uses the folder', async () => {
  loseProfile()
  const before = unitFiles()
  const release = await claimSingleInstance(directory.path)
  const { code, said } = await recover('--recovery-key', keyFile)
  release()
  expect(code).toBe(1)
  expect(said).toContain('已有一个工作站在使用')
  expect(unitFiles()).toEqual(before)
})
