import type { BindingCandidate } from '../../../../shared/contract/bindings.contract.ts'
import { labelOf } from '../../../../shared/dictionaries/index.ts'
import { isLiveBinding } from '../../../../shared/domain/binding.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { queryText } from '../../database/search-text.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { projectedStatus } from './binding-view.ts'
import { boundPeople } from './bound-people.ts'

interface Asked {
  readonly projectId: string
  readonly name: string
  readonly page: number
  readonly pageSize: number
}

/** Registered workers of the unit, or on their way to be, who are not on the project; the last changed first. */
export async function bindableWorkers(db: LocalDb, { projectId, name, page, pageSize }: Asked): Promise<{ rows: BindingCandidate[]; total: number; page: number }> {
  const taken = new Set((await boundPeople(db, projectId, 'worker')).filter((each) => isLiveBinding(projectedStatus(each))).map(({ binding }) => binding.record_id))
  const wanted = queryText(name)
  const found = await db
    .selectFrom('record as r')
    .innerJoin('search as s', 's.record_id', 'r.id')
    .select('r.id')
    .where('r.person_type', '=', 'worker')
    .where('r.employment_status', '=', 'employed')
    .where((eb) => eb.or([eb('r.version', 'is not', null), eb('r.state', '=', 'queued')]))
    .$if(wanted !== '', (query) => query.where((eb) => eb(eb.fn<number>('instr', ['s.haystack', eb.val(wanted)]), '>', 0)))
    .orderBy('s.updated_at', 'desc')
    .orderBy('r.id')
    .execute()
  const ids = found.map(({ id }) => id).filter((id) => !taken.has(id))
  const shown = Math.max(1, Math.min(page, Math.ceil(ids.length / pageSize)))
  const records = await findRecords(db, ids.slice((shown - 1) * pageSize, shown * pageSize))
  return { rows: records.map(toCandidate), total: ids.length, page: shown }
}

function toCandidate(record: StoredRecord): BindingCandidate {
  const values = newestValues(record)
  return { recordId: record.id, name: shownName(values.name, record), maskedIdCardNo: maskIdCardNo(values.idCardNo), workType: labelOf('workType', values.workType) }
}
