import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely, Transaction } from 'kysely'
import { AppError } from '../../shared/errors/app-error.ts'
import { groupOf } from './commit-group.ts'
import { isTransient } from './constraint.ts'

const attempts = 5

/**
 * Runs `task` in a transaction, and again where the database itself asks for it: after a deadlock, or while another
 * program holds the embedded file. So `task` touches nothing but the transaction. In the embedded file transactions that come
 * together are committed together (commit-group.ts); each is still whole or absent by itself.
 * @throws AppError central-busy where no attempt went through
 */
export async function inTransaction<Tables, T>(db: Kysely<Tables>, task: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await (groupOf(db)?.join(task) ?? db.transaction().execute(task))
    } catch (error) {
      if (!isTransient(error)) throw error
      if (attempt === attempts) throw new AppError('central-busy', {}, { cause: error })
      // Two that met once would meet again without it.
      await delay(Math.random() * 20 * attempt)
    }
  }
}
