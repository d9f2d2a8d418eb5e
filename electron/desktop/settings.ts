import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { app } from 'electron'
import * as v from 'valibot'
import { matchThresholdsSchema, usualMatchThresholds } from '../../shared/domain/face/matching.ts'
import { usualLockAfterMinutes } from '../host/ports.ts'
import { lockAfterMinutesSchema, type HostSettings } from './main-contract.ts'

/** `workstation.json` beside the packaged resources, written by the installer's operator. */
const fileSchema = v.strictObject({
  centralUrl: v.pipe(v.string(), v.url(), v.startsWith('https://')),
  /** PEM text that the central service's certificate must chain to; absent: the system's. */
  centralCa: v.optional(v.nullable(v.string()), null),
  /** Minutes without a hand at keyboard or mouse after which the window locks. */
  lockAfterMinutes: v.optional(lockAfterMinutesSchema, usualLockAfterMinutes),
  /** Distances at which faces count as one person's, as `npm run face:evaluate` has found them on the operator's own people. */
  faceThresholds: v.optional(matchThresholdsSchema, { ...usualMatchThresholds }),
  /** Folder of the operator's own presentation-attack model (docs/face.md); null, as usual: none. */
  faceAttackModel: v.optional(v.nullable(v.string()), null),
})

/**
 * Which central service to work with. A packaged program takes it from its own resources only: an argument must not be
 * able to point it elsewhere. From the source tree the arguments are those of the browser shell.
 */
export function readSettings(): HostSettings {
  const recoveryKey = argument('recovery-key')
  const common = { version: app.getVersion(), data: app.getPath('userData'), recoveryKeyFile: recoveryKey ? resolve(recoveryKey) : null }
  if (app.isPackaged) {
    const file = v.parse(fileSchema, JSON.parse(readFileSync(join(process.resourcesPath, 'workstation.json'), 'utf8')))
    return { ...common, ...file, resources: process.resourcesPath, allowPlainHttp: false, tokenDriver: null }
  }
  const ca = argument('central-ca')
  const driver = argument('token-driver')
  return {
    ...common,
    resources: join(import.meta.dirname, '../../resources'),
    centralUrl: argument('central') ?? '',
    centralCa: ca ? readFileSync(ca, 'utf8') : null,
    allowPlainHttp: false,
    lockAfterMinutes: usualLockAfterMinutes,
    faceThresholds: { ...usualMatchThresholds },
    faceAttackModel: null,
    tokenDriver: driver ? resolve(driver) : null,
  }
}

/** From the source tree `--data` says where local data lives. Before the single-instance lock: that is one a folder. */
export function chooseDataFolder(): void {
  const data = app.isPackaged ? null : argument('data')
  if (data) app.setPath('userData', resolve(data))
}

function argument(name: 'data' | 'central' | 'central-ca' | 'token-driver' | 'recovery-key'): string | null {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    // Chromium's own switches stand among ours.
    strict: false,
    args: process.argv.slice(1),
    options: { 'data': text, 'central': text, 'central-ca': text, 'token-driver': text, 'recovery-key': text },
  })
  const value = values[name]
  return typeof value === 'string' ? value : null
}
