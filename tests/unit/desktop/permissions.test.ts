import { beforeAll, describe, expect, it } from 'vitest'
import type { Session } from 'electron'
import { restrictPermissions } from '../../../electron/desktop/permissions.ts'
import { seen, session } from '../../support/fake-electron.ts'

beforeAll(() => restrictPermissions(session.defaultSession as unknown as Session))

const ownPage = 'app://bundle/index.html'

function ask(permission: string, requestingUrl: string, mediaTypes?: string[], isMainFrame = true): boolean {
  let answer = false
  const details = { isMainFrame, requestingUrl, ...(mediaTypes && { mediaTypes }) }
  seen.request!({}, permission, (granted) => (answer = granted), details)
  return answer
}

describe('permissions', () => {
  it('let our own page see the camera and notify', () => {
    expect(ask('media', ownPage, ['video'])).toBe(true)
    expect(ask('notifications', ownPage)).toBe(true)
    expect(seen.check!(null, 'media', 'app://bundle', { mediaType: 'video' })).toBe(true)
    expect(seen.check!(null, 'notifications', 'app://bundle', {})).toBe(true)
  })

  it('never include the microphone', () => {
    expect(ask('media', ownPage, ['audio'])).toBe(false)
    expect(ask('media', ownPage, ['video', 'audio'])).toBe(false)
    expect(ask('media', ownPage, [])).toBe(false)
    expect(seen.check!(null, 'media', 'app://bundle', { mediaType: 'audio' })).toBe(false)
  })

  it.each(['geolocation', 'usb', 'serial', 'hid', 'clipboard-read', 'display-capture', 'openExternal', 'midi', 'fullscreen', 'unknown'])(
    'are denied by default: %s',
    (permission) => {
      expect(ask(permission, ownPage)).toBe(false)
      expect(seen.check!(null, permission, 'app://bundle', {})).toBe(false)
    },
  )

  it('are denied to every other origin and to frames', () => {
    expect(ask('media', 'https://evil.example/', ['video'])).toBe(false)
    expect(ask('notifications', 'app://bundle.evil/')).toBe(false)
    expect(ask('media', ownPage, ['video'], false)).toBe(false)
    expect(seen.check!(null, 'notifications', 'https://evil.example', {})).toBe(false)
  })

  it('hand out no device', () => {
    expect(seen.device!()).toBe(false)
  })
})
