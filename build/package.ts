import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * `npm run package`: the installer for Windows. Needs Electron's own download and, off Windows, wine; neither is there
 * on the machines this repository is tested on, so no test runs it.
 */
const compiledHere = 'node_modules/pkcs11js/build/Release/pkcs11.node'
const forWindows = 'out/native/win32-x64/pkcs11.node'

if (process.platform === 'win32') {
  mkdirSync(dirname(forWindows), { recursive: true })
  cpSync(compiledHere, forWindows)
} else if (!existsSync(forWindows)) {
  stop(`${forWindows} is missing: pkcs11js ships no binary for Windows. Compile it there, or run this on Windows.`)
}
if (!process.env['WORKSTATION_SETTINGS']) stop('Set WORKSTATION_SETTINGS to a workstation.json that names the central service.')

for (const [command, args] of [
  ['node', ['build/bundle.ts']],
  ['electron-builder', ['--win', '--config', 'build/electron-builder.config.mjs', ...process.argv.slice(2)]],
] as const) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}

function stop(line: string): never {
  console.error(line)
  process.exit(1)
}
