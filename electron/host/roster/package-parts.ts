import { posix } from 'node:path'
import { readZipEntry, type ZipEntry } from './zip-directory.ts'

/** Bytes. Lists of sheets are some KB, and a drawing with a picture for each of 20,000 people some 20 MB. */
const mostText = 32 << 20

/** A part of a workbook as text; '' where it has none of that name. @throws AppError roster-expands, roster-damaged */
export function partText(bytes: Buffer, entries: readonly ZipEntry[], name: string): string {
  const entry = entries.find((each) => each.name === name)
  return entry ? readZipEntry(bytes, entry, mostText).toString('utf8') : ''
}

export interface Relation {
  /** The last word of its type: `drawing`, `image`, `worksheet`. */
  readonly kind: string
  /** Name of the part it leads to. */
  readonly target: string
}

/** Where the parts that a part names by their ids lie (ECMA-376 part 2, 6.5). */
export function relationsOf(bytes: Buffer, entries: readonly ZipEntry[], name: string): Map<string, Relation> {
  const folder = posix.dirname(name)
  const xml = partText(bytes, entries, `${folder}/_rels/${posix.basename(name)}.rels`)
  return new Map(
    [...xml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)].map(([tag]) => {
      const target = attribute(tag, 'Target')
      return [attribute(tag, 'Id'), { kind: attribute(tag, 'Type').split('/').at(-1) ?? '', target: target.startsWith('/') ? target.slice(1) : posix.join(folder, target) }]
    }),
  )
}

export function attribute(tag: string, name: string): string {
  return new RegExp(String.raw`\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
}
