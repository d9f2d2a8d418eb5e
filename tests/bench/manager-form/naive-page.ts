import 'element-plus/dist/index.css'
import { createApp, h, nextTick, shallowRef } from 'vue'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'
import { createRegions, type RegionNode } from '../../../shared/domain/regions.ts'
import { NaiveForm } from './naive-form.ts'

declare global {
  interface Window {
    /** Opens the form, and answers ms from the wish until its first field can be typed into and is painted. */
    openForm(filled: PersonValues): Promise<number>
    closeForm(): Promise<void>
    /** ms of one full check. */
    validate(values: PersonValues, today: string): number
  }
}

const { regions: nodes } = (await (await fetch('regions.json')).json()) as { regions: RegionNode[] }
const { provinces } = createRegions(nodes)
const filled = shallowRef<PersonValues | null>(null)
createApp({ setup: () => () => (filled.value ? h(NaiveForm, { filled: filled.value, provinces }) : null) }).mount('#app')

const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

window.openForm = async (values) => {
  const started = performance.now()
  filled.value = values
  await nextTick()
  document.querySelector<HTMLInputElement>('.el-form input:enabled')?.focus()
  await painted()
  return performance.now() - started
}

window.closeForm = async () => {
  filled.value = null
  await nextTick()
  await painted()
}

window.validate = (values, today) => {
  const started = performance.now()
  validatePerson('manager', values, today)
  return performance.now() - started
}
