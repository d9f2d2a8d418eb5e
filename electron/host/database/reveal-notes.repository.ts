import * as v from 'valibot'
import { revealReport, type RevealReport } from '../../../shared/api/reveal-resources.ts'
import type { LocalDb } from './local-tables.ts'
import { writeMeta } from './meta.repository.ts'

/** Who looked at which number here, until the central service has been told. */
export async function noteReveal(db: LocalDb, reveal: RevealReport): Promise<void> {
  await writeMeta(db, `reveal:${reveal.id}`, JSON.stringify(reveal))
}

const note = v.pipe(v.string(), v.parseJson(), revealReport)

/** In the order in which they were made: their ids follow time. */
export async function notedReveals(db: LocalDb, limit: number): Promise<RevealReport[]> {
  const rows = await db.selectFrom('meta').select('value').where('key', '>', 'reveal:').where('key', '<', 'reveal;').orderBy('key').limit(limit).execute()
  return rows.map(({ value }) => v.parse(note, value))
}
