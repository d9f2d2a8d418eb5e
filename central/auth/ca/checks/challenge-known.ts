import { AppError } from '../../../../shared/errors/app-error.ts'

/** A challenge as the service stored it when it gave it out. */
export interface Challenge {
  readonly cid: string
  readonly nonce: string
  readonly deviceId: string
  /** Hex SHA-256 of the cookie that went out with the challenge. */
  readonly connectionHash: string
  readonly expiresAt: Date
}

/** Removes and returns a challenge in one step. */
export type TakeChallenge = (cid: string) => Promise<Challenge | undefined>

/** Taking deletes: whatever comes of this attempt, and however many arrive at once, the nonce is used up. */
export async function takeKnownChallenge(cid: string, take: TakeChallenge): Promise<Challenge> {
  const challenge = await take(cid)
  if (!challenge) throw new AppError('challenge-unknown')
  return challenge
}
