import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKeyFileSecrets } from '../../../electron/browser/key-file-secrets.ts'
import { openDevice } from '../../../electron/host/database/device.ts'
import type { SecretStore } from '../../../electron/host/ports.ts'
import { clerk, colleague, unit } from '../../support/session-fakes.ts'

const clock = { now: () => new Date('2026-11-23T08:00:00Z') }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const online = { lastOnlineAt: '2026-11-23T08:00:00.000Z', serverTime: '2026-11-23T07:59:00.000Z' }
const certificate = { ...online, sha256: 'a'.repeat(64), spki: 'spki' }
const passOf = (account: typeof clerk) => ({ account, organization: unit, certificate, password: null })

let directory: string
let secrets: SecretStore
const open = () => openDevice(directory, secrets, clock, quiet)

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'device-'))
  secrets = await openKeyFileSecrets(directory)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('passes, the latest instant seen and the device id are there after a restart', async () => {
  const device = await open()
  await device.rememberPass(passOf(clerk), 'zhang', online.serverTime)
  await device.rememberPass(passOf(colleague), null, online.serverTime)
  await device.seeAt('2026-11-24T08:00:00.000Z')
  const again = await open()
  expect(again.deviceId()).toBe(device.deviceId())
  expect(again.lastUsername()).toBe('zhang')
  expect(again.lastSeenAt()).toBe('2026-11-24T08:00:00.000Z')
  expect(again.passes()).toEqual([passOf(clerk), passOf(colleague)])
})

it('a pass taken back stays away after a restart', async () => {
  const device = await open()
  await device.rememberPass(passOf(clerk), 'zhang', online.serverTime)
  await device.changePasses(() => [])
  expect((await open()).passes()).toEqual([])
})

it('a file of the first format keeps the device and asks for one online sign-in', async () => {
  const earlier = { format: 1, deviceId: 'device-of-before-0123456789', lastUsername: 'zhang', tokenDriver: null, passes: [{ account: clerk, ...online }] }
  writeFileSync(join(directory, 'device.sealed'), await secrets.seal(Buffer.from(JSON.stringify(earlier))))
  const device = await open()
  expect(device.deviceId()).toBe('device-of-before-0123456789')
  expect(device.lastUsername()).toBe('zhang')
  expect(device.passes()).toEqual([])
})
