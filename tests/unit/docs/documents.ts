import { dirname, join, relative } from 'node:path'
import { allFiles, readSource, repository } from '../architecture/source-files.ts'

export interface Document {
  readonly path: string
  /** Without comments. */
  readonly text: string
  /** Without comments and fenced blocks. */
  readonly prose: string
}

export const documents: readonly Document[] = allFiles()
  .filter((path) => path.endsWith('.md'))
  .map((path) => {
    const text = readSource(path).replace(/<!--[\s\S]*?-->/g, '')
    return { path, text, prose: text.replace(/^( *)```[\s\S]*?^\1```/gm, '') }
  })

export function documentAt(path: string): Document {
  const found = documents.find((document) => document.path === path)
  if (!found) throw new Error(`no ${path}`)
  return found
}

/** What stands in backticks. */
export const quoted = ({ prose }: Document): string[] => [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word ?? '')

export interface Link {
  readonly target: string
  readonly anchor: string | undefined
}

/** Links and pictures that lead to a file, as paths from the repository's root. */
export function relativeLinks({ path, prose }: Document): Link[] {
  const markdown = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link ?? '')
  const html = [...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '')
  return [...markdown, ...html]
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#')
      const target = file === '' ? path : relative(repository, join(repository, dirname(path), decodeURI(file)))
      return { target: target.replaceAll('\\', '/'), anchor }
    })
}

/** A heading's anchor, as the usual renderers make it. */
const anchorOf = (heading: string) => heading.toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').trim().replaceAll(' ', '-')

export const anchorsOf = ({ prose }: Document): string[] => [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''))

export interface Table {
  readonly heading: string
  readonly rows: readonly (readonly string[])[]
}

/** The tables of a document, each with the heading it stands under. */
export function tablesOf({ prose }: Document): Table[] {
  return prose.split(/^## /m).slice(1).map((section) => {
    const lines = section.split('\n')
    const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
    return { heading: lines[0]?.trim() ?? '', rows: rows.slice(2) }
  })
}
