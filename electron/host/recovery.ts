import { createPrivateKey } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors/app-error.ts'
import { copyOf } from './database/key-envelope.ts'
import { openUnitKey, recoverUnitKey, setUnitAside, unitPaths, type UnitPaths } from './database/unit-keys.ts'
import type { Clock, Log, SecretStore } from './ports.ts'

/** See docs/recovery.md. */
export interface UnitOutcome {
  readonly organizationId: string
  readonly outcome:
    /** This user of this machine opens it already; left as it is. */
    | 'opens'
    /** Opens again. */
    | 'recovered'
    /** Another unit's recovery key, an older one, or the unit was never online since its file was made. Left as it is. */
    | 'key-does-not-fit'
    /** Put aside under a dated name; the unit begins anew from the central service. */
    | 'set-aside'
}

export interface RecoveryPorts {
  readonly data: string
  readonly secrets: SecretStore
  readonly log?: Log
}

/**
 * Makes every unit of a data folder that the secret store no longer opens open again, as far as the recovery key fits. No
 * workstation may be using the folder meanwhile. The units' files themselves are not touched.
 * @param privateKeyPem the unit's recovery key, RSA, without a passphrase
 * @throws TypeError where it is no such key
 */
export async function recoverUnits({ data, secrets, log }: RecoveryPorts, privateKeyPem: string): Promise<UnitOutcome[]> {
  assertRecoveryKey(privateKeyPem)
  return forEachUnit(data, async (paths) => {
    if (await opens(paths, secrets, log)) return 'opens'
    try {
      await recoverUnitKey(paths, privateKeyPem, secrets, log)
      return 'recovered'
    } catch (error) {
      if (AppError.is(error, 'local-key-lost')) return 'key-does-not-fit'
      throw error
    }
  })
}

/**
 * Where the recovery key is lost as well: puts every unit that does not open aside, for the day the key is found. What had
 * not reached the central service is not on this machine's list until then.
 */
export async function setLostUnitsAside({ data, secrets, log }: RecoveryPorts, clock: Clock): Promise<UnitOutcome[]> {
  return forEachUnit(data, async (paths) => {
    if (await opens(paths, secrets, log)) return 'opens'
    setUnitAside(paths, clock)
    return 'set-aside'
  })
}

async function forEachUnit(data: string, task: (paths: UnitPaths) => Promise<UnitOutcome['outcome']>): Promise<UnitOutcome[]> {
  const outcomes: UnitOutcome[] = []
  for (const organizationId of unitsIn(data)) outcomes.push({ organizationId, outcome: await task(unitPaths(data, organizationId)) })
  return outcomes
}

function unitsIn(data: string): string[] {
  const directory = join(data, 'units')
  if (!existsSync(directory)) return []
  const ids = new Set(readdirSync(directory).flatMap((name) => /^([\w-]+)\.(?:db|key\.json|backups)$/.exec(name)?.[1] ?? []))
  // Backups alone are no unit: there would be nothing to open them with, and a key would be made for them.
  const isUnit = (paths: UnitPaths) => [paths.database, paths.envelope, copyOf(paths)].some((path) => existsSync(path))
  return [...ids].filter((id) => isUnit(unitPaths(data, id))).sort()
}

async function opens(paths: UnitPaths, secrets: SecretStore, log: Log | undefined): Promise<boolean> {
  try {
    await openUnitKey(paths, secrets, null, log)
    return true
  } catch (error) {
    if (AppError.is(error, 'local-key-lost')) return false
    throw error
  }
}

function assertRecoveryKey(pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return
  } catch (error) {
    throw new TypeError('这不是可用的恢复密钥：应为RSA私钥（PEM，不带口令）。', { cause: error })
  }
  throw new TypeError('这不是可用的恢复密钥：应为RSA私钥（PEM，不带口令）。')
}
