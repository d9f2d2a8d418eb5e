import { labelOf } from '../../shared/dictionaries/index.ts'
import { placeOf, shownCell, type FieldPath } from '../../shared/domain/field-path.ts'
import { managerFieldTable, type ManagerFieldName } from '../../shared/domain/manager-fields.ts'

/** A stored value as the clerk reads it. @param regionLabel 行政区划 by code */
export function shownValue(field: FieldPath, value: string, regionLabel: (code: string) => string): string {
  if (value === '') return ''
  const place = placeOf(field)
  if (place) return place.column === null ? value : shownCell(place.table, place.column, value)
  const { input } = managerFieldTable[field as ManagerFieldName]
  if (input.kind === 'dictionary') return labelOf(input.dictionary, value)
  return input.kind === 'region' ? regionLabel(value) : value
}
