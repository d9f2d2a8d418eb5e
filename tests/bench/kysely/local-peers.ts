import { randomUUID } from 'node:crypto'
import { enqueue, headsOfLanes } from '../../../electron/host/database/outbox.repository.ts'
import { indexName } from '../../../electron/host/database/names.ts'
import { findRecord, parseValues, type StoredRecord } from '../../../electron/host/database/record.repository.ts'
import { lineText } from '../../../electron/host/database/search.repository.ts'
import { toRow } from '../../../electron/host/services/registrations/registration-view.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { fillWithPeople, openTestUnit, recordId } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import { textsPreparedBy, textWith, type RawFile } from './statements.ts'

const people = 10_000
const queued = 200
const pageSize = 20

/** A hot path and the same without Kysely: the same SQL, prepared once on the same connection, and the same made of its rows. */
export interface Pair {
  readonly ours: (round: number) => unknown
  readonly raw: (round: number) => unknown
}

/** The local file of a unit with 10,000 people, 200 of them waiting to be uploaded. */
export async function localPairs(directory: string) {
  const unit = await openTestUnit(directory)
  const { db, file } = unit.local
  fillWithPeople(unit.local, people)
  for (let index = 0; index < queued; index++) {
    await enqueue(db, { op_id: randomUUID(), record_id: recordId(index), kind: 'patch', base_version: 1, created_at: new Date().toISOString(), patch: { mobile: '13800000000' } })
  }
  file.exec(`update record set state = 'queued' where id in (select record_id from outbox)`)

  const pairs = {
    'local-record-read': await recordRead(file, (id) => findRecord(db, id)),
    'local-list-page': await listPage(file, unit),
    'local-outbox-read': await outboxRead(file, (limit) => headsOfLanes(db, limit, new Date().toISOString())),
    'local-draft-kept': await draftKept(file, unit),
  }
  return { pairs, close: () => unit.close() }
}

type Unit = Awaited<ReturnType<typeof openTestUnit>>

function toRecord({ base_json, body_json, remote_json, values_json, kept_at, ...rest }: Record<string, string | null>): StoredRecord {
  const draft = values_json !== null && kept_at !== null ? { values: parseValues(values_json ?? ''), keptAt: kept_at ?? '' } : null
  const parsed = (json: string | null | undefined) => (json === null || json === undefined ? null : parseValues(json))
  return { ...rest, base: parsed(base_json), body: parsed(body_json), remote: parsed(remote_json), draft } as unknown as StoredRecord
}

async function recordRead(file: RawFile, find: (id: string) => Promise<unknown>): Promise<Pair> {
  const texts = await textsPreparedBy(file, () => find(recordId(0)))
  const byId = file.prepare(textWith(texts, 'select', 'where "record"."id" ='))
  const idOf = (round: number) => recordId((round * 7) % people)
  return { ours: (round) => find(idOf(round)), raw: (round) => byId.all(idOf(round)).map((row) => toRecord(row as Record<string, string | null>))[0] }
}

async function listPage(file: RawFile, unit: Unit): Promise<Pair> {
  const list = async (page: number) => unit.registrations.list({ query: '', page, pageSize })
  const texts = await textsPreparedBy(file, () => list(1))
  const byIds = file.prepare(textWith(texts, 'select', 'json_each'))
  const pageOf = (round: number) => 1 + (round % 50)
  return {
    ours: (round) => list(pageOf(round)),
    raw: (round) => {
      // Whose page it is, no Kysely says.
      const { ids, total } = unit.context.search.page('', pageOf(round), pageSize)
      const found = new Map(byIds.all(JSON.stringify(ids)).map((row) => [(row as { id: string }).id, row as Record<string, string | null>]))
      const today = shanghaiDate(unit.clock.now())
      return { rows: ids.map((id) => toRow(toRecord(found.get(id) ?? {}), today, unit.context.regions)), total }
    },
  }
}

async function outboxRead(file: RawFile, heads: (limit: number) => Promise<unknown>): Promise<Pair> {
  const texts = await textsPreparedBy(file, () => heads(100))
  const statement = file.prepare(textWith(texts, 'select', 'from "outbox" as "o"'))
  const anHourOn = () => new Date(Date.now() + 3_600_000).toISOString()
  return { ours: () => heads(100), raw: () => statement.all(0, 'queued', new Date().toISOString(), anHourOn(), 100).map(parsed) }
}

function parsed(row: unknown): unknown {
  const { patch_json, ...rest } = row as { patch_json: string }
  return { ...rest, patch: JSON.parse(patch_json) as unknown }
}

/** A clerk types at the newest record, as one does: on the disk when it answers. */
async function draftKept(file: RawFile, unit: Unit): Promise<Pair> {
  const typed = (round: number) => personValues(people + 1, { residenceDetail: `示例路${round}号` })
  let [id, revision] = ['', 0]
  const keep = async (round: number) => {
    ;({ revision } = await unit.registrations.keepDraft({ id, values: typed(round), revision }))
  }
  const texts = await textsPreparedBy(file, async () => {
    ;({ id, revision } = await unit.registrations.begin({ idCardNo: personValues(people + 1).idCardNo }))
    await keep(0)
  })
  const [write, update, line] = [textWith(texts, 'insert into "draft"'), textWith(texts, 'update "record"'), textWith(texts, 'insert into "search"')].map((sql) => file.prepare(sql))
  const [begin, commit, byId] = ['begin', 'commit', 'select "record".*, "draft"."values_json", "draft"."kept_at" from "record" left join "draft" on "draft"."record_id" = "record"."id" where "record"."id" = ?'].map((sql) => file.prepare(sql))
  const keepRaw = (round: number) => {
    const at = unit.clock.now().toISOString()
    const values = typed(round)
    begin?.run()
    const record = toRecord(byId?.get(id) as Record<string, string | null>)
    write?.run(record.id, JSON.stringify(values), at)
    update?.run(at, values.idCardNo, 1, record.id)
    line?.run(record.id, at, lineText(values, indexName(values.name)))
    commit?.run()
    revision = record.local_rev + 1
  }
  return { ours: keep, raw: keepRaw }
}
