import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { softHsmModule, type TokenStore } from './demo-token.ts'

/** What the demonstration's locks are plugged into. */
export interface LockHub {
  readonly modulePath: string
  /** For every process that is to see these locks. */
  readonly env: Readonly<Record<string, string>>
  /** Holds a file for each lock that is pulled out, named like the lock. */
  readonly unplugged: string
  pull(label: string): void
  plug(label: string): void
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles the module at the first use of a checkout. @throws Error with the line to run where there is no compiler */
export function openLockHub(store: TokenStore): LockHub {
  const unplugged = join(store.directory, 'unplugged')
  mkdirSync(unplugged, { recursive: true, mode: 0o700 })
  return {
    modulePath: compile(),
    env: { ...store.env, DEMO_UNPLUGGED: unplugged },
    unplugged,
    pull: (label) => writeFileSync(join(unplugged, label), ''),
    plug: (label) => rmSync(join(unplugged, label), { force: true }),
  }
}

function compile(): string {
  const source = join(import.meta.dirname, 'lock-hub.cpp')
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12)
  const folder = join(root, 'node_modules/.cache/demo-locks')
  const output = join(folder, `lock-hub-${version}.so`)
  if (existsSync(output)) return output
  mkdirSync(folder, { recursive: true })
  const partial = `${output}.${process.pid}`
  const args = ['-shared', '-fPIC', '-O1', '-w', '-fpermissive', `-DSOFTHSM_MODULE="${softHsmModule}"`, `-I${root}node_modules/pkcs11js/includes`]
  const built = spawnSync('g++', [...args, '-o', partial, source, '-ldl'], { encoding: 'utf8' })
  if (built.error) throw new Error('g++ is missing. Run: apt-get install -y g++')
  if (built.status !== 0) throw new Error(`the module of the demo locks does not compile:\n${built.stderr}`)
  renameSync(partial, output)
  return output
}
