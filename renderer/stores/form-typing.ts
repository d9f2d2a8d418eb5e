import { deriveFromIdCardNo } from '../../shared/domain/derive.ts'
import { findRow, placeOf, textAt, type FieldPath } from '../../shared/domain/field-path.ts'
import type { PersonFieldName, PersonValues } from '../../shared/domain/person-fields.ts'
import { tidyCell, tidyValues } from '../../shared/domain/tidy-values.ts'

/** The form with another text there; with an ID number also what it tells. The same form where nothing changes. */
export function typedAt(values: PersonValues, field: FieldPath, text: string): PersonValues {
  if (textAt(values, field) === text) return values
  const place = placeOf(field)
  if (!place) return { ...values, [field]: text, ...(field === 'idCardNo' ? deriveFromIdCardNo(text) : {}) }
  const row = findRow(values, place)
  if (!row || place.column === null) return values
  const changed = { ...row, [place.column]: text }
  return { ...values, [place.table]: values[place.table].map((each) => (each === row ? changed : each)) }
}

/** The same with the text there in its tidy spelling. */
export function tidiedAt(values: PersonValues, field: FieldPath): PersonValues {
  const place = placeOf(field)
  const tidied = place?.column ? tidyCell(place.table, place.column, textAt(values, field)) : tidyValues(values)[field as PersonFieldName]
  return typedAt(values, field, tidied)
}
