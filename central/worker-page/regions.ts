import type { RegionNode } from '../../shared/domain/regions.ts'

const file = new URL('../../resources/regions/regions.json', import.meta.url).href

/** Levels that exist only in the code table: shown to nobody, their children move up. */
const fillers = ['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划']

export interface Place {
  readonly code: string
  readonly name: string
  readonly children: readonly Place[]
}

function placesOf(nodes: readonly RegionNode[]): Place[] {
  return nodes.flatMap(([code, name, , children = []]) => {
    const below = placesOf(children)
    return fillers.includes(name) && below.length > 0 ? below : [{ code, name, children: below }]
  })
}

let reading: Promise<readonly Place[]> | undefined

/** Provinces, read after the page is there; on a broken line the next wish reads again. */
export function readPlaces(): Promise<readonly Place[]> {
  reading ??= fetch(file)
    .then(async (answer) => placesOf(((await answer.json()) as { regions: RegionNode[] }).regions))
    .catch((error: unknown) => {
      reading = undefined
      throw error
    })
  return reading
}

/** From the province down to this code; empty where there is none. */
export function wayTo(places: readonly Place[], code: string): readonly Place[] {
  for (const place of places) {
    if (place.code === code) return [place]
    const below = wayTo(place.children, code)
    if (below.length > 0) return [place, ...below]
  }
  return []
}
