import { pinyin } from 'pinyin-pro'
import { createNameIndexer } from '../../../shared/domain/name-index.ts'

/** Pinyin and initials of a name, for search. */
export const indexName = createNameIndexer((text, mode) =>
  pinyin(text, { toneType: 'none', type: 'array', surname: mode === 'surname' ? 'head' : 'off', v: true }),
)
