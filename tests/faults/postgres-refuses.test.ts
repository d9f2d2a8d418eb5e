import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { makeFullDisk, type FullDisk } from '../support/full-disk.ts'
import { startCentral, type Central, type Clerk, type Reply, type Unit } from '../support/central-service.ts'
import { personValues } from '../support/people.ts'
import { query, startPostgres, type Postgres } from '../support/postgres.ts'

let beside: string
let disk: FullDisk
let server: Postgres
let url: string
let central: Central
let clerk: Clerk & { unit: Unit }
let person = 0
beforeAll(async () => {
  beside = mkdtempSync(join(tmpdir(), 'postgres-disk-'))
  chmodSync(beside, 0o755)
  server = await startPostgres({ env: (folder) => (disk = makeFullDisk(join(folder, 'data', 'base'), beside)).env })
  url = await server.newDatabase()
  // The rights of an ordinary user: limits do not hold for who made the server.
  await query(url, 'create role service login')
  await query(url, 'grant all on schema public to service')
  central = await startCentral({ kind: 'postgresql', url: url.replace('central@', 'service@') })
  clerk = await central.newClerk()
})
afterEach(() => disk.free())
afterAll(async () => {
  await central?.close()
  await server?.stop()
  rmSync(beside, { recursive: true })
})

const creates = (count: number) => Array.from({ length: count }, () => ({ kind: 'create', opId: randomUUID(), registration: { id: randomUUID(), personType: 'manager', values: personValues(++person) } }))
const busy = { status: 503, headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body: { code: 'central-busy', retriable: true, details: {} } }
/** Of each kind of row, how many there are. */
const counts = async () => {
  const count = async (table: 'registration' | 'person' | 'applied_write') => (await central.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
  return [await count('registration'), await count('person'), await count('applied_write')]
}
/** Its connections are cut, and it makes new ones. */
const reconnect = async () => {
  await query(url, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'service'")
  await expect.poll(async () => (await clerk.changes()).status).toBe(200)
}
/** The same push again, and each of its operations is there once. */
async function allOnce(operations: ReturnType<typeof creates>): Promise<void> {
  const reply = await clerk.push(operations)
  expect(reply.status).toBe(200)
  expect((reply.body['results'] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(operations.map(() => 'applied'))
  const rows = await central.db.selectFrom('registration').select(['id', 'version']).where('id', 'in', operations.map(({ registration }) => registration.id)).execute()
  expect(rows.map(({ version }) => version)).toEqual(operations.map(() => 1))
}

it('that ends while batches come in: each is answered as done or as busy, each operation is whole or not there, and again under the same keys each is made once', async () => {
  const batches = Array.from({ length: 20 }, () => creates(10))
  const [registrations = 0] = await counts()
  const pushing = Promise.all(batches.map((batch) => clerk.push(batch)))
  while (((await counts())[0] ?? 0) < registrations + 10) await new Promise((resolve) => setImmediate(resolve))
  await server.halt()
  const replies = await pushing
  for (const reply of replies) if (reply.status !== 200) expect(reply).toMatchObject(busy)
  expect(await clerk.push(creates(1)), 'while it is away').toMatchObject(busy)
  expect(await clerk.changes(), 'nor can anything be read').toMatchObject(busy)
  await server.resume()
  const [rows = 0, people, writes] = await counts()
  expect([people, writes], 'nothing half').toEqual([rows, rows])
  expect(rows).toBeGreaterThanOrEqual(registrations + 10 * replies.filter(({ status }) => status === 200).length)
  expect(rows, 'it ended in the middle').toBeLessThan(registrations + 200)
  for (const batch of batches) await allOnce(batch)
})

it('that lets nobody in any more: those without a connection are told to come again, and nothing is lost of the others', async () => {
  await query(url, 'alter role service connection limit 2')
  await query(url, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'service'")
  const operations = creates(12)
  const replies: Reply[] = await Promise.all(operations.map((operation) => clerk.push([operation])))
  expect([...new Set(replies.map(({ status }) => status))].sort()).toEqual([200, 503])
  for (const reply of replies) if (reply.status === 503) expect(reply).toMatchObject(busy)
  await query(url, 'alter role service connection limit -1')
  await allOnce(operations)
})

it('that is read-only, as a standby is: reads are answered, writes are told to come again', async () => {
  await query(url, 'alter role service set default_transaction_read_only = on')
  await reconnect()
  const operations = creates(3)
  expect(await clerk.push(operations)).toMatchObject(busy)
  await query(url, 'alter role service reset default_transaction_read_only')
  await reconnect()
  await allOnce(operations)
})

it.each(['full', 'quota'] as const)('whose disk has no room (%s): writes are told to come again, nothing is half there, and they go through once there is room', async (how) => {
  disk.fill(how)
  const refused: ReturnType<typeof creates> = []
  // What fits into the pages that are there already still goes through.
  for (let tries = 0; tries < 60 && refused.length < 3; tries++) {
    const operations = creates(10)
    const reply = await clerk.push(operations)
    if (reply.status === 200) continue
    expect(reply).toMatchObject(busy)
    refused.push(...operations)
  }
  expect(refused.length, 'the disk was full').toBeGreaterThan(0)
  expect((await clerk.changes()).status).toBe(200)
  disk.free()
  const [rows, people, writes] = await counts()
  expect([people, writes]).toEqual([rows, rows])
  for (let first = 0; first < refused.length; first += 10) await allOnce(refused.slice(first, first + 10))
})
