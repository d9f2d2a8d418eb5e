import { pinyin } from 'pinyin-pro'
import { createNameIndexer } from '../../../shared/domain/name-index.ts'

const options = { toneType: 'none', type: 'array', v: true } as const

/** Pinyin and initials of a name, for search. */
export const indexName = createNameIndexer({
  syllables: (text, mode) => pinyin(text, { ...options, surname: mode === 'surname' ? 'head' : 'off' }),
  readings: (character) => pinyin(character, { ...options, multiple: true }),
})
