/** What tells the beginning of a syllable as the lines have it (`NameIndex.syllables`). */
const letters = /^[a-zü]+$/
const startOf = (letter: string): string => (isU(letter) ? '[UV]' : letter.toUpperCase())
const restOf = (letter: string): string => (isU(letter) ? '[uv]' : letter)
/** ü is typed as v or as u, and stands as v in the lines. */
const isU = (letter: string): boolean => letter === 'u' || letter === 'v' || letter === 'ü'

/**
 * Whether a line has a name, from any of its characters on, whose syllables the query gives in order, each by as much of its
 * beginning as the clerk liked to type: wangzg, wzhig and zhg for 王志刚. Undefined for a query that is no pinyin, and for one whose
 * finds a comparison of text has already.
 */
export function spelledMatcher(query: string): ((text: string) => boolean) | undefined {
  const [first = ''] = query
  if (!letters.test(query) || (query.length === 1 && !isU(first))) return undefined
  // The next letter goes on in the same syllable or begins the next one; none is passed over.
  const pattern = new RegExp(startOf(first) + [...query].slice(1).map((letter) => `(?:${restOf(letter)}|[a-z]*${startOf(letter)})`).join(''), 'g')
  const matchesFrom = (text: string, index: number): boolean => {
    pattern.lastIndex = index
    return pattern.test(text)
  }
  if (isU(first)) return (text) => matchesFrom(text, 0)
  const start = first.toUpperCase()
  // Nothing else in a line is a capital, and few names have this one: looking for it is quicker by far.
  return (text) => {
    const index = text.indexOf(start)
    return index >= 0 && matchesFrom(text, index)
  }
}
