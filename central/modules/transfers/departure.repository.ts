import type { Insertable } from 'kysely'
import type { Departure } from '../../../shared/domain/departure.ts'
import type { CentralDb } from '../../database/database.ts'
import { keptQuery } from '../../database/kept-query.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { DepartureTable } from './transfer.tables.ts'

/** Of a registration joined with its departure as `d`. */
export const departureColumns = ['d.reason as departure_reason', 'd.note_sealed as departure_note_sealed', 'd.left_on as departure_left_on', 'd.review_status as departure_review_status'] as const

export interface DepartureColumns {
  readonly departure_reason: string | null
  readonly departure_note_sealed: string | null
  readonly departure_left_on: string | null
  readonly departure_review_status: DepartureTable['review_status'] | null
}

export function departureOf(row: DepartureColumns & { readonly id: string }, personal: PersonalData): Departure | null {
  const { departure_reason: reason, departure_note_sealed: sealed, departure_left_on: leftOn } = row
  if (reason === null || sealed === null || leftOn === null) return null
  return { reason, leftOn, note: personal.open(sealed, { column: 'departure.note', rowId: row.id }) }
}

export async function insertDeparture(trx: CentralDb, row: Insertable<DepartureTable>): Promise<void> {
  await trx.insertInto('departure').values(row).execute()
}

const lastLeft = keptQuery<{ hash: string }, { id: string; organization_id: string }>((db, value) =>
  db
    .selectFrom('person as p')
    .innerJoin('registration as r', 'r.person_id', 'p.id')
    .innerJoin('departure as d', 'd.id', 'r.id')
    .select(['r.id', 'r.organization_id'])
    .where('p.id_card_no_hash', '=', value('hash'))
    .where('r.status', '=', 'left')
    .orderBy('d.left_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(1),
)

/** The registration that ended last, in any unit: a look across units, of which only `carriedValues` is ever told. */
export async function findLastLeft(db: CentralDb, idCardNoHash: string): Promise<{ id: string; organization_id: string } | undefined> {
  const [row] = await lastLeft(db, { hash: idCardNoHash })
  return row
}
