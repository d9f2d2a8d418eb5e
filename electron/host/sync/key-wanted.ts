import { errorTable, type ErrorCode } from '../../../shared/errors/codes.ts'

/**
 * True where a push went no further than the CA lock that was to sign it: none is open, it failed, or the central service
 * refused the signature for good, and with it the whole push. The line is not down, nothing was written, and the clerk has to see to it.
 */
export function isAboutKey(code: ErrorCode): boolean {
  return code === 'submission-needs-key' || code === 'submission-not-signed' || code.startsWith('key-') || (code.startsWith('ca-') && !errorTable[code].retriable)
}
