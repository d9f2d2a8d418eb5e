import { constants, createPublicKey, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { SecretStore } from '../ports.ts'
import { writeDurably } from './durable-file.ts'

/**
 * The key of a unit's local file, wrapped twice: by the shell's secret store for daily use, and by the unit's recovery
 * key, whose private half the unit keeps offline, for the day the Windows profile is lost.
 */
const envelopeSchema = v.strictObject({
  format: v.literal(1),
  /** base64; the key sealed by the secret store named here. */
  sealed: v.string(),
  secretBackend: v.string(),
  /** base64; RSA-OAEP SHA-256 under the recovery key; null until the central service has told its public half. */
  recovery: v.nullable(v.string()),
})
type Envelope = v.InferOutput<typeof envelopeSchema>

export interface UnitPaths {
  readonly database: string
  readonly envelope: string
  readonly backups: string
}

export function unitPaths(dataDirectory: string, organizationId: string): UnitPaths {
  const directory = join(dataDirectory, 'units')
  return {
    database: join(directory, `${organizationId}.db`),
    envelope: join(directory, `${organizationId}.key.json`),
    backups: join(directory, `${organizationId}.backups`),
  }
}

/**
 * The key of a unit's file, made at its first use on this machine.
 * @param recoveryPublicKey SPKI PEM as the central service tells it; null while it cannot be asked
 * @throws AppError local-key-lost where the secret store cannot open it, or where a file stands without its envelope;
 *   nothing is created over what is there
 */
export async function openUnitKey(paths: UnitPaths, secrets: SecretStore, recoveryPublicKey: string | null): Promise<Uint8Array> {
  mkdirSync(join(paths.envelope, '..'), { recursive: true, mode: 0o700 })
  const envelope = readEnvelope(paths.envelope)
  if (envelope) {
    const key = await unseal(envelope, secrets)
    if (envelope.recovery === null && recoveryPublicKey) writeEnvelope(paths.envelope, { ...envelope, recovery: wrapForRecovery(key, recoveryPublicKey) })
    return key
  }
  if (existsSync(paths.database)) throw new AppError('local-key-lost')
  const key = randomBytes(32)
  writeEnvelope(paths.envelope, {
    format: 1,
    sealed: Buffer.from(await secrets.seal(key)).toString('base64'),
    secretBackend: secrets.backend,
    recovery: recoveryPublicKey ? wrapForRecovery(key, recoveryPublicKey) : null,
  })
  return key
}

/**
 * Makes a unit's file readable again for this user of this machine, with the unit's recovery key.
 * @throws AppError local-key-lost where there is no recovery wrap or the private key does not fit
 */
export async function recoverUnitKey(paths: UnitPaths, recoveryPrivateKeyPem: string, secrets: SecretStore): Promise<void> {
  const envelope = readEnvelope(paths.envelope)
  if (!envelope?.recovery) throw new AppError('local-key-lost')
  const key = unwrapByRecovery(envelope.recovery, recoveryPrivateKeyPem)
  const sealed = Buffer.from(await secrets.seal(key)).toString('base64')
  writeEnvelope(paths.envelope, { ...envelope, sealed, secretBackend: secrets.backend })
}

function unwrapByRecovery(wrapped: string, privateKeyPem: string): Uint8Array {
  try {
    return privateDecrypt({ key: privateKeyPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(wrapped, 'base64'))
  } catch (error) {
    throw new AppError('local-key-lost', {}, { cause: error })
  }
}

function wrapForRecovery(key: Uint8Array, publicKeyPem: string): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return publicEncrypt({ key: createPublicKey(publicKeyPem), padding, oaepHash: 'sha256' }, key).toString('base64')
}

async function unseal(envelope: Envelope, secrets: SecretStore): Promise<Uint8Array> {
  try {
    const key = await secrets.unseal(Buffer.from(envelope.sealed, 'base64'))
    if (key.length !== 32) throw new RangeError('a database key has 32 bytes')
    return key
  } catch (error) {
    throw new AppError('local-key-lost', {}, { cause: error })
  }
}

function readEnvelope(path: string): Envelope | undefined {
  if (!existsSync(path)) return undefined
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), envelopeSchema), readFileSync(path, 'utf8'))
  if (!parsed.success) throw new AppError('local-key-lost')
  return parsed.output
}

function writeEnvelope(path: string, envelope: Envelope): void {
  writeDurably(path, Buffer.from(JSON.stringify(envelope)))
}
