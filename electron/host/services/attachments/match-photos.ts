import { sql } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { PhotoMatch } from '../../../../shared/contract/photo-matches.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import { foldName, readPhotoName, type PhotoName } from '../../../../shared/domain/photo-names.ts'
import { photoTypesOf } from '../../database/attachment.repository.ts'
import { keptQuery } from '../../database/kept-query.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { newestValues } from '../registrations/registration-view.ts'

/** Records read before others may use the file again. */
const atOnce = 500

const byNumber = keptQuery<{ numbers: string }, { id: string }>((db, value) =>
  db.selectFrom('record').select('id').where('id_card_no', 'in', sql<string>`(select value from json_each(${value('numbers')}))`),
)
// The inner one goes through the index of the numbers and not through the texts of everybody.
const byLastFour = keptQuery<{ fours: string }, { id: string }>((db, value) =>
  db
    .selectFrom('record')
    .select('id')
    .where('id_card_no', 'in', sql<string>`(select id_card_no from record where substr(id_card_no, -4) in (select value from json_each(${value('fours')})))`),
)

/** Says for each file whose photo it is; nothing is guessed. Whoever has left is told, and gets none. */
export async function matchPhotos(db: LocalDb, names: readonly string[]): Promise<PhotoMatch[]> {
  return matchNamed(db, names.map(readPhotoName))
}

/** As `matchPhotos`, of what the names have told. */
export async function matchNamed(db: LocalDb, read: readonly PhotoName[]): Promise<PhotoMatch[]> {
  const records = await candidates(db, read)
  const has = await photoTypesOf(db, records.map(({ id }) => id))
  return read.map((photo) => matchOf(photo, records, has))
}

async function candidates(db: LocalDb, photos: readonly PhotoName[]): Promise<StoredRecord[]> {
  const numbers = photos.flatMap(({ idCardNo }) => idCardNo ?? [])
  const fours = photos.flatMap(({ person }) => person?.lastFour ?? [])
  const found = [...(await byNumber(db, { numbers: JSON.stringify(numbers) })), ...(await byLastFour(db, { fours: JSON.stringify(fours) }))]
  const ids = [...new Set(found.map(({ id }) => id))]
  const records: StoredRecord[] = []
  for (let from = 0; from < ids.length; from += atOnce) {
    records.push(...(await findRecords(db, ids.slice(from, from + atOnce))))
    await setImmediate()
  }
  return records
}

function matchOf({ type, idCardNo, person }: PhotoName, records: readonly StoredRecord[], has: ReadonlySet<string>): PhotoMatch {
  if (idCardNo === null && person === null) return { outcome: 'unnamed' }
  const isIt = (record: StoredRecord) => (person ? record.id_card_no.endsWith(person.lastFour) && foldName(newestValues(record).name) === person.name : record.id_card_no === idCardNo)
  const same = records.filter(isIt)
  const employed = same.filter(({ employment_status }) => employment_status === 'employed')
  const [found] = employed
  if (!found) return { outcome: same.length > 0 ? 'left' : 'unknown' }
  if (employed.length > 1) return { outcome: 'ambiguous', count: employed.length }
  if (type === null) return { outcome: 'side-unknown' }
  return { outcome: 'matched', recordId: found.id, name: newestValues(found).name, maskedIdCardNo: maskIdCardNo(found.id_card_no), type, has: has.has(`${found.id}/${type}`) }
}
