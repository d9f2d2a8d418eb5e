import { join } from 'node:path'
import { startProcess, type Running } from './processes.ts'

/** Chromium's sandbox refuses to run as root. */
const rootSwitches = process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []

export const hasDisplay = process.platform !== 'linux' || !!process.env['DISPLAY'] || !!process.env['WAYLAND_DISPLAY']

/** Opens the page in a Chromium window of its own, with a profile of its own; it ends when that window is closed. */
export function openChromium(url: string, data: string): Running {
  return startProcess('the Chromium window', {
    command: process.env['CHROMIUM'] ?? 'chromium',
    args: [
      `--app=${url}`,
      `--user-data-dir=${join(data, 'chromium-profile')}`,
      '--window-size=1280,800',
      '--lang=zh-CN',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...rootSwitches,
    ],
    logFile: join(data, 'logs', 'chromium.log'),
  })
}

/** Opens the workstation in Electron, from the source tree. */
export function openElectron(program: string, args: string[], env: Record<string, string>, data: string): Running {
  return startProcess('Electron', { command: program, args: [...rootSwitches, '.', ...args], env, logFile: join(data, 'logs', 'electron.log') })
}
