import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Builds every program into out/. `--if-changed` does nothing where the sources are those of the last build.
 * Everything that builds comes through here, so that the stamp is never of another build than the files beside it.
 */
const stampFile = 'out/.sources'
const sources = ['shared/**', 'electron/**', 'renderer/**', 'central/**', 'build/face-files.ts', 'build/scaled-lengths.ts', 'build/worker-page-html.ts', 'vite.config.ts', 'package-lock.json']

const stamp = hashSources()
const current = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
if (!current || !process.argv.includes('--if-changed')) {
  rmSync(stampFile, { force: true })
  const { status } = spawnSync('vite', ['build', '--logLevel', 'warn'], { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) writeFileSync(stampFile, stamp)
  process.exitCode = status ?? 1
}

function hashSources(): string {
  const hash = createHash('sha256')
  const files = globSync(sources, { exclude: ['renderer/components.d.ts'], withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => `${entry.parentPath}/${entry.name}`).sort()
  for (const path of paths) {
    const bytes = readFileSync(path)
    hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
