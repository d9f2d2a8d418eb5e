import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'
import Fastify from 'fastify'
import pg from 'pg'
import { openCentralDatabase, type DatabaseLocation } from '../../../central/database/open.ts'

// What the central service is held against: Fastify with nothing around it, the same database with the same tables and the
// same durability, the same rows in one transaction by statements prepared once. No sign-in, no check of what is sent, no key
// looked up, nothing sealed or hashed, no audit chain, no log. Program: bare-service.ts LOCATION-AS-JSON, which prints its address.

type Texts = readonly (string | number | null)[]
interface Bare {
  /** One transaction. */
  write(organization: string, inserts: readonly Texts[]): void | Promise<void>
  list(organization: string, limit: number): Row[] | Promise<Row[]>
}
interface Row {
  id: string
  version: number
  person_type: string
  status: string
  review_comment: string | null
  face_enrolled: number
  values_sealed: string
  created_at: string
  updated_at: string
  id_card_no_sealed: string
}
interface Form { id: string; personType: string; values: { idCardNo: string; name: string; mobile: string; residenceDetail: string } }

const marks = (count: number, mark: (index: number) => string) => Array.from({ length: count }, (_, index) => mark(index + 1)).join(', ')
const insertSql = (mark: (index: number) => string) => [['applied_write', 6], ['person', 4], ['registration', 19], ['audit_event', 9]].map(([table, columns]) => `insert into ${table} values (${marks(Number(columns), mark)})`)
const nextSql = (mark: string) => `update organization set seq = seq + 1 where id = ${mark} returning seq`
const listSql = (mark: (index: number) => string) =>
  `select r.*, p.id_card_no_sealed from registration r join person p on p.id = r.person_id where r.organization_id = ${mark(1)} order by r.id limit ${mark(2)}`

function overSqlite(path: string): Bare {
  const file = new Sqlite(path, { timeout: 5_000 })
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  const [next, inserts, list] = [file.prepare(nextSql('?')), insertSql(() => '?').map((sql) => file.prepare(sql)), file.prepare(listSql(() => '?'))]
  const write = file.transaction((organization: string, rows: readonly Texts[]) => {
    next.get(organization)
    for (const [index, insert] of inserts.entries()) insert.run(...(rows[index] ?? []))
  })
  return { write: (organization, rows) => write.immediate(organization, rows), list: (organization, limit) => list.all(organization, limit) as Row[] }
}

function overPostgres(url: string): Bare {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const mark = (index: number) => `$${index}`
  const inserts = insertSql(mark)
  return {
    write: async (organization, rows) => {
      const client = await pool.connect()
      await client.query('begin')
      await client.query({ name: 'next', text: nextSql('$1'), values: [organization] })
      for (const [index, text] of inserts.entries()) await client.query({ name: `insert${index}`, text, values: [...(rows[index] ?? [])] })
      await client.query('commit')
      client.release()
    },
    list: async (organization, limit) => (await pool.query<Row>({ name: 'list', text: listSql(mark), values: [organization, limit] })).rows,
  }
}

/** Longer by a third, as what is sealed. */
const filled = (text: string) => text + 'x'.repeat(Math.ceil(text.length / 3) + 40)

const padded = (json: string) => json.padEnd(Math.ceil(json.length * 1.34) + 40)

function rowsOf(organization: string, key: string, { id, personType, values }: Form): Texts[] {
  const { idCardNo, name, mobile, residenceDetail } = values
  const [person, at, hash] = [randomUUID(), new Date().toISOString(), filled(idCardNo)]
  return [
    [organization, key, organization, hash, JSON.stringify({ kind: 'applied', receipt: { id, version: 1, status: 'pending' } }), at],
    [person, hash, filled(idCardNo), at],
    [id, organization, person, hash, personType, 'pending', null, 0, 1, 1, name, name, name, filled(mobile), hash, filled(residenceDetail), padded(JSON.stringify(values)), at, at],
    [randomUUID(), at, 'registration-created', organization, organization, organization, JSON.stringify({ registrationId: id }), 1, hash],
  ]
}

async function main(): Promise<void> {
  const location = JSON.parse(process.argv[2] ?? '') as DatabaseLocation
  await (await openCentralDatabase(location)).close()
  const bare = location.kind === 'sqlite' ? overSqlite(location.path) : overPostgres(location.url)
  const app = Fastify()
  app.post('/v1/registrations', async (request, reply) => {
    const { 'organization-id': organization, 'idempotency-key': key } = request.headers as Record<string, string>
    const form = request.body as Form
    await bare.write(organization ?? '', rowsOf(organization ?? '', key ?? '', form))
    return reply.status(201).send({ id: form.id, version: 1, status: 'pending' })
  })
  app.get('/v1/registrations', async (request) => {
    const rows = await bare.list(String(request.headers['organization-id']), Number((request.query as { limit: string }).limit) + 1)
    const items = rows.slice(0, -1).map((row) => ({
      id: row.id, version: row.version, personType: row.person_type, status: row.status, reviewStatus: row.status, reviewComment: row.review_comment, faceEnrolled: row.face_enrolled === 1,
      values: JSON.parse(row.values_sealed) as unknown, createdAt: row.created_at, updatedAt: row.updated_at,
    }))
    return { items, next: rows.at(-1)?.id ?? null }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  console.log(JSON.stringify({ url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` }))
  process.on('SIGTERM', () => process.exit(0))
}

await main()
