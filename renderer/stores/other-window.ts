import type { RegistrationForm } from '../../shared/contract/registrations.contract.ts'
import type { ManagerFieldName, ManagerValues } from '../../shared/domain/manager-fields.ts'
import { mergeManagerValues, type FieldConflict } from '../../shared/domain/merge.ts'

/** The host's newer form, while it cannot be joined with what was typed here. */
export interface Theirs {
  readonly form: RegistrationForm
  /** What both sides began with. */
  readonly base: ManagerValues
}

/** The same registration changed in another window while it was being typed in here. */
export interface Clash {
  /** What both began with. */
  readonly base: ManagerValues
  readonly theirs: ManagerValues
  readonly conflicts: readonly FieldConflict[]
}

export function clashOf({ base, form: { values } }: Theirs, mine: ManagerValues): Clash {
  return { base, theirs: values, conflicts: mergeManagerValues(base, mine, values).conflicts }
}

/** Both sides' texts, by the clerk's choice where they clash. */
export function settleBetween({ base, form: { values } }: Theirs, mine: ManagerValues, choices: Partial<Record<ManagerFieldName, 'mine' | 'theirs'>>): ManagerValues {
  const { merged, conflicts } = mergeManagerValues(base, mine, values)
  const chosen = conflicts.map(({ field }) => [field, choices[field] === 'theirs' ? values[field] : mine[field]] as const)
  return { ...merged, ...Object.fromEntries(chosen) }
}
