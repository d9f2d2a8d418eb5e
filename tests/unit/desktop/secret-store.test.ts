import { afterEach, describe, expect, it, vi } from 'vitest'
import { requireSecretStore, secretServices } from '../../../electron/desktop/secrets.ts'
import { seen } from '../../support/fake-electron.ts'

afterEach(() => {
  seen.storageBackend = 'gnome_libsecret'
  vi.restoreAllMocks()
})

const onPlatform = (platform: NodeJS.Platform) => vi.spyOn(process, 'platform', 'get').mockReturnValue(platform)

describe('the secret store', () => {
  it.each(['basic_text', 'unknown'])('refuses a Linux without a keyring (%s): its password stands in Chromium’s source', async (backend) => {
    onPlatform('linux')
    seen.storageBackend = backend
    await expect(requireSecretStore()).rejects.toThrow(backend)
    await expect(secretServices.seal({ plain: 'a2V5' })).rejects.toThrow(backend)
  })

  it('takes what Windows and a real keyring offer', async () => {
    onPlatform('win32')
    seen.storageBackend = 'unknown'
    await requireSecretStore()
    onPlatform('linux')
    seen.storageBackend = 'kwallet6'
    await requireSecretStore()
  })
})
