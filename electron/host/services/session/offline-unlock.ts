import { createPublicKey, randomBytes, scrypt, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Account, Organization } from '../../../../shared/contract/common.ts'
import { signedStatementText, type SignedStatement } from '../../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'

/** How long a workstation may be used without the central service after the last online sign-in. */
export const offlineDays = 7
/** A clock may run this far behind the server's, or behind what it showed before, until it counts as set back, in ms. */
export const clockSlack = 5 * 60_000
const day = 86_400_000

/** What an online sign-in leaves behind for one account on this device. Kept sealed by the shell's secret store. */
export interface OfflinePass {
  readonly account: Account
  readonly organization: Organization
  /** The certificate that signed in last; null where only the password was used. */
  readonly certificate: (SignedInOnline & { readonly sha256: string; readonly spki: string; readonly isOfOne?: boolean }) | null
  /** scrypt verifier of the password; null where only the CA lock was used. */
  readonly password: (SignedInOnline & PasswordVerifier) | null
}

/** When a way of signing in was last heard to be good. Each has its own seven days: one does not vouch for the other. */
export interface SignedInOnline {
  /** ISO instant by this machine's clock. */
  readonly lastOnlineAt: string
  /** ISO instant of the central service's clock at that moment. */
  readonly serverTime: string
}

export interface PasswordVerifier {
  readonly salt: string
  readonly hash: string
}

/** The earlier of the two clocks counts: one that ran a year ahead at the sign-in must not give a year. */
export function passEnds(online: SignedInOnline): Date {
  return new Date(Math.min(Date.parse(online.lastOnlineAt), Date.parse(online.serverTime)) + offlineDays * day)
}

/**
 * Until when what was left at that sign-in holds.
 * @throws AppError offline-unlock-expired after 7 days, offline-clock-back where the clock was set back
 */
export function offlineUntil(online: SignedInOnline, now: Date): Date {
  const until = passEnds(online)
  if (now.getTime() < Date.parse(online.serverTime) - clockSlack) throw new AppError('offline-clock-back')
  if (now > until) throw new AppError('offline-unlock-expired', { days: offlineDays })
  return until
}

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)
// About 100 ms and 64 MB a guess on an office PC. Electron's crypto has no argon2 (docs/adr).
const cost = { N: 1 << 16, r: 8, p: 1, maxmem: 128 << 20 }

export async function makePasswordVerifier(password: string): Promise<PasswordVerifier> {
  const salt = randomBytes(16)
  return { salt: salt.toString('base64url'), hash: (await scryptAsync(password, salt, 32, cost)).toString('base64url') }
}

export async function passwordMatches(password: string, verifier: PasswordVerifier): Promise<boolean> {
  const expected = Buffer.from(verifier.hash, 'base64url')
  return timingSafeEqual(await scryptAsync(password, Buffer.from(verifier.salt, 'base64url'), expected.length, cost), expected)
}

/** A statement that no central service would take for a sign-in: another audience and another purpose. */
export function offlineStatement(deviceId: string): Omit<SignedStatement, 'certificateSha256' | 'alg'> {
  return {
    audience: 'workstation-offline-unlock',
    cid: randomBytes(12).toString('base64url'),
    nonce: randomBytes(32).toString('base64url'),
    deviceId,
    purpose: 'unlock',
  }
}

/** Checks a signature against the public key kept at the last online sign-in. SM2 locks cannot unlock offline yet. */
export function offlineSignatureHolds(statement: SignedStatement, signature: string, spki: string): boolean {
  const key: KeyObject = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' })
  const data = Buffer.from(signedStatementText(statement))
  const bytes = Buffer.from(signature, 'base64url')
  if (statement.alg === 'RS256') return key.asymmetricKeyType === 'rsa' && verify('sha256', data, key, bytes)
  if (statement.alg === 'ES256') {
    return key.asymmetricKeyType === 'ec' && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, bytes)
  }
  return false
}
