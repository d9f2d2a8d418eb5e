import { constants } from 'node:os'
import { AppError } from '../../../shared/errors/app-error.ts'

/** What a full disk says, as what the unit reads; undefined for anything else. A quota has no name among Node's codes. */
export function diskFull(error: unknown): AppError | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException
  return code === 'ENOSPC' || errno === -constants.errno.EDQUOT ? new AppError('attachment-disk-full', {}, { cause: error }) : undefined
}
