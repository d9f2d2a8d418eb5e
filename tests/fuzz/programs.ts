import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { plants, type Plant } from './plants.ts'

/** The two programs whose processes a run starts, each in one file: loading hundreds took most of a restart. */
export interface Programs {
  readonly workstation: string
  readonly central: string
  /** For the engine's own cache, so that only the first start compiles. */
  readonly compiled: string
  remove(): void
}

/** Native, or not to be bundled; found in node_modules at run time. */
const external = ['better-sqlite3', 'better-sqlite3-multiple-ciphers', 'pkcs11js', '@node-rs/argon2', 'pg']
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Inside the repository, where node_modules is found. */
export async function buildPrograms(plant: Plant | null): Promise<Programs> {
  const cache = at('../../node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'fuzz-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: at('../..'),
    plugins: plant ? [planted(plant)] : [],
    ssr: { noExternal: true, external },
    build: {
      ssr: true, outDir: folder, target: 'node24', minify: false,
      rolldownOptions: {
        input: { workstation: at('workstation-process.ts'), central: at('central-process.ts') },
        external,
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
      },
    },
  })
  return { workstation: join(folder, 'workstation.mjs'), central: join(folder, 'central.mjs'), compiled: join(folder, 'compiled'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function planted(plant: Plant): Plugin {
  const { file, find, put } = plants[plant]
  return {
    name: 'planted-bug',
    enforce: 'pre',
    transform: (code, id) => {
      if (!id.endsWith(`/${file}`)) return undefined
      if (!code.includes(find)) throw new Error(`${file} no longer reads as the planted bug needs it`)
      return { code: code.replace(find, put), map: null }
    },
  }
}
