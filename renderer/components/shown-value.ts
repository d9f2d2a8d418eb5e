import { labelOf } from '../../shared/dictionaries/index.ts'
import { placeOf, shownCell, type FieldPath } from '../../shared/domain/field-path.ts'
import { personFieldTable, type PersonFieldName } from '../../shared/domain/person-fields.ts'

/** A stored value as the clerk reads it. @param regionLabel 行政区划 by code */
export function shownValue(field: FieldPath, value: string, regionLabel: (code: string) => string): string {
  if (value === '') return ''
  const place = placeOf(field)
  if (place) return place.column === null ? value : shownCell(place.table, place.column, value)
  const { input } = personFieldTable[field as PersonFieldName]
  if (input.kind === 'dictionary') return labelOf(input.dictionary, value)
  return input.kind === 'region' ? regionLabel(value) : value
}
