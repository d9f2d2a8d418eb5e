import { setImmediate } from 'node:timers/promises'
import type { ImportMode } from '../../../../shared/contract/roster.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { closeGroup, findImport, forgetGroup, forgetPlans, nextGroup, outcomesOf, planImport, setImportState, type GroupPlan, type RosterImport } from '../../database/import.repository.ts'
import { localFailure } from '../../database/local-failure.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { createChangeClock } from '../registrations/change-clock.ts'
import { rollBackGroup, type KeptRow } from './roll-back.ts'
import type { RosterContext } from './roster-context.ts'
import { writeGroup } from './write-group.ts'

export interface ImportWriter {
  /** @returns the id of the import; nothing of it is in the register yet */
  plan(source: string, mode: ImportMode, groups: readonly GroupPlan[]): Promise<string>
  /**
   * Writes what is left, one transaction a group, with room for other work between them. A kill leaves whole groups.
   * @param goesOn asked before each group
   */
  write(id: string, goesOn: () => boolean, wrote: (rows: number) => void): Promise<RosterImport>
  rollBack(id: string): Promise<{ undone: number; kept: KeptRow[] }>
  guarded<T>(task: () => Promise<T>): Promise<T>
}

export function createImportWriter({ local, ports: { clock }, damaged }: RosterContext): ImportWriter {
  const nextPlace = createChangeClock(clock, local)

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      const failure = localFailure(error)
      if (failure?.code === 'local-damaged') damaged?.()
      throw failure ?? error
    }
  }
  const transaction = <T>(task: (trx: LocalDb) => Promise<T>) => guarded(() => local.db.transaction().execute(task))

  async function required(db: LocalDb, id: string): Promise<RosterImport> {
    const found = await findImport(db, id)
    if (!found) throw new AppError('not-found')
    return found
  }

  return {
    guarded,

    plan: async (source, mode, groups) => {
      const now = clock.now()
      const id = newId(now)
      await transaction((trx) => planImport(trx, { id, source, mode, at: now.toISOString() }, groups))
      return id
    },

    write: async (id, goesOn, wrote) => {
      const { mode, total } = await guarded(() => required(local.db, id))
      while (goesOn()) {
        const rows = await transaction(async (trx) => {
          const group = await nextGroup(trx, id)
          if (!group) return 0
          const outcomes = await writeGroup(trx, group, { mode, now: clock.now(), place: nextPlace(), total })
          await closeGroup(trx, id, group.seq, outcomes)
          return outcomes.length
        })
        if (rows === 0) {
          await transaction((trx) => setImportState(trx, id, 'finished'))
          break
        }
        wrote(rows)
        await setImmediate()
      }
      return guarded(() => required(local.db, id))
    },

    rollBack: async (id) => {
      const { state } = await guarded(() => required(local.db, id))
      if (state === 'rolled-back') return { undone: 0, kept: [] }
      let undone = 0
      const kept: KeptRow[] = []
      for (const { seq, outcomes } of await guarded(() => outcomesOf(local.db, id))) {
        const group = await transaction(async (trx) => {
          const done = await rollBackGroup(trx, outcomes, clock.now())
          if (done.undone > 0) await forgetGroup(trx, id, seq)
          return done
        })
        undone += group.undone
        kept.unshift(...group.kept)
        await setImmediate()
      }
      await transaction(async (trx) => {
        await forgetPlans(trx, id)
        // Where nothing could be taken back the import stands.
        await setImportState(trx, id, undone > 0 || kept.length === 0 ? 'rolled-back' : 'finished')
      })
      return { undone, kept }
    },
  }
}
