import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { inSavepoint } from './savepoint.ts'

type Task<Tables, T> = (trx: Transaction<Tables>) => Promise<T>

export interface CommitGroup<Tables> {
  /** Runs `task` in a transaction. @returns what it returned, once that is on the disk; @throws what it threw, when nothing of it is left */
  join<T>(task: Task<Tables, T>): Promise<T>
}

interface Member<Tables> {
  /** @returns the answer to give once all is on the disk, be it an error; @throws where the whole transaction is gone */
  run(trx: Transaction<Tables>): Promise<() => void>
  /** The whole group is lost. */
  lose(error: unknown): void
}

/** So that nobody waits for many others, and the program answers in between: an ordinary write takes half a millisecond, a push a hundred times as long. */
const largestGroup = { members: 40, milliseconds: 50 }

/**
 * Commits together what arrives together. An embedded file has one writer, and a commit waits for the disk: with a commit of
 * its own each request would wait for that of every one before it. Here those that have come by the time the last commit is done
 * share one transaction, each in a savepoint of its own, and one wait. A task that fails is rolled back alone; nobody is
 * answered before the commit; a kill leaves all of a group or nothing, so each member whole or absent.
 * @param isOpen whether the file is in a transaction
 * @param now milliseconds that only go forward
 */
export function commitTogether<Tables>(db: Kysely<Tables>, isOpen: () => boolean, now: () => number): CommitGroup<Tables> {
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
        const began = now()
        const isFull = () => members.length >= largestGroup.members || now() - began >= largestGroup.milliseconds
        for (let next = waiting.shift(); next; next = isFull() ? undefined : waiting.shift()) {
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

  /** @throws where SQLite has ended the whole transaction, as a full disk may make it */
  async function runMember<T>(trx: Transaction<Tables>, task: Task<Tables, T>, resolve: (value: T) => void, reject: (error: unknown) => void): Promise<() => void> {
    try {
      const value = await inSavepoint(trx, () => task(trx))
      return () => resolve(value)
    } catch (error) {
      if (!isOpen()) throw error
      return () => reject(error)
    }
  }

  return {
    join: (task) => new Promise((resolve, reject) => {
      waiting.push({ run: (trx) => runMember(trx, task, resolve, reject), lose: reject })
      if (!working) void work()
    }),
  }
}

const groups = new WeakMap<object, CommitGroup<unknown>>()

/** From here on transactions of this database are committed together. */
export function groupCommits<Tables>(db: Kysely<Tables>, isOpen: () => boolean, now: () => number = () => performance.now()): void {
  groups.set(db, commitTogether(db, isOpen, now) as CommitGroup<unknown>)
}

export function groupOf<Tables>(db: Kysely<Tables>): CommitGroup<Tables> | undefined {
  return groups.get(db) as CommitGroup<Tables> | undefined
}
