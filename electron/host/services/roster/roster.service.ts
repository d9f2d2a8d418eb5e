import { basename } from 'node:path'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { ImportMode, RosterState } from '../../../../shared/contract/roster.contract.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { findImport, listImports, type GroupPlan } from '../../database/import.repository.ts'
import type { DialogOptions } from '../../ports.ts'
import { groupRows } from '../../roster/limits.ts'
import { createExports } from './exports.ts'
import { createImportWriter } from './import-writer.ts'
import { findKnownPeople } from './known-people.ts'
import { createReaderLink } from './reader-link.ts'
import { createRosterPhotos } from './roster-photos.ts'
import type { RosterContext } from './roster-context.ts'

const workbooks: DialogOptions['filters'] = [{ name: 'Excel工作簿', extensions: ['xlsx', 'xls'] }]

export interface RosterService {
  readonly calls: BridgeServices['roster']
  close(): Promise<void>
}

type Preview = Extract<RosterState, { phase: 'preview' }>

/** 导入名册 and 导出 of the open unit: what the clerk sees of it, one roster at a time. */
export function createRosterService(context: RosterContext): RosterService {
  const { local, ports } = context
  const { resources } = ports.paths
  const today = () => shanghaiDate(ports.clock.now())
  const writer = createImportWriter(context)
  const reader = createReaderLink(ports.startRosterReader, (part) => {
    if (state.phase === 'reading') show({ ...state, part })
  })
  const exports = createExports(context, reader, writer.guarded)
  let state: RosterState = { phase: 'idle' }
  /** What the preview was, while and after its rows are written. */
  let shown: Preview | undefined
  /** Counts the rosters: an answer about one that is no longer wanted is dropped. */
  let turn = 0
  /** Pieces of a dropped file are on their way. */
  let coming = false
  let stopping = false
  let writing: Promise<void> = Promise.resolve()

  function show(next: RosterState): RosterState {
    state = next
    context.show(next)
    return next
  }

  function requireIdle(): void {
    // A page that went away never finishes what it began.
    if (coming) {
      forget()
      show({ phase: 'idle' })
    }
    if (state.phase === 'reading' || state.phase === 'writing') throw new AppError('roster-busy')
  }

  function preview(): Preview {
    if (state.phase !== 'preview') throw new AppError('roster-run-gone')
    return state
  }

  function requireShown(): void {
    if (!shown) throw new AppError('roster-run-gone')
  }

  function forget(): void {
    turn++
    coming = false
    shown = undefined
    reader.stop()
  }

  async function read(path: string | null, source: string, mine: number): Promise<void> {
    try {
      const { sheet, unknownHeaders, missingHeaders, photos, numbers } = await reader.ask((roster) => roster.read({ path, resources }))
      if (mine !== turn) return
      await check({ phase: 'preview', source, sheet, unknownHeaders, missingHeaders, photos, counts: { create: 0, update: 0, same: 0, error: 0 } }, numbers, mine)
    } catch (error) {
      refuse(source, error, mine)
    }
  }

  function refuse(source: string, error: unknown, mine: number): void {
    if (mine !== turn) return
    if (!(error instanceof AppError)) ports.log.error('roster not read', error)
    const { code, details } = error instanceof AppError ? error : new AppError('internal')
    forget()
    show({ phase: 'refused', source, problem: { code, details: { ...details } } })
  }

  function requireReading(): Extract<RosterState, { phase: 'reading' }> {
    if (state.phase !== 'reading') throw new AppError('roster-run-gone')
    return state
  }

  async function check(read: Preview, numbers: readonly string[], mine: number): Promise<void> {
    const known = await writer.guarded(() => findKnownPeople(local.db, numbers))
    const counts = await reader.ask((roster) => roster.check({ known, today: today() }))
    if (mine === turn) shown = show({ ...read, counts }) as Preview
  }

  async function plannedGroups(): Promise<GroupPlan[]> {
    const groups: GroupPlan[] = []
    for (let from = 0; ; from += groupRows) {
      const group = await reader.ask((roster) => roster.plan({ from, count: groupRows }))
      if (group.rows === 0) return groups
      groups.push(group)
    }
  }

  /** In the background: how far it is is told by `changed`. */
  async function writeRows(id: string, source: string, total: number, errors: number): Promise<void> {
    stopping = false
    let written = 0
    let problem: Extract<RosterState, { phase: 'written' }>['problem'] = null
    show({ phase: 'writing', source, written, total, stopping })
    try {
      await writer.write(id, () => !stopping, (rows) => {
        written += rows
        show({ phase: 'writing', source, written, total, stopping })
      })
    } catch (error) {
      if (!(error instanceof AppError)) ports.log.error('roster not written', error)
      const { code, details } = error instanceof AppError ? error : new AppError('internal')
      problem = { code, details: { ...details } }
    }
    context.changed(null)
    context.wakeSync()
    const done = await findImport(local.db, id)
    const left = done ? done.total - done.created - done.updated - done.passed_over : total
    show({ phase: 'written', id, source, created: done?.created ?? 0, updated: done?.updated ?? 0, passedOver: done?.passed_over ?? 0, errors, left, problem })
  }

  async function commit(mode: ImportMode): Promise<RosterState> {
    const { source, counts, photos } = preview()
    const total = counts.create + counts.update
    // Pictures alone are something too, of people who are registered already.
    if (total === 0 && (photos === 0 || counts.same === 0)) return state
    show({ phase: 'writing', source, written: 0, total, stopping: false })
    try {
      const id = await writer.plan(source, mode, await plannedGroups())
      writing = writeRows(id, source, total, counts.error)
    } catch (error) {
      if (shown) show(shown)
      throw error
    }
    return state
  }

  const calls: BridgeServices['roster'] = {
    ...exports,
    ...createRosterPhotos(local.db, reader, requireShown, writer.guarded),
    state: () => state,
    choose: async () => {
      requireIdle()
      const [path] = await ports.dialogs.openDocuments({ title: '选择要导入的名册', filters: workbooks, multiple: false })
      if (path === undefined) return state
      requireIdle()
      forget()
      const source = basename(path)
      show({ phase: 'reading', source, part: null })
      void read(path, source, turn)
      return state
    },
    beginFile: async ({ name, size }) => {
      requireIdle()
      forget()
      const [source, mine] = [basename(name), turn]
      coming = true
      show({ phase: 'reading', source, part: null })
      await reader.ask((roster) => roster.beginFile({ size })).catch((error: unknown) => refuse(source, error, mine))
      return state
    },
    addPiece: async (input) => (requireReading(), reader.ask((roster) => roster.addPiece(input))),
    finishFile: () => {
      coming = false
      void read(null, requireReading().source, turn)
      return state
    },
    cancel: () => {
      if (state.phase === 'writing') {
        stopping = true
        return show({ ...state, stopping })
      }
      forget()
      return show({ phase: 'idle' })
    },
    rows: async (input) => (requireShown(), reader.ask((roster) => roster.rows(input))),
    errorAfter: (input) => (preview(), reader.ask((roster) => roster.errorAfter(input))),
    edit: async (input) => {
      const { counts: all } = preview()
      if (input.index >= all.create + all.update + all.same + all.error) throw new AppError('not-found')
      const mine = turn
      const { number } = await reader.ask((roster) => roster.numberAfter(input))
      const [known = null] = number === '' ? [] : await writer.guarded(() => findKnownPeople(local.db, [number]))
      const { row, counts } = await reader.ask((roster) => roster.edit({ ...input, known }))
      if (mine === turn && state.phase === 'preview') shown = show({ ...state, counts }) as Preview
      return row
    },
    commit: ({ mode }) => commit(mode),
    review: async () => {
      if (state.phase !== 'written' || !shown) throw new AppError('roster-run-gone')
      const { numbers } = await reader.ask((roster) => roster.numbers({}))
      await check(shown, numbers, turn)
      return state
    },
    imports: async () => ({
      entries: (await writer.guarded(() => listImports(local.db))).map(({ id, source, at, mode, created, updated, total, passed_over, state: how }) => ({
        id, source, at, mode, created, updated, state: how, left: how === 'unfinished' ? total - created - updated - passed_over : 0,
      })),
    }),
    resume: async ({ id }) => {
      requireIdle()
      const found = await writer.guarded(() => findImport(local.db, id))
      if (found?.state !== 'unfinished') throw new AppError('not-found')
      writing = writeRows(id, found.source, found.total - found.created - found.updated - found.passed_over, 0)
      return state
    },
    rollBack: async ({ id }) => {
      requireIdle()
      const outcome = await writer.rollBack(id)
      context.changed(null)
      if (state.phase === 'written' && state.id === id && outcome.undone > 0) {
        forget()
        show({ phase: 'idle' })
      }
      return outcome
    },
  }

  return {
    calls,
    close: async () => {
      stopping = true
      turn++
      await writing
      reader.stop()
    },
  }
}
