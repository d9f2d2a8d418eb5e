/** Spellings of a name for search. */
export interface NameIndex {
  /** Full pinyin without tones and blanks; several readings apart by a blank. */
  readonly pinyin: string
  readonly initials: string
  /** The same with a capital where each syllable begins, so that a part of each can be looked for: WangZhiGang. */
  readonly syllables: string
}

/** What the pinyin library must do, without tones and with v for ü. */
export interface PinyinReader {
  /**
   * The syllables of a text, one a character. `surname` reads the first characters as a surname (单 as shan, 尉迟 as yu chi).
   */
  syllables(text: string, mode: 'surname' | 'normal'): readonly string[]
  /** Every reading of one character. */
  readings(character: string): readonly string[]
}

/**
 * Every reading of the first character is kept, so that a name is found whichever of them the clerk thinks of: 覃 is qin
 * or tan, and only its bearer knows.
 */
export function createNameIndexer({ syllables, readings }: PinyinReader): (name: string) => NameIndex {
  // Names begin with some hundred characters.
  const known = new Map<string, readonly string[]>()
  const readingsOf = (character: string): readonly string[] => {
    const found = known.get(character) ?? readings(character)
    known.set(character, found)
    return found
  }
  return (name) => {
    const text = name.normalize('NFKC').replace(/[\s·•‧]/g, '').toLowerCase()
    const normal = syllables(text, 'normal')
    const [first = ''] = text
    const spelled = [syllables(text, 'surname'), normal, ...readingsOf(first).map((reading) => [reading, ...normal.slice(1)])]
    return {
      pinyin: distinct(spelled.map((reading) => reading.join(''))),
      syllables: distinct(spelled.map((reading) => reading.map(capitalized).join(''))),
      initials: distinct(spelled.map((reading) => reading.map((syllable) => syllable[0] ?? '').join(''))),
    }
  }
}

const capitalized = (syllable: string): string => (syllable[0] ?? '').toUpperCase() + syllable.slice(1)

function distinct(spellings: readonly string[]): string {
  return [...new Set(spellings)].filter(Boolean).join(' ')
}
