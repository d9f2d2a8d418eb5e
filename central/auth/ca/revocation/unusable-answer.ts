import { AppError } from '../../../../shared/errors/app-error.ts'
import { DerError } from '../der.ts'

/** What came, or did not come, from a source says nothing either way. The message is for the operator's log. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer'
}

/** Why it is unusable; undefined for a fault of our own, which is nobody's answer. */
export function whyUnusable(error: unknown): string | undefined {
  if (error instanceof UnusableAnswer) return error.message
  if (error instanceof DerError) return `not DER: ${error.message}`
  // A certificate inside it that cannot be read.
  if (error instanceof AppError) return error.code
  return undefined
}
