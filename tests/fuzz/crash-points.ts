import type { CrashPoint } from './messages.ts'

interface Statement {
  readonly readonly: boolean
  run(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown
}

interface Connection {
  readonly inTransaction: boolean
  prepare(sql: string): Statement
}

/**
 * Lets this process die by its own kill -9 right before or right after a commit that is to come: the moments between
 * two commits are too short to be met from outside.
 * @param prototype of the SQLite connections whose commits count
 * @returns sets the moment
 */
export function countCommits(prototype: Connection): (point: CrashPoint) => void {
  let awaited: CrashPoint | undefined
  const original = prototype.prepare

  function commit(when: CrashPoint['when']): void {
    if (awaited?.when !== when) return
    if (awaited.commits > 1) awaited = { when, commits: awaited.commits - 1 }
    else process.kill(process.pid, 'SIGKILL')
  }

  prototype.prepare = function (this: Connection, sql: string) {
    const statement = original.call(this, sql)
    if (statement.readonly && !/^\s*commit/i.test(sql)) return statement
    const ends = /^\s*commit/i.test(sql)
    const counted = (run: (...parameters: unknown[]) => unknown) => (...parameters: unknown[]) => {
      // A write outside of a transaction is one by itself.
      const commits = ends || (!this.inTransaction && !/^\s*(begin|rollback|savepoint|release)/i.test(sql))
      if (commits) commit('before')
      const result = run(...parameters)
      if (commits) commit('after')
      return result
    }
    statement.run = counted(statement.run.bind(statement))
    statement.all = counted(statement.all.bind(statement))
    return statement
  }
  return (point) => void (awaited = point)
}
