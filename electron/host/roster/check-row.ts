import { randomUUID } from 'node:crypto'
import type { KnownPerson } from '../../../shared/contract/roster-reader.contract.ts'
import type { RosterKind } from '../../../shared/contract/roster-rows.ts'
import { deriveFromIdCardNo } from '../../../shared/domain/derive.ts'
import { emptyPersonValues, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'
import type { RegionNames } from '../../../shared/domain/region-names.ts'
import { rosterColumns, writeColumns, type RosterColumn } from '../../../shared/domain/roster-columns.ts'
import { columnOfProblem } from '../../../shared/domain/roster-table-columns.ts'
import { storedValue } from '../../../shared/domain/roster-text.ts'
import { makeRowId } from '../../../shared/domain/row-id.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { SheetRow } from './read-roster.ts'

export interface CheckedRow {
  readonly kind: RosterKind
  /** As the record would be: the sheet's cells over what is registered, empty ones changing nothing. */
  readonly values: PersonValues
  readonly problems: Readonly<Record<string, string>>
  /** Columns in which `values` differs from what is registered; of somebody new, none. */
  readonly changed: readonly RosterColumn[]
  readonly known: KnownPerson | null
  readonly note: string | null
}

export interface RowContext {
  readonly regions: RegionNames
  readonly today: string
  readonly known: KnownPerson | undefined
  /** Other rows of the sheet with the same number, as it numbers them. */
  readonly twins: readonly number[]
}

const blockedBy = {
  draft: '该人员在本机有未提交的草稿。请先在登记页面保存、提交或放弃草稿，再导入。',
  conflict: new AppError('conflict-pending').sentence,
  worker: '该人员已登记为现场作业人员，管理人员名册不改动其登记。请删去此行。',
} as const

/** Checks one row as 提交 checks a form, in the same words. */
export function checkRow({ texts, flaws }: SheetRow, { regions, today, known, twins }: RowContext): CheckedRow {
  const registered = known && !known.left ? known : null
  const typed = valuesOf(texts, registered?.values ?? emptyPersonValues(), regions)
  const values = registered ? typed : withDerived(typed)
  const problems: Record<string, string> = {}
  for (const [path, sentence] of Object.entries(validatePerson('manager', values, today))) {
    const [key, words] = columnOfProblem(path, sentence ?? '', values)
    problems[key] ??= words
  }
  if (twins.length > 0) problems['idCardNo'] ??= `与第${twins.slice(0, 3).join('、')}行的身份证号码相同，同一人只能有一行。请核对后删去多余的行。`
  if (registered?.blocked) problems['idCardNo'] ??= blockedBy[registered.blocked]
  Object.assign(problems, flaws)
  const changed = registered ? rosterColumns.filter((column) => column.read(values) !== column.read(registered.values)) : []
  const kind = Object.keys(problems).length > 0 ? 'error' : !registered ? 'create' : changed.length > 0 ? 'update' : 'same'
  return { kind, values, problems, changed, known: known ?? null, note: known?.left ? '曾在本单位登记，已离职迁出；导入后重新登记。' : null }
}

const newRowId = () => makeRowId([], randomUUID(), new Date())

function valuesOf(texts: SheetRow['texts'], base: PersonValues, regions: RegionNames): PersonValues {
  const typed = rosterColumns.flatMap((column) => {
    const text = texts[column.key]
    return text === undefined || text === '' ? [] : [{ column, value: storedValue(column, text, regions) }]
  })
  return writeColumns(base, typed, newRowId)
}

/** As the form fills them in from the number; what the sheet says itself is checked against it. */
function withDerived(values: PersonValues): PersonValues {
  const { sex = '', birthDate = '' } = deriveFromIdCardNo(values.idCardNo)
  return { ...values, sex: values.sex || sex, birthDate: values.birthDate || birthDate }
}
