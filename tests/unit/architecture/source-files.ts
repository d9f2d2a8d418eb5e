import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** Made by the build or by use; nothing in them is ours to check. */
const generated = new Set(['node_modules', 'out', 'data', 'release', 'test-results', 'playwright-report', '.git', 'components.d.ts'])

/** Every file of the repository, as paths from its root with forward slashes. */
export function allFiles(directory = repository): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return []
    const path = join(directory, entry.name)
    return entry.isDirectory() ? allFiles(path) : [relative(repository, path).replaceAll('\\', '/')]
  })
}

export const sourceFiles = allFiles().filter((path) => /\.(ts|vue|mjs|cjs|js)$/.test(path) && !path.startsWith('docs/'))

export const readSource = (path: string): string => readFileSync(join(repository, path), 'utf8')

export interface Import {
  from: string
  /** A path from the root for our own files (`shared/errors/codes.ts`), else the package (`vue`, `@scope/name`, `node:fs`). */
  target: string
  own: boolean
}

/** What a file imports, statically or with a literal `import()`, types included. */
export function importsOf(path: string): Import[] {
  return ts.preProcessFile(scriptOf(path), true, true).importedFiles.map(({ fileName }) => {
    if (fileName.startsWith('.')) {
      const target = relative(repository, join(repository, dirname(path), fileName)).replaceAll('\\', '/')
      return { from: path, target, own: true }
    }
    const parts = fileName.split('/')
    return { from: path, target: parts.slice(0, fileName.startsWith('@') ? 2 : 1).join('/'), own: false }
  })
}

function scriptOf(path: string): string {
  const text = readSource(path)
  if (!path.endsWith('.vue')) return text
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script).join('\n')
}
