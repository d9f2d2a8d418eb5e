import { labelOf } from '../../shared/dictionaries/index.ts'
import { managerFieldTable, type ManagerFieldName } from '../../shared/domain/manager-fields.ts'

/** A stored value as the clerk reads it. @param regionLabel 行政区划 by code */
export function shownValue(field: ManagerFieldName, value: string, regionLabel: (code: string) => string): string {
  const { input } = managerFieldTable[field]
  if (value === '') return ''
  if (input.kind === 'dictionary') return labelOf(input.dictionary, value)
  return input.kind === 'region' ? regionLabel(value) : value
}
