import { computed, shallowRef, type ShallowRef } from 'vue'
import type { RegistrationForm } from '../../shared/contract/registrations.contract.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { mergePersonValues, settleConflicts, sideBySide, type FieldConflict } from '../../shared/domain/merge.ts'

/** The host's newer form, while it cannot be joined with what was typed here. */
interface Theirs {
  readonly form: RegistrationForm
  /** What both sides began with. */
  readonly base: PersonValues
}

/** The same registration changed in another window while it was being typed in here. */
interface Clash {
  /** What both began with. */
  readonly base: PersonValues
  readonly theirs: PersonValues
  readonly conflicts: readonly FieldConflict[]
}

function clashOf({ base, form: { values } }: Theirs, mine: PersonValues): Clash {
  return { base, theirs: values, conflicts: mergePersonValues(base, mine, values).conflicts }
}

/** Both sides' texts, by the clerk's choice where they clash. */
function settleBetween({ base, form: { values } }: Theirs, mine: PersonValues, choices: Readonly<Record<string, 'mine' | 'theirs'>>): PersonValues {
  const { merged, conflicts } = mergePersonValues(base, mine, values)
  return settleConflicts(merged, conflicts, (field) => (choices[field] === 'theirs' ? values : mine))
}

/** The other window's text beside this one's. @param mine what is typed here */
export function createOtherWindow(mine: ShallowRef<PersonValues>) {
  const theirs = shallowRef<Theirs | null>(null)
  const clash = computed(() => theirs.value && clashOf(theirs.value, mine.value))
  return {
    /** Nothing is kept while it is there. */
    theirs,
    clash,
    clashFields: computed(() => (clash.value ? sideBySide(theirs.value?.form.personType ?? 'manager', clash.value.conflicts, clash.value.base, mine.value, clash.value.theirs) : [])),
    /** Both sides' texts, by the clerk's choices where they clash; null where the other side has none. */
    settled: (choices: Readonly<Record<string, 'mine' | 'theirs'>>) => theirs.value && { form: theirs.value.form, values: settleBetween(theirs.value, mine.value, choices) },
  }
}
