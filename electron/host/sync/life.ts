import { randomUUID } from 'node:crypto'
import type { LocalDb } from '../database/local-tables.ts'
import { deleteMeta, forgetRemovals, readMeta, writeMeta } from '../database/meta.repository.ts'
import type { SyncContext } from './sync-context.ts'

/**
 * Begins from the beginning, keeping everything that is here. What is told from now on is marked with a new life, so that
 * afterwards it shows what was not told again: also where the operator restored a backup and forgot to begin a new epoch.
 */
export async function beginNewLife({ local, log }: SyncContext): Promise<void> {
  log.warn('pull starts from the beginning')
  await local.db.transaction().execute(async (trx) => {
    await deleteMeta(trx, ['cursor', 'epoch'])
    await forgetRemovals(trx)
    await writeMeta(trx, 'life', randomUUID())
    await writeMeta(trx, 'telling-unfinished', '1')
  })
}

/** What records are marked with: the epoch, until everything had to be told anew for the first time. */
export async function lifeOf(db: LocalDb, epoch: string): Promise<string> {
  return (await readMeta(db, 'life')) ?? epoch
}
