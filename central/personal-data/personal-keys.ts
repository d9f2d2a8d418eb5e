import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import * as v from 'valibot'

const key32 = v.pipe(v.string(), v.base64(), v.check((text) => Buffer.from(text, 'base64').length === 32, 'a key has 32 bytes'))

const fileSchema = v.strictObject({
  /** The key that seals; the others only open. */
  current: v.pipe(v.string(), v.regex(/^k\d+$/)),
  keys: v.record(v.pipe(v.string(), v.regex(/^k\d+$/)), key32),
  /** For keyed hashes. Never changes: every hash would have to be made anew from its number. */
  hashKey: key32,
})

export interface PersonalKeys {
  readonly current: string
  readonly keys: ReadonlyMap<string, Buffer>
  readonly hashKey: Buffer
}

/**
 * Reads the keys that protect personal columns, making the file at the very first start.
 * @throws Error where others can read the file, or it is not such a file; never with anything of what it holds
 */
export function readOrMakePersonalKeys(path: string): PersonalKeys {
  if (!existsSync(path)) makeFile(path)
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) throw new Error(`CENTRAL_KEYS：${path} 可被其他用户读取，请先执行：chmod 600 ${path}`)
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), fileSchema), readFileSync(path, 'utf8'))
  const notKeys = () => new Error(`CENTRAL_KEYS：${path} 不是密钥文件。`)
  if (!parsed.success) throw notKeys()
  const { current, keys: texts, hashKey } = parsed.output
  const keys = new Map(Object.entries(texts).map(([id, text]) => [id, Buffer.from(text, 'base64')]))
  if (!keys.has(current)) throw notKeys()
  return { current, keys, hashKey: Buffer.from(hashKey, 'base64') }
}

/**
 * Adds a key and makes it the one that seals. The earlier ones stay: they open what is not sealed anew yet, and backups.
 * @returns its name
 * @throws Error as readOrMakePersonalKeys, and where there is no file
 */
export function addPersonalKey(path: string): string {
  if (!existsSync(path)) throw new Error(`CENTRAL_KEYS：没有 ${path}。`)
  const { keys, hashKey } = readOrMakePersonalKeys(path)
  const current = `k${Math.max(...[...keys.keys()].map((id) => Number(id.slice(1)))) + 1}`
  const texts = Object.fromEntries([...keys].map(([id, key]) => [id, key.toString('base64')]))
  const part = writePart(path, { current, keys: { ...texts, [current]: fresh() }, hashKey: hashKey.toString('base64') })
  renameSync(part, path)
  return current
}

/** Whole or not at all; of two processes that start together, one makes it and both use it. */
function makeFile(path: string): void {
  const part = writePart(path, { current: 'k1', keys: { k1: fresh() }, hashKey: fresh() })
  try {
    linkSync(part, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(part)
  }
}

const fresh = () => randomBytes(32).toString('base64')

/** Durable, beside the file that it is to become. */
function writePart(path: string, content: v.InferInput<typeof fileSchema>): string {
  const part = `${path}.${randomBytes(6).toString('hex')}`
  const file = openSync(part, 'wx', 0o600)
  try {
    writeSync(file, JSON.stringify(content, null, 2))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return part
}
