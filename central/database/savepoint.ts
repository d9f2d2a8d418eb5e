import { CompiledQuery, type Transaction } from 'kysely'

const begin = CompiledQuery.raw('savepoint part')
const end = CompiledQuery.raw('release savepoint part')
const undo = CompiledQuery.raw('rollback to savepoint part')

/** A part of a transaction that is whole or absent by itself: where `task` throws, only what it did is undone. */
export async function inSavepoint<Tables, T>(trx: Transaction<Tables>, task: () => Promise<T>): Promise<T> {
  await trx.executeQuery(begin)
  try {
    const result = await task()
    await trx.executeQuery(end)
    return result
  } catch (error) {
    // A full disk may have ended the whole transaction: then that is what has to be told.
    await trx.executeQuery(undo).catch(() => Promise.reject(error as Error))
    await trx.executeQuery(end)
    throw error
  }
}
