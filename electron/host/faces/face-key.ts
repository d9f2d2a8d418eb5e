import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { writeDurably } from '../database/durable-file.ts'
import type { Log, SecretStore } from '../ports.ts'

const keyFileSchema = v.pipe(v.string(), v.parseJson(), v.strictObject({ format: v.literal(1), sealed: v.string(), secretBackend: v.string(), check: v.string() }))

/**
 * The key of a unit's face file, which lies beside it sealed by the secret store and in no other way: neither the unit's recovery key nor a
 * backup opens a face (ADR 0046).
 * @returns 'missing' where there is none, 'lost' where this user of this machine cannot open it
 */
export async function readFaceKey(path: string, secrets: SecretStore, log: Log): Promise<Uint8Array | 'missing' | 'lost'> {
  if (!existsSync(path)) return 'missing'
  try {
    const { sealed, check } = v.parse(keyFileSchema, readFileSync(path, 'utf8'))
    const key = await secrets.unseal(Buffer.from(sealed, 'base64'))
    if (!timingSafeEqual(Buffer.from(checkOf(key)), Buffer.from(check))) throw new RangeError('not the key of this file')
    return key
  } catch (error) {
    log.error('key of the face file cannot be opened', error)
    return 'lost'
  }
}

/** @throws AppError local-full, local-read-only */
export async function makeFaceKey(path: string, secrets: SecretStore): Promise<Uint8Array> {
  const key = randomBytes(32)
  const sealed = Buffer.from(await secrets.seal(key)).toString('base64')
  writeDurably(path, Buffer.from(JSON.stringify({ format: 1, sealed, secretBackend: secrets.backend, check: checkOf(key) })))
  return key
}

/** Tells that two numbers are the same, to whoever has the key. */
export function numberHasher(key: Uint8Array): (idCardNo: string) => string {
  const own = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'id card number', 32))
  return (idCardNo) => createHmac('sha256', own).update(idCardNo.toUpperCase()).digest('base64')
}

function checkOf(key: Uint8Array): string {
  return createHmac('sha256', key).update('face key check v1').digest('base64')
}
