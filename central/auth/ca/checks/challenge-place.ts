import { AppError } from '../../../../shared/errors/app-error.ts'
import { equalHashes, sha256Hex } from '../../hashes.ts'
import type { Challenge } from './challenge-known.ts'

/** The answer must come from where the challenge went: the same workstation over the same cookie. */
export function checkChallengePlace(challenge: Challenge, deviceId: string, connectionCookie: string | undefined): void {
  const sameDevice = challenge.deviceId === deviceId
  const sameConnection = connectionCookie !== undefined && equalHashes(sha256Hex(connectionCookie), challenge.connectionHash)
  if (!sameDevice || !sameConnection) throw new AppError('challenge-wrong-device')
}
