/** A lowest-level division as the search sees it. */
export interface SearchEntry<T> {
  readonly item: T
  /** Names from the province down. */
  readonly path: readonly string[]
  /** Syllables of each of these names. */
  readonly syllables: readonly (readonly string[])[]
}

/**
 * Search by Chinese text, pinyin and initials: `徐汇`, `xuhui`, `上海徐汇`, `shanghai xuhui`, `shxh`, `sh xh`. Pinyin counts from the
 * beginning of a name on, with or without 省 市 区 县 at its end: `an` finds 安国 and not every 南 and 山.
 * @returns items that every word fits, at most `limit`: whole names before beginnings, own names before those above
 */
export function createRegionSearch<T>(entries: readonly SearchEntry<T>[]): (query: string, limit: number) => readonly T[] {
  const leaves = entries.map(spell)
  return (query, limit) => {
    const words = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return []
    const found = leaves.flatMap((leaf) => {
      const ranks = words.map((word) => rankOf(leaf, word))
      return ranks.includes(null) ? [] : [{ item: leaf.item, rank: ranks.reduce<number>((sum, rank) => sum + (rank ?? 0), 0) }]
    })
    // The sort is stable: equal ranks stay in the order of the code table.
    return found.sort((a, b) => a.rank - b.rank).slice(0, limit).map(({ item }) => item)
  }
}

interface Spelled<T> {
  readonly item: T
  readonly text: string
  readonly own: SpelledName
  readonly above: readonly SpelledName[]
}

interface SpelledName {
  /** What stands for the whole name: `徐汇区` `徐汇` `xuhui` `xh`. */
  readonly wholes: ReadonlySet<string>
  /** What begins with the name and goes on with those below: `徐汇` `xuhuiqu` `xuhui` `xhq` `xh`. */
  readonly starts: readonly string[]
}

function spell<T>({ item, path, syllables }: SearchEntry<T>): Spelled<T> {
  const names = path.map((name, index): SpelledName => {
    const below = syllables.slice(index)
    const [full, short] = [below.map((name) => name.join('')), below.map((name) => withoutEnding(name).join(''))]
    const [initials, shortInitials] = [below.map(initialsOf), below.map((name) => initialsOf(withoutEnding(name)))]
    return {
      wholes: new Set([name, withoutEnding([...name]).join(''), short[0] ?? '', shortInitials[0] ?? '']),
      starts: [path.slice(index).map((name) => withoutEnding([...name]).join('')), full, short, initials, shortInitials].map((parts) => parts.join('')),
    }
  })
  return { item, text: path.join(''), own: names.at(-1) ?? { wholes: new Set(), starts: [] }, above: names.slice(0, -1) }
}

function rankOf<T>({ text, own, above }: Spelled<T>, word: string): number | null {
  if (own.wholes.has(word)) return 0
  if (above.some(({ wholes }) => wholes.has(word))) return 1
  if (own.starts.some((start) => start.startsWith(word))) return 2
  return text.includes(word) || above.some(({ starts }) => starts.some((start) => start.startsWith(word))) ? 3 : null
}

/** 上海市 → 上海; 献县 stays. */
function withoutEnding(parts: readonly string[]): readonly string[] {
  return parts.length > 2 ? parts.slice(0, -1) : parts
}

function initialsOf(syllables: readonly string[]): string {
  return syllables.map((syllable) => syllable[0] ?? '').join('')
}
