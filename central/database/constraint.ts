const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** True where a write hit a unique index, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  return ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error))
}

/** True where a row names another that does not exist. */
export function isForeignKeyViolation(error: unknown): boolean {
  return ['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'].includes(codeOf(error))
}

/** True where the database asks for another attempt: a deadlock, a lost serialisation, a file that is being written. */
export function isTransient(error: unknown): boolean {
  return /^(40001|40P01|SQLITE_BUSY(_\w+)?)$/.test(codeOf(error)) || isStaleStatement(error)
}

/** True where PostgreSQL would answer a statement that it knows with other columns than before. */
export function isStaleStatement(error: unknown): boolean {
  return codeOf(error) === '0A000' && (error as { routine?: unknown }).routine === 'RevalidateCachedQuery'
}

/** True where PostgreSQL gave up waiting for a row that another transaction holds. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03'
}

/** PostgreSQL 08 connection, 53 resources, 57P shutdown, 57014 timeout, 25006 read-only as a standby is, 58030 a disk that does not answer; then the way to it. */
const postgresUnavailable = /^(08\w{3}|53\w{3}|57P0\d|57014|55P03|25006|58030|ECONNREFUSED|ECONNRESET|ENOTFOUND|ENOENT|ETIMEDOUT|EPIPE|EAI_AGAIN)$/
/** A disk that is full, over its quota, gone read-only, or does not answer. */
const diskUnavailable = /^SQLITE_(FULL|READONLY|CANTOPEN|IOERR)(_\w+)?$/

/** True where the database cannot be had right now, so that the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (isTransient(error) || postgresUnavailable.test(codeOf(error)) || diskUnavailable.test(codeOf(error))) return true
  // A quota has no code of its own in PostgreSQL; the place in its source is the same in every language.
  if (codeOf(error) === 'XX000' && (error as { routine?: unknown }).routine === 'mdextend') return true
  // The driver gives these no code.
  return error instanceof Error && /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/.test(error.message)
}
