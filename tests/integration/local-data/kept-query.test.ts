import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LocalDb } from '../../../electron/host/database/local-tables.ts'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { findRecord, insertRecord, updateText } from '../../../electron/host/database/record.repository.ts'
import { fillWithPeople, recordId, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

// What is compiled once runs at once where it may, past Kysely's queue for the one connection: it must see what it would have
// seen in that queue.
let directory: ReturnType<typeof temporaryDirectory>
let local: LocalDatabase
const id = recordId(1)

beforeEach(async () => {
  directory = temporaryDirectory()
  local = await openLocalDatabase(join(directory.path, 'unit.db'), unitKey)
})
afterEach(async () => {
  await local.close()
  directory.remove()
})

const insert = (db: LocalDb) =>
  insertRecord(db, {
    id, person_type: 'manager', version: null, base: null, body: personValues(1), id_card_no: personValues(1).idCardNo, state: 'local-only', review_status: 'unsubmitted',
    employment_status: 'employed', face_enrolled: 0, return_code: null, return_comment: null, updated_at: '2026-11-23T08:00:00.000Z',
  })

/** A transaction that stands still in its middle until it is let go. */
async function standingStill(task: (trx: LocalDb) => Promise<void>, failure?: Error) {
  const [middle, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const written = local.db.transaction().execute(async (trx) => {
    await task(trx)
    middle.resolve(undefined)
    await end.promise
    if (failure) throw failure
  })
  await middle.promise
  return { letGo: () => (end.resolve(undefined), written) }
}

describe('a kept query', () => {
  it('beside a transaction of somebody else waits for its end', async () => {
    const { letGo } = await standingStill(insert)
    const asked = findRecord(local.db, id)
    await letGo()
    expect((await asked)?.id_card_no).toBe(personValues(1).idCardNo)
  })

  it('sees nothing that is taken back', async () => {
    const { letGo } = await standingStill(insert, new Error('taken back'))
    const asked = findRecord(local.db, id)
    await expect(letGo()).rejects.toThrow('taken back')
    expect(await asked).toBeUndefined()
  })

  it('in a transaction sees what was written in it, and is taken back with it', async () => {
    await insert(local.db)
    const failing = local.db.transaction().execute(async (trx) => {
      await updateText(trx, id, { state: 'queued' })
      expect((await findRecord(trx, id))?.state).toBe('queued')
      throw new Error('taken back')
    })
    await expect(failing).rejects.toThrow('taken back')
    expect(await findRecord(local.db, id)).toMatchObject({ state: 'local-only', local_rev: 1 })
  })

  it('writes beside a transaction of somebody else only after its end', async () => {
    await insert(local.db)
    const { letGo } = await standingStill((trx) => updateText(trx, id, { state: 'queued' }), new Error('taken back'))
    const writing = updateText(local.db, id, { updated_at: '2026-11-24T08:00:00.000Z' })
    await expect(letGo()).rejects.toThrow('taken back')
    await writing
    expect(await findRecord(local.db, id)).toMatchObject({ state: 'local-only', updated_at: '2026-11-24T08:00:00.000Z', local_rev: 2 })
  })

  it('that meets damage tells of it, as any other does', async () => {
    const people = 300
    fillWithPeople(local, people)
    await local.close()
    let told = 0
    local = await openLocalDatabase(local.path, unitKey, { damaged: () => void told++ })
    const bytes = readFileSync(local.path)
    for (let page = 30; page < 90; page += 2) bytes[page * 4_096 + 1_000] = (bytes[page * 4_096 + 1_000] ?? 0) ^ 1
    writeFileSync(local.path, bytes, { flag: 'r+' })
    const readAll = async () => {
      for (let index = 0; index < people; index++) await findRecord(local.db, recordId(index))
    }
    await expect(readAll()).rejects.toThrow()
    expect(told).toBe(1)
  })
})
