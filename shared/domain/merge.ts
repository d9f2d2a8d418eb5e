import { managerFieldNames, managerFieldTable, type ManagerFieldName, type ManagerValues } from './manager-fields.ts'
import type { ManagerPatch } from './manager-schema.ts'

export interface FieldConflict {
  readonly field: ManagerFieldName
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
 * a name from one side and a number from the other would make a third person.
 */
export function mergeManagerValues(base: ManagerValues, mine: ManagerValues, theirs: ManagerValues): MergeResult {
  const merged = { ...base }
  const conflicts: FieldConflict[] = []
  for (const { group, fields } of mergeUnits) {
    const differ = (a: ManagerValues, b: ManagerValues) => fields.some((field) => a[field] !== b[field])
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

/** The fields in which `to` differs from `from`, with the texts of `to`. */
export function changedFields(from: ManagerValues, to: ManagerValues): ManagerPatch {
  return Object.fromEntries(managerFieldNames.filter((field) => from[field] !== to[field]).map((field) => [field, to[field]]))
}

export function sameValues(a: ManagerValues, b: ManagerValues): boolean {
  return managerFieldNames.every((field) => a[field] === b[field])
}

export function applyPatch(values: ManagerValues, patch: ManagerPatch): ManagerValues {
  return { ...values, ...patch }
}
