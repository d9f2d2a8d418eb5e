/** Spellings of a name for search. */
export interface NameIndex {
  /** Full pinyin without tones and blanks; several readings apart by a blank. */
  readonly pinyin: string
  readonly initials: string
}

/**
 * What the pinyin library must do: the syllables of a text, one a character, without tones. `surname` reads the first
 * characters as a surname (单 as shàn, 尉迟 as yù chí).
 */
export type Syllables = (text: string, mode: 'surname' | 'normal') => readonly string[]

/** Surname readings the library misses: 区 as a surname is ōu. */
const surnameReadings: Readonly<Record<string, string>> = { 区: 'ou' }

/** Both readings are kept where they differ, so that a name is found whichever of them the clerk thinks of. */
export function createNameIndexer(syllables: Syllables): (name: string) => NameIndex {
  return (name) => {
    const text = name.normalize('NFKC').replace(/[\s·•‧]/g, '').toLowerCase()
    const normal = syllables(text, 'normal')
    const readings = [syllables(text, 'surname'), normal]
    const special = surnameReadings[text[0] ?? '']
    if (special) readings.unshift([special, ...normal.slice(1)])
    return {
      pinyin: distinct(readings.map((reading) => reading.join(''))),
      initials: distinct(readings.map((reading) => reading.map((syllable) => syllable[0] ?? '').join(''))),
    }
  }
}

function distinct(spellings: readonly string[]): string {
  return [...new Set(spellings)].join(' ')
}
