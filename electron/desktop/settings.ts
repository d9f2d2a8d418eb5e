import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { app } from 'electron'
import * as v from 'valibot'
import type { HostSettings } from './main-contract.ts'

/** `workstation.json` beside the packaged resources, written by the installer's operator. */
const fileSchema = v.strictObject({
  centralUrl: v.pipe(v.string(), v.url(), v.startsWith('https://')),
  /** PEM text that the central service's certificate must chain to; absent: the system's. */
  centralCa: v.optional(v.nullable(v.string()), null),
})

/**
 * Which central service to work with. A packaged program takes it from its own resources only: an argument must not be
 * able to point it elsewhere. From the source tree the arguments are those of the browser shell.
 */
export function readSettings(): HostSettings {
  const common = { version: app.getVersion(), data: app.getPath('userData') }
  if (app.isPackaged) {
    const file = v.parse(fileSchema, JSON.parse(readFileSync(join(process.resourcesPath, 'workstation.json'), 'utf8')))
    return { ...common, ...file, resources: process.resourcesPath, allowPlainHttp: false, tokenDriver: null }
  }
  const { values } = parseArgs({
    // Chromium's own switches stand among ours.
    strict: false,
    args: process.argv.slice(1),
    options: { 'central': { type: 'string' }, 'central-ca': { type: 'string' }, 'token-driver': { type: 'string' } },
  })
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : null)
  const ca = text('central-ca')
  const driver = text('token-driver')
  return {
    ...common,
    resources: join(import.meta.dirname, '../../resources'),
    centralUrl: text('central') ?? '',
    centralCa: ca ? readFileSync(ca, 'utf8') : null,
    allowPlainHttp: false,
    tokenDriver: driver ? resolve(driver) : null,
  }
}
