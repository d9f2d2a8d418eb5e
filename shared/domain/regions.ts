import { createRegionSearch, type SearchEntry } from './region-search.ts'

/** Divisions as read from resources/regions/regions.json: GB/T 2260 code, name, pinyin by syllables (`xu hui qu`), children. */
export type RegionNode = readonly [code: string, name: string, pinyin: string, children?: readonly RegionNode[]]

export interface Region {
  readonly code: string
  /** Names from the province down, without the fillers 市辖区 and 县 that stand only in the code table. */
  readonly path: readonly string[]
  readonly children: readonly Region[]
}

export interface Regions {
  readonly provinces: readonly Region[]
  find(code: string): Region | undefined
  /** `上海市徐汇区`; a filler's code reads as what it fills; the code itself where it is not known. */
  label(code: string): string
  /** Lowest-level divisions by Chinese text, pinyin or initials; see createRegionSearch. */
  search(query: string, limit: number): readonly Region[]
}

/** Levels that exist only in the code table: shown to nobody, their children move up. */
const fillers = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

export function createRegions(nodes: readonly RegionNode[]): Regions {
  const byCode = new Map<string, Region>()
  const fillerPaths = new Map<string, readonly string[]>()
  const leaves: SearchEntry<Region>[] = []
  let searchLeaves: ReturnType<typeof createRegionSearch<Region>> | undefined

  function build([code, name, pinyin, children = []]: RegionNode, above: Pick<SearchEntry<Region>, 'path' | 'syllables'>): Region[] {
    if (fillers.has(name) && children.length > 0) {
      fillerPaths.set(code, above.path)
      return children.flatMap((child) => build(child, above))
    }
    const place = { path: [...above.path, name], syllables: [...above.syllables, pinyin.split(' ')] }
    const region: Region = { code, path: place.path, children: children.flatMap((child) => build(child, place)) }
    byCode.set(code, region)
    if (region.children.length === 0) leaves.push({ item: region, ...place })
    return [region]
  }

  return {
    provinces: nodes.flatMap((node) => build(node, { path: [], syllables: [] })),
    find: (code) => byCode.get(code),
    label: (code) => (byCode.get(code)?.path ?? fillerPaths.get(code))?.join('') ?? code,
    search: (query, limit) => (searchLeaves ??= createRegionSearch(leaves))(query, limit),
  }
}
