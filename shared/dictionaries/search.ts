import type { DictionaryEntry } from './dictionary.ts'
import { dictionaryPinyin } from './pinyin.ts'

/**
 * Entries by Chinese text anywhere in a label or another spelling of it, or by pinyin or initials from the label's beginning on:
 * `回`, `hui`, `huizu`, `hz`. In the order of the dictionary, those that are the text itself or begin with it first.
 */
export function searchEntries(entries: readonly DictionaryEntry[], typed: string): readonly DictionaryEntry[] {
  const wanted = typed.normalize('NFKC').toLowerCase().replace(/[\s']+/g, '')
  if (wanted === '') return entries
  const ranked = entries.map((entry) => ({ entry, rank: rankOf(entry, wanted) }))
  return ranked.filter(({ rank }) => rank < 2).sort((a, b) => a.rank - b.rank).map(({ entry }) => entry)
}

function rankOf({ label, aliases = [] }: DictionaryEntry, wanted: string): number {
  const syllables = (dictionaryPinyin[label] ?? '').split(' ')
  const spellings = [label, ...aliases].map((text) => text.normalize('NFKC').toLowerCase())
  const sounds = [syllables.join(''), syllables.map((syllable) => syllable[0] ?? '').join('')]
  if ([...spellings, ...sounds].some((text) => text.startsWith(wanted))) return 0
  return spellings.some((text) => text.includes(wanted)) ? 1 : 2
}
