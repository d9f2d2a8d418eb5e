import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Log } from '../ports.ts'
import { setAside, stampOf } from './backups.ts'
import { writeDurably } from './durable-file.ts'

const content = {
  /** base64; the key sealed by the secret store named here. */
  sealed: v.string(),
  secretBackend: v.string(),
  /** base64; tells the unit's key from any other without telling the key. */
  check: v.string(),
  /** base64; RSA-OAEP SHA-256 under the recovery key whose SPKI has this fingerprint; null until the central service has told it. */
  recovery: v.nullable(v.strictObject({ wrapped: v.string(), keySha256: v.string() })),
}
/** Without a digest: damage to what only a recovery would need showed on the day of the recovery. */
const format1Schema = v.strictObject({ format: v.literal(1), ...content })
const format2Schema = v.strictObject({ format: v.literal(2), ...content, digest: v.string() })

export type Envelope = Omit<v.InferOutput<typeof format1Schema>, 'format'>

interface Places {
  readonly envelope: string
  readonly backups: string
}

/** The second one, in the folder that the backups are in: they can be read with no other key. */
export const copyOf = ({ backups }: Places): string => join(backups, 'key.json')

/**
 * What is known of a unit's key. The copy counts only where the file itself is gone or damaged, and takes its place then;
 * the damaged one is put aside. Else the copy is never looked at: it may be the older of the two.
 * @returns undefined where neither is there
 * @throws AppError local-key-lost where neither can be read; both stay as they are
 */
export function readEnvelope(places: Places, log?: Log): Envelope | undefined {
  const own = readFrom(places.envelope)
  if (typeof own === 'object') return own
  const copy = readFrom(copyOf(places))
  if (typeof copy !== 'object') {
    if (own === 'missing' && copy === 'missing') return undefined
    throw new AppError('local-key-lost')
  }
  log?.warn('key file of the unit cannot be used, its copy takes its place', { file: own })
  if (own === 'damaged') setAside(places.envelope, 'damaged', stampOf(statSync(places.envelope).mtime))
  writeDurably(places.envelope, bytesOf(copy))
  return copy
}

/** Both files become this, first the one that counts. Writes nothing where they are it already. */
export function storeEnvelope(places: Places, envelope: Envelope, log?: Log): void {
  const bytes = bytesOf(envelope)
  if (!holds(places.envelope, bytes)) writeDurably(places.envelope, bytes)
  try {
    if (holds(copyOf(places), bytes)) return
    mkdirSync(places.backups, { recursive: true, mode: 0o700 })
    writeDurably(copyOf(places), bytes)
  } catch (error) {
    // The unit opens without it, and the next opening tries again.
    log?.error('copy of the key file of the unit cannot be written', error)
  }
}

/** @throws Error of the system where the file cannot be had for the moment: it may be whole, and newer than its copy */
function readFrom(path: string): Envelope | 'missing' | 'damaged' {
  if (!existsSync(path)) return 'missing'
  const text = textOf(path)
  if (text === undefined) return 'damaged'
  const { success, output: parsed } = v.safeParse(v.pipe(v.string(), v.parseJson(), v.variant('format', [format1Schema, format2Schema])), text)
  if (!success) return 'damaged'
  const { sealed, secretBackend, check, recovery } = parsed
  const envelope = { sealed, secretBackend, check, recovery }
  return parsed.format === 1 || parsed.digest === digestOf(envelope) ? envelope : 'damaged'
}

/** Undefined where the disk has nothing to give. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['EIO', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

function holds(path: string, bytes: Buffer): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes)
}

function bytesOf({ sealed, secretBackend, check, recovery }: Envelope): Buffer {
  const envelope = { sealed, secretBackend, check, recovery }
  return Buffer.from(JSON.stringify({ format: 2, ...envelope, digest: digestOf(envelope) }))
}

function digestOf({ sealed, secretBackend, check, recovery }: Envelope): string {
  const text = JSON.stringify([sealed, secretBackend, check, recovery?.wrapped ?? null, recovery?.keySha256 ?? null])
  return createHash('sha256').update(text).digest('base64')
}
