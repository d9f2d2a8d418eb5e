import type { Region, Regions } from './regions.ts'

export interface RegionNames {
  /** The code of a division written out in a cell: 上海市徐汇区, 上海市/徐汇区, 徐汇区 where there is but one, or the code itself. */
  find(text: string): string | undefined
  label(code: string): string
  /** Every lowest-level division, written out, in the order of the code table. */
  readonly labels: readonly string[]
}

/** Names of divisions as spreadsheets have them. A name that several divisions bear stands for none of them. */
export function createRegionNames(regions: Regions): RegionNames {
  const codes = new Map<string, string | null>()
  const labels: string[] = []

  function add(name: string, code: string): void {
    // Of two with the same name neither is meant for certain.
    codes.set(name, codes.has(name) && codes.get(name) !== code ? null : code)
  }
  function walk(region: Region): void {
    const { code, path, children } = region
    // From any level down: 上海市徐汇区, 江苏省苏州市昆山市, 苏州市昆山市, 昆山市.
    for (let from = 0; from < path.length; from++) add(path.slice(from).join(''), code)
    if (path.length > 2) add(`${path[0] ?? ''}${path.at(-1) ?? ''}`, code)
    if (children.length === 0) labels.push(path.join(''))
    for (const child of children) walk(child)
  }
  for (const province of regions.provinces) walk(province)

  /** A roster writes the same places again and again. */
  const asked = new Map<string, string | undefined>()
  function read(text: string): string | undefined {
    const name = text.normalize('NFKC').replace(/[\s/\\,，、.·\-—>]+/g, '')
    if (/^[1-9]\d{5}$/.test(name)) return name
    return codes.get(name) ?? codes.get(name.replace(/市辖区|省直辖县级行政区划|自治区直辖县级行政区划/g, '')) ?? undefined
  }

  return {
    find: (text) => {
      if (!asked.has(text)) asked.set(text, read(text))
      return asked.get(text)
    },
    label: (code) => regions.label(code),
    labels,
  }
}
