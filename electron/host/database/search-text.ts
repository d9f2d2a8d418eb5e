import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { isMobile, normalizeMobile } from '../../../shared/domain/mobile.ts'
import type { NameIndex } from '../../../shared/domain/name-index.ts'

/** Text as search compares it: no blanks, half-width, lower case. */
export function searchText(text: string): string {
  return text.normalize('NFKC').replace(/[\s·•‧]+/g, '').toLowerCase()
}

/** What is searched for, as `lineText` spells it: a mobile number as it stands on a list or in a telephone, `+86 138-…`, is found too. */
export function queryText(query: string): string {
  return isMobile(query) ? normalizeMobile(query) : searchText(query).replace(/^(?:\+|00)86(?=1[3-9])/, '')
}

/** The separator is a character nobody can type, so that no query matches across two fields. */
export function lineText(values: Pick<PersonValues, 'name' | 'idCardNo' | 'mobile'>, { pinyin, initials, syllables }: NameIndex): string {
  return [searchText(values.name), pinyin, initials, searchText(values.idCardNo), normalizeMobile(values.mobile), syllables].join('\u0000')
}
