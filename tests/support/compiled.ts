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
export const compiledLibrary = (source: string, options: readonly string[] = []): string => compiled(source, '.so', ['-shared', '-fPIC', '-O1', ...options])

/** The same as a program. */
export const compiledProgram = (source: string, options: readonly string[] = []): string => compiled(source, '', ['-O2', ...options])

/** Where PKCS#11's own header lies. */
export const pkcs11Headers = `-I${root}node_modules/pkcs11js/includes`

function compiled(source: string, ending: string, options: readonly string[]): string {
  const path = join(root, source)
  const version = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
  const name = basename(source, '.cpp')
  const output = join(root, `node_modules/.cache/${name}/${name}-${version}${ending}`)
  if (existsSync(output)) return output
  mkdirSync(dirname(output), { recursive: true })
  // Several test files may build it at once: each its own, and the last whole one stays.
  const partial = `${output}.${process.pid}`
  const built = spawnSync('g++', [...options, '-o', partial, path, '-ldl'], { encoding: 'utf8' })
  if (built.error) throw new Error('g++ is missing. Run: apt-get install -y g++')
  if (built.status !== 0) throw new Error(`${source} does not compile:\n${built.stderr}`)
  spawnSync('mv', [partial, output])
  return output
}
