import { sql } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { KnownPerson } from '../../../../shared/contract/roster-reader.contract.ts'
import { keptQuery } from '../../database/kept-query.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { newestValues } from '../registrations/registration-view.ts'

/** Numbers looked up in a row, before others may use the file again. */
const atOnce = 500

const idsOf = keptQuery<{ numbers: string }, { id: string }>((db, value) =>
  db.selectFrom('record').select('id').where('id_card_no', 'in', sql<string>`(select value from json_each(${value('numbers')}))`).orderBy('updated_at'),
)

/** Who of these the register has; of somebody who left and came back the live registration. */
export async function findKnownPeople(db: LocalDb, numbers: readonly string[]): Promise<KnownPerson[]> {
  const found = new Map<string, KnownPerson>()
  for (let from = 0; from < numbers.length; from += atOnce) {
    const ids = await idsOf(db, { numbers: JSON.stringify(numbers.slice(from, from + atOnce)) })
    for (const record of await findRecords(db, ids.map(({ id }) => id))) {
      const known = found.get(record.id_card_no)
      if (!known || known.left) found.set(record.id_card_no, toKnown(record))
    }
    await setImmediate()
  }
  return [...found.values()]
}

function toKnown(record: StoredRecord): KnownPerson {
  const { id, id_card_no, employment_status, draft, body, state, person_type } = record
  const blocked = person_type === 'worker' ? 'worker' : state === 'conflict' ? 'conflict' : draft || !body ? 'draft' : null
  return { id, idCardNo: id_card_no, left: employment_status === 'left', blocked, values: newestValues(record) }
}
