import { emptyPersonValues, type PersonFieldName, type PersonValues } from './person-fields.ts'
import type { TableName } from './person-tables.ts'

/**
 * What of a registration another unit may take over by 迁入 (ADR 0032): who the person is, where they come from, and what they have
 * learned. Not what only that unit could know or decide (职务, 社保情况), not how to reach the person or where they live, not what the law
 * leaves to the person to tell (PIPL 6, 28), nobody else's data, and no words, pictures or files of that unit. A list of what may,
 * so that a field that comes later stays behind until somebody has decided.
 */
export const carriedFields = [
  'name', 'sex', 'birthDate', 'ethnicity', 'idCardNo', 'hukouType', 'hukouRegion', 'nativePlace',
  'workType', 'professionalTitle', 'highestEducation', 'highestEducationType', 'highestDegree',
] as const satisfies readonly PersonFieldName[]

/** Whole rows but for their 备注, which are that unit's words. 紧急联系人 are other people. */
export const carriedTables = ['educations', 'trainings', 'skillTitles', 'licences', 'specialCertificates', 'awards'] as const satisfies readonly TableName[]

/** @param isOwn of the unit's own earlier registration: everything in it was the unit's already */
export function carriedValues(values: PersonValues, isOwn: boolean): PersonValues {
  if (isOwn) return values
  const texts = carriedFields.map((field) => [field, values[field]] as const)
  const tables = carriedTables.map((table) => [table, values[table].map((row) => ('remark' in row ? { ...row, remark: '' } : row))] as const)
  return { ...emptyPersonValues(), ...Object.fromEntries([...texts, ...tables]) }
}

/** Whether two writings of a name are the same: blanks and the dot of a transliterated name are not compared. */
export function isSameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').replace(/[\s·•‧]+/gu, '').toLowerCase()
  return plain(a) !== '' && plain(a) === plain(b)
}
