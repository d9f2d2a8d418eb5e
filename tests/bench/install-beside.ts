import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Packages that only a measurement runs are no dependency of the product: they lie in a folder of their own, put there the first time they
 * are wanted and whenever the lock file has changed. None of their install scripts runs.
 * @param name of the folder in tests/bench with their package.json and lock file, and of the one in out/ where they are put
 */
export function packagesBeside(name: string): { install(): void; readonly require: NodeJS.Require } {
  const description = fileURLToPath(new URL(`./${name}/`, import.meta.url))
  const installed = fileURLToPath(new URL(`../../out/${name}/`, import.meta.url))
  /** Written by npm once all is there. */
  const witness = join(installed, 'node_modules', '.package-lock.json')
  const files = ['package.json', 'package-lock.json']
  const same = (file: string) => existsSync(join(installed, file)) && readFileSync(join(installed, file)).equals(readFileSync(join(description, file)))
  return {
    install: () => {
      if (files.every(same) && existsSync(witness)) return
      mkdirSync(installed, { recursive: true })
      for (const file of files) copyFileSync(join(description, file), join(installed, file))
      // On Windows npm is a script that only a shell starts.
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: installed, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
    },
    require: createRequire(join(installed, 'package.json')),
  }
}
