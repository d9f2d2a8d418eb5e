import { afterAll, beforeAll, expect, it } from 'vitest'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { allRecordIds, findRecords } from '../../electron/host/database/record.repository.ts'
import { lostSaves, savesUntilKilled, type Save } from '../support/killed-saves.ts'
import { openTestUnit, temporaryDirectory } from '../support/local-unit.ts'

const directory = temporaryDirectory()

const acknowledged: Save[] = []
const kills = 8

beforeAll(async () => {
  for (let kill = 0; kill < kills; kill++) acknowledged.push(...(await savesUntilKilled(directory.path, { first: kill * 10_000, after: 30 + Math.random() * 150 })))
}, 120_000)
afterAll(() => directory.remove())

it('saves enough before it is killed to mean something', () => {
  expect(acknowledged.length).toBeGreaterThan(200)
})

it('has every acknowledged save after kills at random moments', async () => {
  expect(await lostSaves(directory.path, acknowledged)).toEqual([])
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
