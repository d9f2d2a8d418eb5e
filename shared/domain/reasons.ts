import type { ErrorCode } from '../errors/codes.ts'

/** Characters of a reason that somebody gives in their own words. */
export const reasonMaxLength = 200

/**
 * What is wrong with a reason in somebody's own words; null: nothing. It is read by others and kept, so no number that
 * belongs to a person may stand in it: eight digits in a row are the beginning of a phone or ID number, or a birth date.
 */
export function reasonProblem(text: string): Extract<ErrorCode, 'reason-missing' | 'reason-too-long' | 'reason-has-number'> | null {
  const said = text.trim()
  if (said === '') return 'reason-missing'
  if (said.length > reasonMaxLength) return 'reason-too-long'
  return /\d{8}/.test(said.normalize('NFKC').replace(/[\s\-–—.·]/g, '')) ? 'reason-has-number' : null
}
