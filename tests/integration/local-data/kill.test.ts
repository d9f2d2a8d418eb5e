import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operationsOf } from '../../../electron/host/database/outbox.repository.ts'
import { allRecordIds, findRecords } from '../../../electron/host/database/record.repository.ts'
import { openTestUnit, temporaryDirectory } from '../../support/local-unit.ts'

const program = fileURLToPath(new URL('../../support/saving-program.ts', import.meta.url))
const directory = temporaryDirectory()

interface Save {
  did: 'begin' | 'keepDraft' | 'submit'
  id: string
  step?: number
}

/** Kills the program without warning `after` milliseconds past its thirtieth acknowledged save, however slow the machine. */
function savesUntilKilled(first: number, after: number): Promise<Save[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, directory.path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let told = ''
    let doomed = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (doomed || told.split('\n').length <= 30) return
      doomed = true
      setTimeout(() => child.kill('SIGKILL'), after)
    })
    child.once('error', reject)
    child.once('close', (_code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error('the saving program ended by itself'))
      // The last line may be cut off: that save was not yet told.
      resolve(told.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Save))
    })
  })
}

const acknowledged: Save[] = []
const kills = 8

beforeAll(async () => {
  for (let kill = 0; kill < kills; kill++) acknowledged.push(...(await savesUntilKilled(kill * 10_000, 30 + Math.random() * 150)))
}, 120_000)
afterAll(() => directory.remove())

it('saves enough before it is killed to mean something', () => {
  expect(acknowledged.length).toBeGreaterThan(200)
})

it('has every acknowledged save after kills at random moments', async () => {
  const unit = await openTestUnit(directory.path)
  const lost: Save[] = []
  for (const save of acknowledged) {
    const form = await Promise.resolve(unit.registrations.open({ id: save.id })).catch(() => null)
    const step = Number(/^第(\d)次录入$/.exec(form?.values.residenceDetail ?? '')?.[1] ?? (form?.syncState === 'queued' ? 9 : -1))
    const there = form && (save.did === 'begin' || (save.did === 'submit' ? form.syncState === 'queued' : step >= (save.step ?? 0)))
    if (!there) lost.push(save)
  }
  await unit.close()
  expect(lost).toEqual([])
})

it('has a submitted record and its queued write both or neither', async () => {
  const unit = await openTestUnit(directory.path)
  const { db } = unit.local
  for (const record of await findRecords(db, await allRecordIds(db))) {
    const operations = await operationsOf(db, record.id)
    expect(operations.map(({ kind, patch }) => ({ kind, patch })), record.id).toEqual(record.state === 'queued' ? [{ kind: 'create', patch: record.body }] : [])
    expect(record.draft === null, record.id).toBe(record.state === 'queued')
  }
  await unit.close()
})
