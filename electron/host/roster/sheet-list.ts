import { AppError } from '../../../shared/errors/app-error.ts'
import { readZipEntry, type ZipEntry } from './zip-directory.ts'

export interface ListedSheet {
  readonly name: string
  /** Its place among all sheets of the workbook, hidden ones too, from 0. */
  readonly index: number
  readonly part: ZipEntry
}

/** Bytes. A list of sheets is some KB. */
const mostListed = 4 << 20

/** The sheets in sight, in their order, with the part of the file each is in. @throws AppError roster-damaged */
export function sheetsOf(bytes: Buffer, entries: readonly ZipEntry[]): ListedSheet[] {
  const read = (name: string) => {
    const entry = entries.find((each) => each.name === name)
    return entry ? readZipEntry(bytes, entry, mostListed).toString('utf8') : ''
  }
  const targets = new Map([...read('xl/_rels/workbook.xml.rels').matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)].map(([tag]) => [attribute(tag, 'Id'), attribute(tag, 'Target')]))
  const sheets = [...read('xl/workbook.xml').matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag], index) => {
    const target = targets.get(attribute(tag, String.raw`\w+:id`)) ?? ''
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
    return { name: plain(attribute(tag, 'name')), index, state: attribute(tag, 'state'), part: entries.find(({ name }) => name === path) }
  })
  const inSight = sheets.flatMap(({ state, part, ...sheet }) => (part && state !== 'hidden' && state !== 'veryHidden' ? [{ ...sheet, part }] : []))
  if (inSight.length === 0) throw new AppError('roster-damaged')
  return inSight
}

function attribute(tag: string, name: string): string {
  return new RegExp(String.raw`\s${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }
const plain = (text: string) => text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity)
