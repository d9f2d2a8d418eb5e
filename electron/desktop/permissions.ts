import type { Session } from 'electron'
import { isOwnPage } from './origin.ts'

/** Everything is denied but the camera's picture and notifications, and those to our own page alone. */
export function restrictPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    answer(details.isMainFrame && isOwnPage(details.requestingUrl) && permits(permission, media))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return isOwnPage(origin) && permits(permission, details.mediaType ? [details.mediaType] : [])
  })
  session.setDevicePermissionHandler(() => false)
}

function permits(permission: string, media: readonly string[]): boolean {
  if (permission === 'notifications') return true
  // Face enrolment needs the picture; nothing needs the microphone.
  return permission === 'media' && media.length > 0 && media.every((type) => type === 'video')
}
