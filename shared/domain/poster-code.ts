/**
 * The short code that a project's poster carries: 50 random bits as ten characters of Crockford's base 32. It says nothing and cannot
 * be guessed; what it stands for only the central service knows (ADR 0041).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export const posterCodeLength = 10
const oneSpelling = new RegExp(`^[${alphabet}]{${posterCodeLength}}$`)

/** Whether this is a code in its one spelling; as typed see readPosterCode. */
export const isPosterCode = (text: string): boolean => oneSpelling.test(text)

/** Days for which a code is good where the operator does not say otherwise. */
export const usualPosterDays = 180

/** Of one PDF, and of one request for codes. */
export const mostPosters = 200

/** @param random as many bytes as the code has characters; of each five bits are used, so every code is as likely */
export function makePosterCode(random: Uint8Array): string {
  return Array.from(random.subarray(0, posterCodeLength), (byte) => alphabet[byte & 31]).join('')
}

/**
 * Reads a code as somebody copies it from paper: small letters, full-width ones, blanks and hyphens in between, O for 0, I and L
 * for 1 (Crockford leaves those letters out).
 * @returns its one spelling, null where it is none
 */
export function readPosterCode(typed: string): string | null {
  const code = typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1')
  return isPosterCode(code) ? code : null
}

/** `7K3-M9Q-X2TB`, for reading aloud and copying. */
export const groupPosterCode = (code: string): string => `${code.slice(0, 3)}-${code.slice(3, 6)}-${code.slice(6)}`

/** Where the phone page of a code is found, below the central service's public address. */
export const posterPath = '/W/'

/**
 * What the QR code of a poster holds. In capitals throughout, so that it fits QR's alphanumeric mode, which needs two thirds of the
 * room: scheme and host are the same in either case (RFC 3986, 6.2.2.1), and the path is served in capitals.
 * @param publicUrl origin, as `isPosterOrigin` wants it
 */
export const posterUrl = (publicUrl: string, code: string): string => `${publicUrl.toUpperCase()}${posterPath}${code}`

/** A longer origin makes finer modules than phones read at the distances that posters are made for (poster-paper.ts): version 5 at level Q holds 87 characters. */
export const longestPosterOrigin = 87 - posterPath.length - posterCodeLength

/** Whether an address is an origin that can stand in QR's alphanumeric mode. Brackets of IPv6 cannot. */
export const isPosterOrigin = (text: string): boolean => text.length <= longestPosterOrigin && /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i.test(text)

/** Why no code is to be had for a project, or why the one that was had is not good any more. */
export const posterCodeEnds = ['expired', 'revoked', 'project-closed'] as const
export type PosterCodeEnd = (typeof posterCodeEnds)[number]
