import { sql, type Transaction } from 'kysely'

/** A part of a transaction that is whole or absent by itself: where `task` throws, only what it did is undone. */
export async function inSavepoint<Tables, T>(trx: Transaction<Tables>, task: () => Promise<T>): Promise<T> {
  await sql`savepoint part`.execute(trx)
  try {
    const result = await task()
    await sql`release savepoint part`.execute(trx)
    return result
  } catch (error) {
    // A full disk may have ended the whole transaction: then that is what has to be told.
    await sql`rollback to savepoint part`.execute(trx).catch(() => Promise.reject(error as Error))
    await sql`release savepoint part`.execute(trx)
    throw error
  }
}
