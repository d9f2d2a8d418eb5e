import { setImmediate } from 'node:timers/promises'
import { labelOf } from '../../../../shared/dictionaries/index.ts'
import { ageOn } from '../../../../shared/domain/derive.ts'
import { isShownColumn, type ShownColumn } from '../../../../shared/domain/export-columns.ts'
import { maskDate, maskIdCardNo, maskMobile, maskText } from '../../../../shared/domain/masks.ts'
import type { Regions } from '../../../../shared/domain/regions.ts'
import { findRosterColumn } from '../../../../shared/domain/roster-columns.ts'
import { employmentStatusLabels, reviewStatusLabels, syncStateLabel } from '../../../../shared/domain/statuses.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { isFaceEnrolled, newestValues } from '../registrations/registration-view.ts'

const atOnce = 500

export interface ExportView {
  readonly columns: readonly string[]
  readonly regions: Regions
  /** yyyy-MM-dd in Shanghai. */
  readonly today: string
  /** ID numbers, phones, and birth dates, which stand in an ID number. Addresses are masked in any case. */
  readonly numbersInClear: boolean
}

/** Rows of 导出 as texts, some at a time. */
export async function* exportRows(db: LocalDb, ids: readonly string[], view: ExportView): AsyncGenerator<string[][]> {
  for (let from = 0; from < ids.length; from += atOnce) {
    const records = await findRecords(db, ids.slice(from, from + atOnce))
    yield records.map((record) => view.columns.map((key) => exportText(record, key, view)))
    await setImmediate()
  }
}

function exportText(record: StoredRecord, key: string, { regions, today, numbersInClear }: ExportView): string {
  const values = newestValues(record)
  if (isShownColumn(key)) return shownText(record, key, ageOn(values.birthDate, today))
  const column = findRosterColumn(key)
  if (!column) return ''
  const value = column.read(values)
  switch (column.input.kind) {
    case 'id-card-no':
      return numbersInClear ? value : maskIdCardNo(value)
    case 'mobile':
    case 'phone':
      return numbersInClear ? value : maskMobile(value)
    case 'dictionary':
      return labelOf(column.input.dictionary, value)
    case 'region':
      return value === '' ? '' : regions.label(value)
    case 'date':
      return key === 'birthDate' && !numbersInClear ? maskDate(value) : value
    case 'score':
      return value
    case 'text':
      return key === 'residenceDetail' ? maskText(value) : value
  }
}

function shownText(record: StoredRecord, key: ShownColumn, age: number | null): string {
  switch (key) {
    case 'age':
      return age === null ? '' : String(age)
    case 'employmentStatus':
      return employmentStatusLabels[record.employment_status]
    case 'faceEnrolled':
      return isFaceEnrolled(record) ? '是' : '否'
    case 'reviewStatus':
      return reviewStatusLabels[record.review_status]
    case 'syncState':
      return syncStateLabel({ syncState: record.state, reviewStatus: record.review_status })
  }
}
