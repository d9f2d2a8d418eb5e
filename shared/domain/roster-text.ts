import { findCode, labelOf } from '../dictionaries/index.ts'
import { parseDate } from './dates.ts'
import type { RegionNames } from './region-names.ts'
import type { RosterColumn } from './roster-columns.ts'

/**
 * What stands in a cell → what is stored: a dictionary's code, a region's, yyyy-MM-dd. What cannot be read stays as it is, so that
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
    case 'text':
    case 'mobile':
    case 'id-card-no':
      return text
  }
}

/** The other way: as people read it. */
export function shownText({ input }: RosterColumn, value: string, regions: RegionNames): string {
  if (input.kind === 'dictionary') return labelOf(input.dictionary, value)
  return input.kind === 'region' && value !== '' ? regions.label(value) : value
}
