import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isErrorCode } from '../../../shared/errors/codes.ts'
import { allFiles, readSource, repository, sourceFiles } from '../architecture/source-files.ts'
import { anchorsOf, documentAt, documents, quoted, relativeLinks, type Document } from './documents.ts'

const manifest = JSON.parse(readSource('package.json')) as Record<string, Record<string, string>>
const files = allFiles()
const programs = sourceFiles.filter((path) => !path.startsWith('tests/')).map(readSource).join('\n')

const exists = (path: string) => existsSync(join(repository, path))
const strays = (find: (document: Document) => string[]) => documents.flatMap((document) => find(document).map((stray) => `${document.path}: ${stray}`))

/** `shared/errors/codes.ts`, `electron/host`, `package.json`; the part before a placeholder where there is one. */
function pathIn(word: string): string | undefined {
  const [plain = ''] = word.split(/[*<{…]|NNNN/)
  const isRootFile = /^[\w.-]+\.(ts|json|mjs|md)$/.test(word) && files.some((path) => path === word)
  if (isRootFile) return word
  return /^(shared|electron|renderer|central|resources|build|tests|docs|\.ci)\//.test(word) && !/\s/.test(word) ? plain : undefined
}

describe('the docs', () => {
  it('are all seen by these tests', () => {
    const paths = ['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', 'docs/ca-key.md', 'docs/glossary.md', 'docs/操作手册.md']
    for (const path of paths) expect(documentAt(path).text.length, path).toBeGreaterThan(500)
  })

  it('link to files that exist, inside the repository', () => {
    const leadsNowhere = (target: string) => target.startsWith('..') || !exists(target)
    expect(strays((document) => relativeLinks(document).map(({ target }) => target).filter(leadsNowhere))).toEqual([])
  })

  it('link to headings that exist', () => {
    const lost = (document: Document) =>
      relativeLinks(document).filter(({ target, anchor }) => anchor !== undefined && !anchorsOf(documentAt(target)).includes(decodeURI(anchor)))
    expect(strays((document) => lost(document).map(({ target, anchor }) => `${target}#${anchor ?? ''}`))).toEqual([])
  })

  it('name paths that exist', () => {
    const named = (document: Document) => quoted(document).map(pathIn).filter((path) => path !== undefined)
    expect(documents.flatMap(named).length).toBeGreaterThan(100)
    expect(strays((document) => named(document).filter((path) => !exists(path)))).toEqual([])
  })

  it('name error codes of the closed list, and other words with hyphens that the program knows', () => {
    const packages = new Set(['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((group) => Object.keys(manifest[group] ?? {})))
    const isKnown = (word: string) => isErrorCode(word) || packages.has(word) || programs.includes(`'${word}'`) || programs.includes(`"${word}"`)
    const words = documents.flatMap(quoted).filter((word) => /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(word))
    expect(words.filter(isErrorCode).length).toBeGreaterThan(30)
    expect([...new Set(words)].filter((word) => !isKnown(word))).toEqual([])
  })

  it('name npm scripts that exist', () => {
    const scripts = new Set(['ci', ...Object.keys(manifest['scripts'] ?? {})])
    const named = ({ text }: Document) => [...text.matchAll(/(?:^|`)npm (?:run )?([a-z]+(?::[a-z]+)?)/gm)].map(([, script]) => script ?? '')
    expect(documents.flatMap(named).length).toBeGreaterThan(10)
    expect(strays((document) => named(document).filter((script) => !scripts.has(script)))).toEqual([])
  })

  it('name settings that the central service reads', () => {
    const settings = (document: Document) => quoted(document).flatMap((word) => /^[A-Z]+(_[A-Z]+)+/.exec(word)?.[0] ?? [])
    expect(strays((document) => settings(document).filter((name) => !programs.includes(name)))).toEqual([])
  })

  it('are found where the sources point to them', () => {
    const pointers = (path: string) => [...readSource(path).matchAll(/docs\/[\w/-]+\.md/g)].map(([file]) => `${path}: ${file}`)
    const pointed = sourceFiles.filter((path) => !path.startsWith('tests/unit/docs/')).flatMap(pointers)
    expect(pointed.length).toBeGreaterThan(5)
    expect(pointed.filter((entry) => !exists(entry.split(': ')[1] ?? ''))).toEqual([])
  })
})

describe('a decision', () => {
  const decisions = documents.filter(({ path }) => /^docs\/adr\/\d{4}-/.test(path))

  it('has its context, what was decided and what follows, on one page', () => {
    expect(decisions.length).toBeGreaterThan(10)
    for (const { path, text } of decisions) {
      for (const part of ['Context', 'Decision', 'Consequences']) expect(text, path).toContain(`**${part}.**`)
      expect(text.trimEnd().split('\n').length, path).toBeLessThanOrEqual(40)
    }
  })

  it('is listed, numbered without a gap', () => {
    const listed = relativeLinks(documentAt('docs/adr/README.md')).map(({ target }) => target)
    expect(listed).toEqual(decisions.map(({ path }) => path).sort())
    expect(decisions.map(({ path }) => path.slice('docs/adr/'.length, 'docs/adr/'.length + 4)).sort()).toEqual(decisions.map((_, index) => String(index + 1).padStart(4, '0')))
  })
})
