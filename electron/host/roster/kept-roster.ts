import type { KnownPerson, ReadyRow } from '../../../shared/contract/roster-reader.contract.ts'
import type { RosterCounts, RosterKind, RosterRow } from '../../../shared/contract/roster-rows.ts'
import { derivedFields } from '../../../shared/domain/derive.ts'
import { normalizeIdCardNo } from '../../../shared/domain/id-card-no.ts'
import type { RegionNames } from '../../../shared/domain/region-names.ts'
import { findRosterColumn } from '../../../shared/domain/roster-columns.ts'
import { shownText } from '../../../shared/domain/roster-text.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { indexName as IndexName } from '../database/names.ts'
import { lineText } from '../database/search-text.ts'
import { checkRow, type CheckedRow } from './check-row.ts'
import { groupRows } from './limits.ts'
import { packPlan } from './plan-text.ts'
import type { ReadRoster, SheetRow } from './read-roster.ts'
import type { RowPhoto } from './row-photos.ts'

/** One roster between its reading and what becomes of it: the preview. */
export interface KeptRoster {
  readonly read: ReadRoster
  numbers(): string[]
  checkAll(known: readonly KnownPerson[], today: string, progress: (part: number) => void): Promise<RosterCounts>
  rows(kind: RosterKind | null, from: number, count: number): { rows: RosterRow[]; total: number }
  numberAfter(index: number, column: string, text: string): string
  edit(index: number, column: string, text: string, known: KnownPerson | null): { row: RosterRow; counts: RosterCounts }
  errorAfter(index: number): number | null
  /** A group of rows that are right and change something. */
  plan(from: number, count: number): Plan
  /** The library of readings is large: it is loaded once the preview is there. */
  learnToSpell(): Promise<void>
  /** Spells the next names for the search, at most `count`, and packs a group once it is spelled. @returns whether anything is left to do */
  planAhead(count: number): boolean
  /** Pictures of the rows that are right, for whoever the number of the row is. */
  photos(): { row: number; place: number; sheetRow: number; number: string; name: string; type: RowPhoto['type']; size: number }[]
  /** @throws AppError photo-damaged, roster-run-gone where there is none */
  photo(row: number, place: number): Buffer
  /** Rows with errors and their sentences, in the order of the sheet. */
  errors(): { row: SheetRow; checked: CheckedRow }[]
}

export interface Plan {
  readonly rows: number
  /** As `packPlan` has it. */
  readonly plan: string
}

/** Rows checked before the thread hears what else is asked of it. */
const atOnce = 500

export function keepRoster(read: ReadRoster, regions: RegionNames): KeptRoster {
  const { rows } = read
  const checked: CheckedRow[] = []
  const lines = new Map<number, string>()
  /** Groups of `groupRows`, by their first row. */
  const plans = new Map<number, Plan>()
  const byNumber = new Map<string, Set<number>>()
  const knownBy = new Map<string, KnownPerson>()
  let counts: RosterCounts = { create: 0, update: 0, same: 0, error: 0 }
  let today = ''
  let order: number[] | undefined
  let spelled = 0
  let indexName: typeof IndexName | undefined

  const row = (index: number): SheetRow => {
    const found = rows[index]
    if (!found) throw new RangeError('no such row')
    return found
  }
  const numberOf = ({ texts }: SheetRow) => normalizeIdCardNo(texts['idCardNo'] ?? '')
  for (const [index, each] of rows.entries()) note(index, numberOf(each))

  function note(index: number, number: string): void {
    if (number === '') return
    const same = byNumber.get(number)
    if (same) same.add(index)
    else byNumber.set(number, new Set([index]))
  }

  function check(index: number): void {
    const number = numberOf(row(index))
    const twins = [...(byNumber.get(number) ?? [])].filter((other) => other !== index).map((other) => row(other).sheetRow)
    const before = checked[index]
    const after = checkRow(row(index), { regions, today, known: knownBy.get(number), twins })
    if (before) counts = { ...counts, [before.kind]: counts[before.kind] - 1 }
    counts = { ...counts, [after.kind]: counts[after.kind] + 1 }
    checked[index] = after
    lines.delete(index)
    order = undefined
    plans.clear()
  }

  function show(index: number): RosterRow {
    const { sheetRow, texts } = row(index)
    const { kind, problems, changed, known, values, note: remark } = checked[index] ?? unchecked()
    const cells: Record<string, string> = { ...texts }
    // What the number fills in is to be seen as well.
    for (const key of derivedFields) {
      const column = findRosterColumn(key)
      if (column && !cells[key] && kind !== 'error') cells[key] = shownText(column, column.read(values), regions)
    }
    const before = Object.fromEntries(changed.map((column) => [column.key, shownText(column, known ? column.read(known.values) : '', regions)]))
    return { index, sheetRow, kind, cells, problems, before: kind === 'update' ? before : {}, note: remark, photos: photosOf(index).length }
  }

  const photosOf = (index: number) => read.photos.get(row(index).sheetRow) ?? []

  const readyOrder = () => (order ??= rows.map((_, index) => index).filter((index) => checked[index]?.kind === 'create' || checked[index]?.kind === 'update'))

  function lineOf(index: number): string {
    const values = (checked[index] ?? unchecked()).values
    if (!indexName) throw new Error('nobody has taught it to spell')
    const line = lines.get(index) ?? lineText(values, indexName(values.name))
    lines.set(index, line)
    return line
  }

  function readyRow(index: number): ReadyRow {
    const { kind, values, known, changed } = checked[index] ?? unchecked()
    const { sheetRow } = row(index)
    if (kind === 'update' && known) return { kind, sheetRow, id: known.id, changes: Object.fromEntries(changed.map((column) => [column.key, column.read(values)])) }
    return { kind: 'create', sheetRow, number: values.idCardNo, body: JSON.stringify(values), line: lineOf(index) }
  }

  function planOf(from: number, count: number): Plan {
    const known = count === groupRows ? plans.get(from) : undefined
    if (known) return known
    const ready = readyOrder().slice(from, from + count).map(readyRow)
    const plan = { rows: ready.length, plan: packPlan(ready) }
    if (count === groupRows) plans.set(from, plan)
    return plan
  }

  return {
    read,
    numbers: () => [...byNumber].flatMap(([number, indexes]) => (indexes.size > 0 ? [number] : [])),
    checkAll: async (known, day, progress) => {
      today = day
      spelled = 0
      knownBy.clear()
      for (const person of known) knownBy.set(person.idCardNo, person)
      for (let index = 0; index < rows.length; index++) {
        check(index)
        if (index % atOnce === atOnce - 1) {
          progress((index + 1) / rows.length)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      return counts
    },
    rows: (kind, from, count) => {
      const chosen = kind === null ? rows.map((_, index) => index) : rows.map((_, index) => index).filter((index) => checked[index]?.kind === kind)
      return { rows: chosen.slice(from, from + count).map(show), total: chosen.length }
    },
    numberAfter: (index, column, text) => normalizeIdCardNo(column === 'idCardNo' ? text : (row(index).texts['idCardNo'] ?? '')),
    edit: (index, column, text, known) => {
      const changedRow = row(index)
      const before = numberOf(changedRow)
      const tidied = tidyText(text)
      if (tidied === '') delete changedRow.texts[column]
      else changedRow.texts[column] = tidied
      delete changedRow.flaws[column]
      const after = numberOf(changedRow)
      const touched = new Set([index])
      if (after !== before) {
        for (const other of [...(byNumber.get(before) ?? []), ...(byNumber.get(after) ?? [])]) touched.add(other)
        byNumber.get(before)?.delete(index)
        note(index, after)
      }
      if (known) knownBy.set(known.idCardNo, known)
      for (const each of touched) check(each)
      return { row: show(index), counts }
    },
    errorAfter: (index) => {
      const isError = (each: number) => checked[each]?.kind === 'error'
      for (let step = 1; step <= rows.length; step++) {
        const at = (((index + step) % rows.length) + rows.length) % rows.length
        if (isError(at)) return at
      }
      return null
    },
    plan: planOf,
    learnToSpell: async () => void ({ indexName } = await import('../database/names.ts')),
    planAhead: (count) => {
      const all = readyOrder()
      const until = Math.min(all.length, spelled + count)
      while (spelled < until) {
        const index = all[spelled++] ?? 0
        if (checked[index]?.kind === 'create') lineOf(index)
      }
      const isWhole = spelled % groupRows === 0 || spelled === all.length
      if (isWhole && spelled > 0) planOf(Math.floor((spelled - 1) / groupRows) * groupRows, groupRows)
      return spelled < all.length
    },
    photos: () =>
      rows.flatMap((each, index) =>
        checked[index]?.kind === 'error'
          ? []
          : photosOf(index).map(({ type, size }, place) => ({ row: index, place, sheetRow: each.sheetRow, number: numberOf(each), name: each.texts['name'] ?? '', type, size })),
      ),
    photo: (index, place) => {
      const photo = index < rows.length ? photosOf(index)[place] : undefined
      if (!photo) throw new AppError('roster-run-gone')
      return photo.content()
    },
    errors: () => rows.flatMap((each, index) => (checked[index]?.kind === 'error' ? [{ row: each, checked: checked[index] }] : [])),
  }
}

function unchecked(): never {
  throw new Error('the roster has not been checked')
}
