import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { managerFieldNames, type ManagerFieldName, type ManagerValues } from '../../shared/domain/manager-fields.ts'
import { validateManager, type ManagerProblems } from '../../shared/domain/manager-validation.ts'
import { tidyValues } from '../../shared/domain/tidy-values.ts'
import type { NumberCheck } from './number-check.ts'

export interface FormProblems {
  /** Everything that is wrong, as the host will see it at 提交. */
  readonly problems: ComputedRef<ManagerProblems>
  /** Only of fields the clerk has been to, until a 提交 has failed; a number that is somebody else's at once. */
  readonly shownProblems: ComputedRef<ManagerProblems>
  readonly showAll: Ref<boolean>
  visit(name: ManagerFieldName): void
  /** The form was opened or stored: the clerk has been nowhere yet. */
  begin(): void
}

export function createFormProblems(values: Ref<ManagerValues>, { taken, sentence }: NumberCheck): FormProblems {
  const visited = ref(new Set<ManagerFieldName>())
  const showAll = ref(false)
  const problems = computed<ManagerProblems>(() => ({
    ...(sentence.value ? { idCardNo: sentence.value } : {}),
    ...validateManager(tidyValues(values.value), shanghaiDate(new Date())),
  }))
  const shownProblems = computed<ManagerProblems>(() => {
    const isShown = (name: ManagerFieldName) => showAll.value || visited.value.has(name) || (name === 'idCardNo' && taken.value !== null)
    return Object.fromEntries(managerFieldNames.filter((name) => problems.value[name] && isShown(name)).map((name) => [name, problems.value[name]]))
  })
  return {
    problems,
    shownProblems,
    showAll,
    visit: (name) => {
      if (!visited.value.has(name)) visited.value = new Set([...visited.value, name])
    },
    begin: () => {
      visited.value = new Set()
      showAll.value = false
    },
  }
}
