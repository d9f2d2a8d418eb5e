import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import type { FieldPath } from '../../shared/domain/field-path.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { validatePerson, type PersonProblems } from '../../shared/domain/person-validation.ts'
import type { PersonType } from '../../shared/domain/statuses.ts'
import { tidyValues } from '../../shared/domain/tidy-values.ts'
import type { NumberCheck } from './number-check.ts'

export interface FormProblems {
  /** Everything that is wrong, as the host will see it at 提交. */
  readonly problems: ComputedRef<PersonProblems>
  /** Only of fields the clerk has been to, until a 提交 has failed; a number that is somebody else's at once. */
  readonly shownProblems: ComputedRef<PersonProblems>
  readonly showAll: Ref<boolean>
  visit(field: FieldPath): void
  /** The form was opened or stored: the clerk has been nowhere yet. */
  begin(): void
}

export function createFormProblems(personType: Ref<PersonType>, values: Ref<PersonValues>, { taken, sentence }: NumberCheck): FormProblems {
  const visited = ref(new Set<FieldPath>())
  const showAll = ref(false)
  const problems = computed<PersonProblems>(() => {
    const found = validatePerson(personType.value, tidyValues(values.value), shanghaiDate(new Date()))
    return sentence.value && !found.idCardNo ? { ...found, idCardNo: sentence.value } : found
  })
  const shownProblems = computed<PersonProblems>(() => {
    const isShown = (field: string) => showAll.value || visited.value.has(field as FieldPath) || (field === 'idCardNo' && taken.value !== null)
    return Object.fromEntries(Object.entries(problems.value).filter(([field]) => isShown(field)))
  })
  return {
    problems,
    shownProblems,
    showAll,
    visit: (field) => {
      if (!visited.value.has(field)) visited.value = new Set([...visited.value, field])
    },
    begin: () => {
      visited.value = new Set()
      showAll.value = false
    },
  }
}
