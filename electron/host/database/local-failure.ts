import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'

const codes: readonly (readonly [prefix: string, code: ErrorCode])[] = [
  ['SQLITE_FULL', 'local-full'],
  ['SQLITE_IOERR_WRITE', 'local-full'],
  // The index of the journal gets its first blocks when the file is opened.
  ['SQLITE_IOERR_SHMSIZE', 'local-full'],
  ['SQLITE_READONLY', 'local-read-only'],
  ['SQLITE_CANTOPEN', 'local-read-only'],
  ['SQLITE_PERM', 'local-read-only'],
  ['SQLITE_BUSY', 'local-busy'],
  ['SQLITE_LOCKED', 'local-busy'],
  ['SQLITE_CORRUPT', 'local-damaged'],
  ['SQLITE_NOTADB', 'local-damaged'],
  ['SQLITE_IOERR_CORRUPTFS', 'local-damaged'],
  // The disk did not answer this time. The file may be whole: it is not taken for damaged.
  ['SQLITE_IOERR', 'local-busy'],
  // Of the small files beside it, as the system says it.
  ['ENOSPC', 'local-full'],
  ['EDQUOT', 'local-full'],
  ['EACCES', 'local-read-only'],
  ['EPERM', 'local-read-only'],
  ['EROFS', 'local-read-only'],
]

/** What a failure of the local file, or of one beside it, means for the clerk; undefined where it is none. */
export function localFailure(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  const raw = (error as { code?: unknown } | null)?.code
  if (typeof raw !== 'string') return undefined
  const code = codes.find(([prefix]) => raw.startsWith(prefix))?.[1]
  return code ? new AppError(code, raw.startsWith('SQLITE_') ? { sqlite: raw } : { system: raw }, { cause: error }) : undefined
}
