import { AppError } from '../../../shared/errors/app-error.ts'
import { attribute, partText, relationsOf } from './package-parts.ts'
import type { ZipEntry } from './zip-directory.ts'

export interface ListedSheet {
  readonly name: string
  /** Its place among all sheets of the workbook, hidden ones too, from 0. */
  readonly index: number
  readonly part: ZipEntry
}

/** The sheets in sight, in their order, with the part of the file each is in. @throws AppError roster-damaged */
export function sheetsOf(bytes: Buffer, entries: readonly ZipEntry[]): ListedSheet[] {
  const relations = relationsOf(bytes, entries, 'xl/workbook.xml')
  const sheets = [...partText(bytes, entries, 'xl/workbook.xml').matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag], index) => {
    const path = relations.get(attribute(tag, String.raw`\w+:id`))?.target
    return { name: plain(attribute(tag, 'name')), index, state: attribute(tag, 'state'), part: entries.find(({ name }) => name === path) }
  })
  const inSight = sheets.flatMap(({ state, part, ...sheet }) => (part && state !== 'hidden' && state !== 'veryHidden' ? [{ ...sheet, part }] : []))
  if (inSight.length === 0) throw new AppError('roster-damaged')
  return inSight
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }
const plain = (text: string) => text.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity)
