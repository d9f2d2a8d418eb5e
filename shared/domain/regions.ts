/** GB/T 2260 divisions as read from resources/regions/regions.json: code, name, children. */
export type RegionNode = readonly [code: string, name: string, children?: readonly RegionNode[]]

export interface Region {
  readonly code: string
  /** Names from the province down, without the fillers 市辖区 and 县 that stand only in the code table. */
  readonly path: readonly string[]
  readonly children: readonly Region[]
}

export interface Regions {
  readonly provinces: readonly Region[]
  find(code: string): Region | undefined
  /** `上海市徐汇区`; the code itself where it is not known. */
  label(code: string): string
  /** Lowest-level divisions whose path holds every word of the query, at most `limit`. */
  search(query: string, limit: number): readonly Region[]
}

/** Levels that exist only in the code table: shown to nobody, their children move up. */
const fillers = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

export function createRegions(nodes: readonly RegionNode[]): Regions {
  const byCode = new Map<string, Region>()
  const leaves: Region[] = []

  function build([code, name, children = []]: RegionNode, above: readonly string[]): Region[] {
    if (fillers.has(name) && children.length > 0) return children.flatMap((child) => build(child, above))
    const path = [...above, name]
    const region: Region = { code, path, children: children.flatMap((child) => build(child, path)) }
    byCode.set(code, region)
    if (region.children.length === 0) leaves.push(region)
    return [region]
  }

  const provinces = nodes.flatMap((node) => build(node, []))
  return {
    provinces,
    find: (code) => byCode.get(code),
    label: (code) => byCode.get(code)?.path.join('') ?? code,
    search: (query, limit) => {
      const words = query.normalize('NFKC').split(/\s+/).filter(Boolean)
      if (words.length === 0) return []
      const found: Region[] = []
      for (const leaf of leaves) {
        const text = leaf.path.join('')
        if (words.every((word) => text.includes(word)) && found.push(leaf) >= limit) break
      }
      return found
    },
  }
}
