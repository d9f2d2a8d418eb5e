import { constants, createHash, createHmac, createPublicKey, privateDecrypt, publicEncrypt, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Clock, Log, SecretStore } from '../ports.ts'
import { setAside, stampOf } from './backups.ts'
import { readEnvelope, storeEnvelope, type Envelope } from './key-envelope.ts'

export interface UnitPaths {
  readonly database: string
  readonly envelope: string
  readonly backups: string
  /** Folder of the attachments' files, each sealed under a key of its own that comes of the unit's. */
  readonly attachments: string
  /** 人脸数据, in a file of its own under a key of its own (electron/host/faces). */
  readonly faces: { readonly database: string; readonly key: string }
}

export function unitPaths(dataDirectory: string, organizationId: string): UnitPaths {
  const directory = join(dataDirectory, 'units')
  return {
    database: join(directory, `${organizationId}.db`),
    envelope: join(directory, `${organizationId}.key.json`),
    backups: join(directory, `${organizationId}.backups`),
    attachments: join(directory, `${organizationId}.attachments`),
    faces: { database: join(directory, `${organizationId}.faces.db`), key: join(directory, `${organizationId}.faces.key.json`) },
  }
}

/**
 * The key of a unit's file, made at its first use on this machine. It lies beside the file wrapped twice: by the shell's
 * secret store for daily use, and by the unit's recovery key, whose private half the unit keeps offline, for the day the
 * Windows profile is lost.
 * @param recoveryPublicKey SPKI PEM as the central service tells it; null while it cannot be asked
 * @throws AppError local-key-lost where the secret store cannot open it, where what it opens is another key, or where a
 *   file stands without its envelope; nothing is created over what is there
 */
export async function openUnitKey(paths: UnitPaths, secrets: SecretStore, recoveryPublicKey: string | null, log?: Log): Promise<Uint8Array> {
  mkdirSync(dirname(paths.envelope), { recursive: true, mode: 0o700 })
  const recoveryKey = readRecoveryKey(recoveryPublicKey, log)
  const envelope = readEnvelope(paths, log)
  if (envelope) {
    const key = await unseal(envelope, secrets)
    // Also where the unit has a new recovery key: the old one may be the reason for it.
    const isNew = recoveryKey && envelope.recovery?.keySha256 !== fingerprint(recoveryKey)
    try {
      storeEnvelope(paths, isNew ? { ...envelope, recovery: wrapForRecovery(key, recoveryKey) } : envelope, log)
    } catch (error) {
      // The key is good: a full disk must not shut its unit. Tried again at the next opening.
      log?.error('key file not brought up to date', error)
    }
    return key
  }
  if (existsSync(paths.database)) throw new AppError('local-key-lost')
  const key = randomBytes(32)
  const wrapped = { sealed: await seal(key, secrets), secretBackend: secrets.backend, check: checkOf(key) }
  storeEnvelope(paths, { ...wrapped, recovery: recoveryKey ? wrapForRecovery(key, recoveryKey) : null }, log)
  return key
}

/**
 * Makes a unit's file readable again for this user of this machine, with the unit's recovery key. The file itself is not
 * touched.
 * @throws AppError local-key-lost where there is no recovery wrap or the private key does not fit
 */
export async function recoverUnitKey(paths: UnitPaths, recoveryPrivateKeyPem: string, secrets: SecretStore, log?: Log): Promise<void> {
  const envelope = readEnvelope(paths, log)
  if (!envelope?.recovery) throw new AppError('local-key-lost')
  const key = unwrapByRecovery(envelope.recovery.wrapped, recoveryPrivateKeyPem)
  if (checkOf(key) !== envelope.check) throw new AppError('local-key-lost')
  storeEnvelope(paths, { ...envelope, sealed: await seal(key, secrets), secretBackend: secrets.backend }, log)
}

/**
 * Where the key is lost and no recovery key can be had: puts file, envelope, attachments, faces and backups aside together under one stamp,
 * so that the unit begins anew from the central service and the old file can still be recovered later.
 */
export function setUnitAside(paths: UnitPaths, clock: Clock): void {
  const stamp = stampOf(clock.now())
  // A rebuild cut off half-way has the old key: it must not come to stand under a new one. The backups go first, for their
  // copy of the envelope would bring the old key back; what a kill leaves behind, the next call finds by its name.
  for (const path of [paths.backups, `${paths.database}.rebuilt`, paths.attachments, paths.faces.key, paths.faces.database, paths.database, paths.envelope]) setAside(path, 'locked', stamp)
}

/** A recovery key that cannot be read must not keep the clerk from working. */
function readRecoveryKey(pem: string | null, log: Log | undefined): KeyObject | null {
  if (!pem) return null
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) throw new TypeError('a recovery key is RSA of 2048 bits or more')
    return key
  } catch (error) {
    log?.error('recovery key of the unit cannot be used', error)
    return null
  }
}

function unwrapByRecovery(wrapped: string, privateKeyPem: string): Uint8Array {
  try {
    return privateDecrypt({ key: privateKeyPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(wrapped, 'base64'))
  } catch (error) {
    throw new AppError('local-key-lost', {}, { cause: error })
  }
}

function wrapForRecovery(key: Uint8Array, publicKey: KeyObject): NonNullable<Envelope['recovery']> {
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, key)
  return { wrapped: wrapped.toString('base64'), keySha256: fingerprint(publicKey) }
}

function fingerprint(key: KeyObject): string {
  return createHash('sha256').update(key.export({ format: 'der', type: 'spki' })).digest('hex')
}

function checkOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('unit key check v1').digest('base64')
}

async function seal(key: Uint8Array, secrets: SecretStore): Promise<string> {
  return Buffer.from(await secrets.seal(key)).toString('base64')
}

async function unseal(envelope: Envelope, secrets: SecretStore): Promise<Uint8Array> {
  try {
    const key = await secrets.unseal(Buffer.from(envelope.sealed, 'base64'))
    if (!timingSafeEqual(Buffer.from(checkOf(key)), Buffer.from(envelope.check))) throw new RangeError('not the key of this unit')
    return key
  } catch (error) {
    throw new AppError('local-key-lost', {}, { cause: error })
  }
}
