import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CentralDb } from '../../../central/database/database.ts'
import { openCentralDatabase, type CentralDatabase } from '../../../central/database/open.ts'
import { findOrganization, nextSeq } from '../../../central/modules/organization/organization.repository.ts'

// In the embedded file what is compiled once runs at once where it may, past Kysely's queue for the one connection: it must see
// what it would have seen in that queue.
let database: CentralDatabase
let id: string

beforeEach(async () => {
  database = await openCentralDatabase({ kind: 'sqlite', path: ':memory:' })
  id = randomUUID()
  const at = new Date().toISOString()
  await database.db.insertInto('organization').values({
    id, version: 1, seq: 0, changed_seq: 0, name: '甲修缮公司', kind: 'contractor', credit_code: id, address: '', contact_name: '', contact_phone_sealed: '', recovery_public_key: '',
    created_at: at, updated_at: at,
  }).execute()
})
afterEach(() => database.close())

/** A transaction that stands still in its middle until it is let go. */
async function standingStill(task: (trx: CentralDb) => Promise<unknown>, failure?: Error) {
  const [middle, end] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const written = database.db.transaction().execute(async (trx) => {
    await task(trx)
    middle.resolve(undefined)
    await end.promise
    if (failure) throw failure
  })
  await middle.promise
  return { letGo: () => (end.resolve(undefined), written) }
}

const seq = async () => (await findOrganization(database.db, id))?.seq

describe('a kept query beside a transaction of somebody else', () => {
  it('sees what that has written, once it is committed', async () => {
    const { letGo } = await standingStill((trx) => nextSeq(trx, id))
    const asked = seq()
    await letGo()
    expect(await asked).toBe(1)
  })

  it('sees nothing that is taken back, and writes after it', async () => {
    const { letGo } = await standingStill((trx) => nextSeq(trx, id, 10), new Error('taken back'))
    const [asked, written] = [seq(), nextSeq(database.db, id)]
    await expect(letGo()).rejects.toThrow('taken back')
    expect(await asked).toBe(0)
    expect(await written).toBe(1)
  })
})

it('a kept query in a transaction sees what was written in it', async () => {
  await database.db.transaction().execute(async (trx) => {
    await nextSeq(trx, id)
    expect((await findOrganization(trx, id))?.seq).toBe(1)
  })
})
