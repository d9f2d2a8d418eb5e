import { setImmediate as nextTurn } from 'node:timers/promises'
import { CompiledQuery, type Kysely, type Transaction } from 'kysely'

export interface CommitGroup<Tables> {
  /** Runs `task` in a transaction. @returns what it returned, once that is on the disk; @throws what it threw, when nothing of it is left */
  join<T>(task: (trx: Transaction<Tables>) => Promise<T>): Promise<T>
}

interface Member<Tables> {
  /** Never throws. @returns the answer to give once all is on the disk */
  run(trx: Transaction<Tables>): Promise<() => void>
  /** The whole group is lost. */
  lose(error: unknown): void
}

/** So that nobody waits for many others: at half a millisecond each, some 20 ms. */
const largestGroup = 40

const savepoint = CompiledQuery.raw('savepoint member')
const release = CompiledQuery.raw('release member')
const rollback = CompiledQuery.raw('rollback to member')

/**
 * Commits together what arrives together. An embedded file has one writer, and a commit waits for the disk: with a commit of
 * its own each request would wait for that of every one before it. Here those that have come by the time the last commit is done
 * share one transaction, each in a savepoint of its own, and one wait. A task that fails is rolled back alone; nobody is
 * answered before the commit; a kill leaves all of a group or nothing, so each member whole or absent.
 */
export function commitTogether<Tables>(db: Kysely<Tables>): CommitGroup<Tables> {
  const waiting: Member<Tables>[] = []
  let working = false

  async function work(): Promise<void> {
    working = true
    while (waiting.length > 0) {
      // Whatever else this turn of the event loop brings is in time, and the answers of the last group go out.
      await nextTurn()
      await commitOne()
    }
    working = false
  }

  async function commitOne(): Promise<void> {
    const members: Member<Tables>[] = []
    try {
      const answers = await db.transaction().execute(async (trx) => {
        const done: (() => void)[] = []
        for (let next = waiting.shift(); next; next = members.length < largestGroup ? waiting.shift() : undefined) {
          members.push(next)
          done.push(await next.run(trx))
        }
        return done
      })
      for (const answer of answers) answer()
    } catch (error) {
      // Where it did not even begin, nobody has been taken in yet, and those that wait would wait for ever.
      for (const member of members.length > 0 ? members : waiting.splice(0)) member.lose(error)
    }
  }

  return {
    join: (task) => new Promise((resolve, reject) => {
      waiting.push({ run: (trx) => inSavepoint(trx, task, resolve, reject), lose: reject })
      if (!working) void work()
    }),
  }
}

async function inSavepoint<Tables, T>(trx: Transaction<Tables>, task: (trx: Transaction<Tables>) => Promise<T>, resolve: (value: T) => void, reject: (error: unknown) => void): Promise<() => void> {
  await trx.executeQuery(savepoint)
  try {
    const value = await task(trx)
    await trx.executeQuery(release)
    return () => resolve(value)
  } catch (error) {
    // On a full disk SQLite may have rolled back everything: then this throws, and the group is lost with it.
    await trx.executeQuery(rollback)
    await trx.executeQuery(release)
    return () => reject(error)
  }
}

const groups = new WeakMap<object, CommitGroup<unknown>>()

/** From here on transactions of this database are committed together. */
export function groupCommits<Tables>(db: Kysely<Tables>): void {
  groups.set(db, commitTogether(db) as CommitGroup<unknown>)
}

export function groupOf<Tables>(db: Kysely<Tables>): CommitGroup<Tables> | undefined {
  return groups.get(db) as CommitGroup<Tables> | undefined
}
