import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { fillWithPeople, randomKey, temporaryDirectory, unitKey } from '../support/local-unit.ts'

let directory: ReturnType<typeof temporaryDirectory>
let path: string
beforeEach(() => {
  directory = temporaryDirectory()
  path = join(directory.path, 'unit.db')
})
afterEach(() => directory.remove())

it('notices every one of 200 flipped bytes when the file is opened', async () => {
  const local = await openLocalDatabase(path, unitKey)
  fillWithPeople(local, 300)
  await local.close()
  const whole = readFileSync(path)
  const silent: number[] = []
  for (let flip = 0; flip < 200; flip++) {
    const at = Math.floor((flip + Math.random()) * (whole.length / 200))
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8))
    writeFileSync(path, bytes)
    const opened = await openLocalDatabase(path, unitKey).catch((error: unknown) => error)
    if ((opened as { code?: unknown }).code !== 'local-damaged') silent.push(at)
  }
  expect(silent).toEqual([])
})

it('notices a file that was cut off', async () => {
  const local = await openLocalDatabase(path, unitKey)
  fillWithPeople(local, 50)
  await local.close()
  writeFileSync(path, readFileSync(path).subarray(0, -1_000))
  await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-damaged' })
})

it('opens with no other key, and stays as it is', async () => {
  await (await openLocalDatabase(path, unitKey)).close()
  const before = readFileSync(path)
  await expect(openLocalDatabase(path, randomKey())).rejects.toMatchObject({ code: 'local-damaged' })
  expect(readFileSync(path).equals(before)).toBe(true)
  await (await openLocalDatabase(path, unitKey)).close()
})

it('says that the file cannot be opened', async () => {
  mkdirSync(path)
  await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-read-only' })
})
