import { findRow, labelAt, placeOf, takeAt, textAt, type FieldPath } from './field-path.ts'
import { managerFieldNames, managerFieldTable, type ManagerFieldName, type ManagerTexts, type ManagerValues } from './manager-fields.ts'
import type { ManagerPatch } from './manager-schema.ts'
import { sameRows, tableNames } from './manager-tables.ts'
import { mergeRows } from './merge-rows.ts'

export interface FieldConflict {
  readonly field: FieldPath
  /** Fields of one group are chosen together; null for a field on its own. */
  readonly group: string | null
}

export interface MergeResult {
  /** Both sides' changes, and what they agree on; where they clash, the base. */
  readonly merged: ManagerValues
  /** Every field of each clashing unit on which the two sides now differ. */
  readonly conflicts: readonly FieldConflict[]
}

/**
 * Joins two edits of one registration field by field. A field that one side left alone takes the other side's text;
 * the same text on both sides is no clash. Fields of an atomic group (ID number, name, sex, birth date) count as one:
 * a name from one side and a number from the other would make a third person. Sub-tables are joined row by row (`mergeRows`).
 */
export function mergeManagerValues(base: ManagerValues, mine: ManagerValues, theirs: ManagerValues): MergeResult {
  const merged = { ...base }
  const conflicts: FieldConflict[] = []
  for (const { group, fields } of mergeUnits) {
    const differ = (a: ManagerTexts, b: ManagerTexts) => fields.some((field) => a[field] !== b[field])
    const clash = differ(base, mine) && differ(base, theirs) && differ(mine, theirs)
    if (clash) {
      for (const field of fields) {
        if (mine[field] === theirs[field]) merged[field] = mine[field]
        else conflicts.push({ field, group })
      }
      continue
    }
    const source = differ(base, mine) ? mine : theirs
    for (const field of fields) merged[field] = source[field]
  }
  for (const table of tableNames) {
    const joined = mergeRows(table, base[table], mine[table], theirs[table])
    merged[table] = joined.rows
    conflicts.push(...joined.conflicts.map((field) => ({ field, group: null })))
  }
  return { merged, conflicts }
}

interface MergeUnit {
  readonly group: string | null
  readonly fields: readonly ManagerFieldName[]
}

const mergeUnits: readonly MergeUnit[] = createMergeUnits()

function createMergeUnits(): MergeUnit[] {
  const units: MergeUnit[] = []
  const groups = new Map<string, ManagerFieldName[]>()
  for (const field of managerFieldNames) {
    const group = managerFieldTable[field].atomicGroup
    if (!group) {
      units.push({ group: null, fields: [field] })
      continue
    }
    const members = groups.get(group)
    if (members) members.push(field)
    else {
      const fresh = [field]
      groups.set(group, fresh)
      units.push({ group, fields: fresh })
    }
  }
  return units
}

/** One place where two edits clash, for the screen that shows them beside each other. */
export interface SideBySide {
  readonly field: FieldPath
  readonly group: string | null
  readonly label: string
  readonly base: string
  readonly mine: string
  readonly theirs: string
}

export function sideBySide(conflicts: readonly FieldConflict[], base: ManagerValues, mine: ManagerValues, theirs: ManagerValues): SideBySide[] {
  return conflicts.map(({ field, group }) => ({
    field, group, label: labelAt(field, [mine, theirs, base]), base: textAt(base, field), mine: textAt(mine, field), theirs: textAt(theirs, field),
  }))
}

/** What one side has at these places, as a patch: of a table that has one of them the rows it has there. */
export function patchAt(fields: readonly FieldPath[], side: ManagerValues): ManagerPatch {
  const patch: ManagerPatch = {}
  for (const field of fields) {
    const place = placeOf(field)
    if (!place) patch[field as ManagerFieldName] = side[field as ManagerFieldName]
    else {
      const row = findRow(side, place)
      const rows = patch[place.table] ?? []
      patch[place.table] = !row || rows.includes(row) ? rows : [...rows, row]
    }
  }
  return patch
}

/** `values` with what the chosen side has at each place of a clash. */
export function settleConflicts(values: ManagerValues, conflicts: readonly FieldConflict[], sideOf: (field: FieldPath) => ManagerValues): ManagerValues {
  return conflicts.reduce((result, { field }) => takeAt(result, field, sideOf(field)), values)
}

/** The fields in which `to` differs from `from`, with the texts of `to`; of a table that differs all of its rows. */
export function changedFields(from: ManagerValues, to: ManagerValues): ManagerPatch {
  const texts = managerFieldNames.filter((field) => from[field] !== to[field]).map((field) => [field, to[field]])
  const tables = tableNames.filter((table) => !sameRows(table, from[table], to[table])).map((table) => [table, to[table]])
  return Object.fromEntries([...texts, ...tables]) as ManagerPatch
}

export function sameValues(a: ManagerValues, b: ManagerValues): boolean {
  return managerFieldNames.every((field) => a[field] === b[field]) && tableNames.every((table) => sameRows(table, a[table], b[table]))
}

export function applyPatch(values: ManagerValues, patch: ManagerPatch): ManagerValues {
  return { ...values, ...patch }
}
