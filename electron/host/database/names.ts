import { pinyin } from 'pinyin-pro'
import { createNameIndexer, type NameIndex } from '../../../shared/domain/name-index.ts'

const options = { toneType: 'none', type: 'array', v: true } as const

const spell = createNameIndexer({
  syllables: (text, mode) => pinyin(text, { ...options, surname: mode === 'surname' ? 'head' : 'off' }),
  readings: (character) => pinyin(character, { ...options, multiple: true }),
})

let last: { readonly name: string; readonly index: NameIndex } | undefined

/** Spellings of a name, for search. While a clerk types in a form, each draft asks for the same one. */
export function indexName(name: string): NameIndex {
  if (last?.name !== name) last = { name, index: spell(name) }
  return last.index
}
