import { safeStorage } from 'electron'

/**
 * Refuses to start without a real secret store: on Linux without a keyring Chromium "encrypts" with a password that is
 * in its source.
 * @throws Error
 */
export async function requireSecretStore(): Promise<void> {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'system'
  const real = backend !== 'basic_text' && backend !== 'unknown'
  if (!real || !(await safeStorage.isAsyncEncryptionAvailable())) {
    throw new Error(`this system offers no secret store to keep the data keys in (${backend})`)
  }
}

/** Both ways as base64: safeStorage seals text. */
export const secretServices = {
  seal: async ({ plain }: { plain: string }) => {
    await requireSecretStore()
    return { sealed: (await safeStorage.encryptStringAsync(plain)).toString('base64') }
  },
  unseal: async ({ sealed }: { sealed: string }) => {
    return { plain: (await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result }
  },
}
