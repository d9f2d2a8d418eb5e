import { spawnSync } from 'node:child_process'

/**
 * `npm run package`: the installer for Windows. Needs Electron's own download and, off Windows, wine; neither is there
 * on the machines this repository is tested on, so no test runs it.
 */
for (const [command, args] of [
  ['node', ['build/bundle.ts']],
  ['electron-builder', ['--win', '--config', 'build/electron-builder.config.mjs', ...process.argv.slice(2)]],
] as const) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}
