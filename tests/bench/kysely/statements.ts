/** What the two editions of better-sqlite3 have in common here. */
export interface RawFile {
  prepare(sql: string): RawStatement
}

export interface RawStatement {
  readonly reader: boolean
  run(...values: unknown[]): unknown
  get(...values: unknown[]): unknown
  all(...values: unknown[]): unknown[]
}

/**
 * The texts that a task prepares, once each: what its raw peer prepares as well, so that both run the same SQL. It has to be
 * the task's first run on its file, as later ones use the statements that are kept.
 * @param file the file, or the prototype of all of them
 */
export async function textsPreparedBy(file: RawFile, task: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = []
  const { prepare } = file
  file.prepare = function (this: RawFile, sql) {
    texts.push(sql)
    return prepare.call(this, sql)
  }
  try {
    await task()
  } finally {
    file.prepare = prepare
  }
  return texts
}

/** The text that begins with and holds what is said. @throws Error where not exactly one does */
export function textWith(texts: readonly string[], start: string, part = ''): string {
  const found = texts.filter((sql) => sql.startsWith(start) && sql.includes(part))
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} statements are like ${start} … ${part}:\n${texts.join('\n')}`)
  return only
}
