import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const systemCertificates = '/etc/ssl/certs/ca-certificates.crt'

/** Runs `npm ci` unless what is installed is what the lock file says. Throws with npm's own words where that fails. */
export function installNodeModules() {
  if (isInstalled()) return
  console.log('Installing npm packages …')
  const env = { ...process.env }
  // Behind a company's own certificate authority npm retries for minutes before it fails, unless Node knows the system's.
  if (!env.NODE_EXTRA_CA_CERTS && existsSync(systemCertificates)) env.NODE_EXTRA_CA_CERTS = systemCertificates
  // No package of ours needs its install script: native code comes as a binary or is compiled by build/native.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const cli = env.npm_execpath
  const npm = cli && /\.c?js$/.test(cli) ? [process.execPath, [cli, ...args]] : ['npm', args]
  const result = spawnSync(npm[0], npm[1], { env, encoding: 'utf8', shell: process.platform === 'win32' && !cli })
  if (result.status !== 0) {
    const reason = `${result.stderr ?? ''}${result.error?.message ?? ''}`.trim().split('\n').slice(0, 8).join('\n')
    throw new Error(`npm ci failed:\n${reason}\nRun: npm ci --ignore-scripts`)
  }
}

/**
 * Compares the lock file with the one npm leaves in node_modules when it has finished. Packages that are not there may
 * only be optional ones (of another system).
 */
function isInstalled() {
  const hidden = 'node_modules/.package-lock.json'
  if (!existsSync(hidden)) return false
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (path === '' || link) return true
    const found = installed[path]
    if (!found) return optional === true
    return found.version === version && found.integrity === integrity
  })
}
