import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { fieldsOf, type PersonFieldName, type PersonTexts, type PersonValues } from '../../shared/domain/person-fields.ts'
import { useManagerFormStore } from './manager-form.store.ts'

/** What people of one unit who are registered one after another often have in common. Nothing that tells who somebody is. */
const commonFields = [
  'socialInsuranceStatus', 'jobPosition', 'workType', 'professionalTitle', 'ethnicity', 'hukouType', 'hukouRegion', 'residenceRegion', 'residenceDetail', 'nativePlace',
  'highestEducation', 'highestEducationType',
] as const satisfies readonly PersonFieldName[]

/** 沿用上一人: the fields of the person stored last, for those that are still empty in the next. In the page's memory only. */
export const useLastPersonStore = defineStore('last-person', () => {
  const form = useManagerFormStore()
  const last = shallowRef<{ id: string; name: string; texts: Partial<PersonTexts> } | null>(null)
  const fillable = computed(() => {
    const from = last.value
    if (!from || !form.form || from.id === form.form.id || form.readOnly) return []
    return commonFields.filter((field) => fieldsOf(form.personType)[field] && form.values[field].trim() === '' && (from.texts[field] ?? '') !== '')
  })
  return {
    name: computed(() => last.value?.name ?? ''),
    fillable,
    remember: (id: string, values: PersonValues) => {
      last.value = { id, name: values.name, texts: Object.fromEntries(commonFields.map((field) => [field, values[field]])) }
    },
    fill: () => {
      for (const field of fillable.value) form.change(field, last.value?.texts[field] ?? '')
    },
    forget: () => {
      last.value = null
    },
  }
})
