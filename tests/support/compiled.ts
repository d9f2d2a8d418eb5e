import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A shared library of one C++ file, built once for each state of it.
 * @param source from the root of the repository
 * @returns its path
 * @throws Error with the line to run where there is no compiler
 */
export function compiledLibrary(source: string, options: readonly string[] = []): string {
  const path = join(root, source)
  const version = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
  const name = basename(source, '.cpp')
  const output = join(root, `node_modules/.cache/${name}/${name}-${version}.so`)
  if (existsSync(output)) return output
  mkdirSync(dirname(output), { recursive: true })
  // Several test files may build it at once: each its own, and the last whole one stays.
  const partial = `${output}.${process.pid}`
  const built = spawnSync('g++', ['-shared', '-fPIC', '-O1', ...options, '-o', partial, path, '-ldl'], { encoding: 'utf8' })
  if (built.error) throw new Error('g++ is missing. Run: apt-get install -y g++')
  if (built.status !== 0) throw new Error(`${source} does not compile:\n${built.stderr}`)
  spawnSync('mv', [partial, output])
  return output
}
