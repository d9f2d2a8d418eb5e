import { sql } from 'kysely'
import * as v from 'valibot'
import { revealReport, type RevealReport } from '../../../shared/api/reveal-resources.ts'
import type { LocalDb } from './local-tables.ts'
import { writeMeta } from './meta.repository.ts'

/** Who looked at which number here, until the central service has been told. */
export async function noteReveal(db: LocalDb, reveal: RevealReport): Promise<void> {
  await writeMeta(db, `reveal:${reveal.id}`, JSON.stringify(reveal))
}

/** Many at once: one statement, however many people are exported. */
export async function noteReveals(db: LocalDb, reveals: readonly RevealReport[]): Promise<void> {
  const list = JSON.stringify(reveals.map((reveal) => [`reveal:${reveal.id}`, JSON.stringify(reveal)]))
  await sql`insert into meta (key, value) select value ->> 0, value ->> 1 from json_each(${list})`.execute(db)
}

const note = v.pipe(v.string(), v.parseJson(), revealReport)

/** In the order in which they were made: their ids follow time. */
export async function notedReveals(db: LocalDb, limit: number): Promise<RevealReport[]> {
  const rows = await db.selectFrom('meta').select('value').where('key', '>', 'reveal:').where('key', '<', 'reveal;').orderBy('key').limit(limit).execute()
  return rows.map(({ value }) => v.parse(note, value))
}
