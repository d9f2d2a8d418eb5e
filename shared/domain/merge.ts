import { findRow, labelAt, placeOf, takeAt, textAt, type FieldPath } from './field-path.ts'
import { personFieldNames, personFieldTable, type PersonFieldName, type PersonTexts, type PersonValues } from './person-fields.ts'
import type { PersonPatch } from './person-schema.ts'
import { sameRows, tableNames } from './person-tables.ts'
import { mergeRows } from './merge-rows.ts'
import type { PersonType } from './statuses.ts'

export interface FieldConflict {
  readonly field: FieldPath
  /** Fields of one group are chosen together; null for a field on its own. */
  readonly group: string | null
}

export interface MergeResult {
  /** Both sides' changes, and what they agree on; where they clash, the base. */
  readonly merged: PersonValues
  /** Every field of each clashing unit on which the two sides now differ. */
  readonly conflicts: readonly FieldConflict[]
}

/**
 * Joins two edits of one registration field by field. A field that one side left alone takes the other side's text;
 * the same text on both sides is no clash. Fields of an atomic group (ID number, name, sex, birth date) count as one:
 * a name from one side and a number from the other would make a third person. Sub-tables are joined row by row (`mergeRows`).
 */
export function mergePersonValues(base: PersonValues, mine: PersonValues, theirs: PersonValues): MergeResult {
  const merged = { ...base }
  const conflicts: FieldConflict[] = []
  for (const { group, fields } of mergeUnits) {
    const differ = (a: PersonTexts, b: PersonTexts) => fields.some((field) => a[field] !== b[field])
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
  readonly fields: readonly PersonFieldName[]
}

const mergeUnits: readonly MergeUnit[] = createMergeUnits()

function createMergeUnits(): MergeUnit[] {
  const units: MergeUnit[] = []
  const groups = new Map<string, PersonFieldName[]>()
  for (const field of personFieldNames) {
    const group = personFieldTable[field].atomicGroup
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

export function sideBySide(personType: PersonType, conflicts: readonly FieldConflict[], base: PersonValues, mine: PersonValues, theirs: PersonValues): SideBySide[] {
  return conflicts.map(({ field, group }) => ({
    field, group, label: labelAt(personType, field, [mine, theirs, base]), base: textAt(base, field), mine: textAt(mine, field), theirs: textAt(theirs, field),
  }))
}

/** What one side has at these places, as a patch: of a table that has one of them the rows it has there. */
export function patchAt(fields: readonly FieldPath[], side: PersonValues): PersonPatch {
  const patch: PersonPatch = {}
  for (const field of fields) {
    const place = placeOf(field)
    if (!place) patch[field as PersonFieldName] = side[field as PersonFieldName]
    else {
      const row = findRow(side, place)
      const rows = patch[place.table] ?? []
      patch[place.table] = !row || rows.includes(row) ? rows : [...rows, row]
    }
  }
  return patch
}

/** `values` with what the chosen side has at each place of a clash. */
export function settleConflicts(values: PersonValues, conflicts: readonly FieldConflict[], sideOf: (field: FieldPath) => PersonValues): PersonValues {
  return conflicts.reduce((result, { field }) => takeAt(result, field, sideOf(field)), values)
}

/** The fields in which `to` differs from `from`, with the texts of `to`; of a table that differs all of its rows. */
export function changedFields(from: PersonValues, to: PersonValues): PersonPatch {
  const texts = personFieldNames.filter((field) => from[field] !== to[field]).map((field) => [field, to[field]])
  const tables = tableNames.filter((table) => !sameRows(table, from[table], to[table])).map((table) => [table, to[table]])
  return Object.fromEntries([...texts, ...tables]) as PersonPatch
}

export function sameValues(a: PersonValues, b: PersonValues): boolean {
  return personFieldNames.every((field) => a[field] === b[field]) && tableNames.every((table) => sameRows(table, a[table], b[table]))
}

export function applyPatch(values: PersonValues, patch: PersonPatch): PersonValues {
  return { ...values, ...patch }
}
