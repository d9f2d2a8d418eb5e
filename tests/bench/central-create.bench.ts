import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { writeOnce } from '../../central/write-once.ts'
import { personValues } from '../support/people.ts'
import { startSignInService, workstation } from '../support/sign-in-service.ts'
import { against, alternate, atLeast, atMost, benchDirectory, report } from './measure.ts'

// A registration made at the central service, durable and applied once, against the same rows written by better-sqlite3
// alone: one transaction a person, full synchronisation, statements prepared once.
using directory = benchDirectory()
const path = join(directory.path, 'central.db')
const service = await startSignInService({ kind: 'sqlite', path })
const organizationId = await service.addOrganization()
const who = { organizationId, accountId: await service.addAccount(organizationId, 'bench'), deviceId: workstation }

let made = 0
const create = () => {
  const registration = { id: randomUUID(), personType: 'manager' as const, values: personValues(made++) }
  return writeOnce(service.context, who, { kind: 'create', opId: randomUUID(), registration })
}
// The rows to write again are those the service itself writes.
const rounds = 600
const burst = 400
const alone = rounds + Math.ceil(rounds / 10)
for (let index = 0; index < alone + burst; index++) await create()

const source = new Database(path, { readonly: true })
const tables = ['applied_write', 'person', 'registration', 'audit_event']
const raw = new Database(join(directory.path, 'raw.db'))
raw.pragma('journal_mode = WAL')
raw.pragma('synchronous = FULL')
for (const sql of source.prepare('select sql from sqlite_master where sql is not null and name not like ?').pluck().all('sqlite_%') as string[]) raw.exec(sql)
raw.exec(`attach '${path}' as service; insert into organization select * from service.organization; insert into account select * from service.account; detach service`)
const written = Object.fromEntries(tables.map((table) => [table, source.prepare(`select * from ${table}`).raw().all() as unknown[][]]))
source.close()
const nextSeq = raw.prepare('update organization set seq = seq + 1 where id = ?')
const inserts = tables.map((table) => {
  const rows = written[table] ?? []
  return { rows, insert: raw.prepare(`insert into ${table} values (${rows[0]?.map(() => '?').join(', ') ?? ''})`) }
})
const writeRaw = raw.transaction((index: number) => {
  nextSeq.run(organizationId)
  for (const { rows, insert } of inserts) insert.run(...(rows[index] ?? []))
})

const times = await alternate({ service: create, raw: (round) => writeRaw.immediate(round) }, rounds)

async function perSecond(writer: (index: number) => unknown): Promise<number> {
  const started = performance.now()
  await Promise.all(Array.from({ length: 20 }, async (_, clerk) => {
    for (let index = clerk; index < burst; index += 20) await writer(alone + index)
  }))
  return (1_000 * burst) / (performance.now() - started)
}
const atOnce = { service: await perSecond(create), raw: await perSecond((index) => writeRaw.immediate(index)) }
raw.close()
await service.close()

report([
  against('p50', times.service, 'raw inserts of the same rows', times.raw, { bound: atMost(3) }),
  against('p95', times.service, 'raw inserts of the same rows', times.raw, { bound: atMost(4), part: 0.95 }),
  // The service commits together what comes together; the raw writer commits each.
  { name: 'twenty-at-once', value: atOnce.service, unit: '/s', peer: { name: 'raw inserts of the same rows', value: atOnce.raw }, bound: atLeast(0.6) },
])
