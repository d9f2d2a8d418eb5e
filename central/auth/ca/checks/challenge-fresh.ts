import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Challenge } from './challenge-known.ts'

/** Seconds. The PIN comes before the challenge, so signing is all that happens in between. */
export const challengeSeconds = 120

export function checkChallengeFresh(challenge: Challenge, now: Date): void {
  if (now >= challenge.expiresAt) throw new AppError('challenge-expired')
}
