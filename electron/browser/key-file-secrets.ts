import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmod, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecretStore } from '../host/ports.ts'

/**
 * The browser shell's stand-in for the system's secret store: AES-256-GCM under a key in a 0600 file. It keeps other
 * users of the machine out, not other programs of the same user; the start says so.
 */
export async function openKeyFileSecrets(directory: string): Promise<SecretStore> {
  const key = await readOrMakeKey(join(directory, 'secret-store.key'))
  return {
    backend: 'keyfile',
    seal: async (plain) => {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    unseal: async (sealed) => {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    },
  }
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const key = randomBytes(32)
      await file.writeFile(key)
      await file.sync()
      return key
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    await chmod(path, 0o600)
    const key = await readFile(path)
    if (key.length !== 32) throw new Error(`${path} is not a key of 32 bytes`)
    return key
  }
}
