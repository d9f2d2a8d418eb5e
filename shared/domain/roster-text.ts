import { findCode, labelOf } from '../dictionaries/index.ts'
import { parseDate } from './dates.ts'
import { normalizeIdCardNo } from './id-card-no.ts'
import { normalizeMobile } from './mobile.ts'
import type { RegionNames } from './region-names.ts'
import type { RosterColumn } from './roster-columns.ts'

/**
 * What stands in a cell, tidied (`tidyText`) → what is stored: a dictionary's code, a region's, yyyy-MM-dd. What cannot be read stays as it is, so that
 * the check of the form says what is wrong with it, in the form's own words.
 */
export function storedValue({ input }: RosterColumn, text: string, regions: RegionNames): string {
  if (text === '') return ''
  switch (input.kind) {
    case 'dictionary':
      return findCode(input.dictionary, text) ?? text
    case 'date':
      return parseDate(text) ?? text
    case 'region':
      return regions.find(text) ?? text
    case 'mobile':
      return normalizeMobile(text)
    case 'id-card-no':
      return normalizeIdCardNo(text)
    case 'text':
    case 'phone':
    case 'score':
      return text
  }
}

/** The other way: as people read it. */
export function shownText({ input }: RosterColumn, value: string, regions: RegionNames): string {
  if (input.kind === 'dictionary') return labelOf(input.dictionary, value)
  return input.kind === 'region' && value !== '' ? regions.label(value) : value
}

/** 15 digits are all that a number holds: of an ID number in one the last are gone, and nobody can tell what they were. */
export const lostDigits = '身份证号码单元格是数字格式，后几位已经丢失。请把单元格改为文本格式后重新填写，不能补零。'
