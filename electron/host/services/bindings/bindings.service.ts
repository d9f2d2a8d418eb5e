import * as v from 'valibot'
import type { BindingResult, BindingRow, BoundProject } from '../../../../shared/contract/bindings.contract.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { isLiveBinding, type BindingStatus } from '../../../../shared/domain/binding.ts'
import { emptyPersonValues } from '../../../../shared/domain/person-fields.ts'
import { projectClosureSchema, projectStatusSchema } from '../../../../shared/domain/project.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralPort } from '../../central/central-port.ts'
import { deleteLocalBinding, findLocalBinding, refusalOf, updateLocalBinding } from '../../database/binding.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { indexName } from '../../database/names.ts'
import { findProject } from '../../database/project.repository.ts'
import { projectWritesOf } from '../../database/project-outbox.repository.ts'
import { searchText } from '../../database/search-text.ts'
import type { Clock } from '../../ports.ts'
import { createLocalWork } from '../local-work.ts'
import { beginRecord } from '../registrations/begin-record.ts'
import { toBindingRow, type ViewFacts } from './binding-view.ts'
import { boundPeople, boundPerson } from './bound-people.ts'
import { bindableWorkers } from './candidates.ts'
import { queueAgain, queueBinding, queueMove, type QueuedAction } from './queue-writes.ts'
import { createTeams } from './teams.ts'
import { refusalsOf } from './refusals.ts'
import { viewFactsOf } from './view-facts.ts'
import { workHistoryOf } from './work-history.ts'

export interface BindingsContext {
  readonly local: LocalDatabase
  /** 工作单位 of whoever works here. */
  readonly unitName: string
  readonly central: Pick<CentralPort, 'checkIdCardNo'>
  /** 申请迁入. */
  readonly transfers: Pick<BridgeServices['transfers'], 'ask'>
  readonly clock: Clock
  /** Rows of the register that changed here. */
  readonly recordsChanged: (ids: string[]) => void
  readonly changed: () => void
  readonly wakeSync: () => void
  readonly damaged?: () => void
}

/** Who of the open unit is on its projects. Each write is one transaction, durable before it answers, and goes up with the next sync. */
export function createBindingsService(context: BindingsContext): BridgeServices['bindings'] {
  const { local, clock, changed, wakeSync } = context
  const work = createLocalWork(local, clock, context.damaged)
  const { guarded, write, today } = work
  /** Of whom the central service has said so since the unit was opened. */
  const elsewhere = new Set<string>()
  const made = () => ({ now: clock.now() })

  const factsOf = (db: LocalDb, projectId: string): Promise<ViewFacts> => viewFactsOf(db, projectId, today(), elsewhere)

  async function requireProject(id: string) {
    return (await findProject(local.db, id)) ?? notFound()
  }

  async function requireBound(db: LocalDb, id: string) {
    return (await boundPerson(db, id)) ?? notFound()
  }

  /** One transaction for all; of each what came of it. */
  async function each(ids: readonly string[], task: (trx: LocalDb, id: string) => Promise<void>): Promise<{ results: BindingResult[] }> {
    const results = await write(async (trx) => {
      const done: BindingResult[] = []
      for (const id of new Set(ids)) done.push({ id, refusal: await refusalOfTask(() => task(trx, id)) })
      return done
    })
    if (results.every(({ refusal }) => refusal?.code === 'not-found')) throw new AppError('not-found')
    changed()
    wakeSync()
    return { results }
  }

  const move = (action: QueuedAction) => ({ ids }: { ids: readonly string[] }) => {
    const facts = new Map<string, ViewFacts>()
    return each(ids, async (trx, id) => {
      const bound = await requireBound(trx, id)
      const { project_id } = bound.binding
      const known = facts.get(project_id) ?? (await factsOf(trx, project_id))
      facts.set(project_id, known)
      await queueMove(trx, bound, action, known, made())
    })
  }

  async function filed(id: string): Promise<{ name: string; idCardNo: string }> {
    const { binding } = await guarded(() => requireBound(local.db, id))
    if (binding.filed_id_card_no === null) throw new AppError('not-found')
    return { name: binding.filed_name ?? '', idCardNo: binding.filed_id_card_no }
  }

  return {
    list: ({ projectId, personType, name, status, page, pageSize }) =>
      guarded(async () => {
        const project = await requireProject(projectId)
        const facts = await factsOf(local.db, projectId)
        const all = (await boundPeople(local.db, projectId, personType)).map((bound) => toBindingRow(bound, facts))
        const rows = all.filter((row) => isWanted(row, status) && isNamed(row.name, name))
        const shown = Math.max(1, Math.min(page, Math.ceil(rows.length / pageSize)))
        const submittable = rows.filter((row) => canSubmit(row)).map(({ id }) => id)
        return { project: projectView(project), rows: rows.slice((shown - 1) * pageSize, shown * pageSize), total: rows.length, page: shown, submittable }
      }),

    submit: move('submit'),
    leave: move('leave'),
    remove: move('remove'),

    retry: async ({ id }) => {
      await write(async (trx) => {
        const { binding, operations } = await requireBound(trx, id)
        const refusal = refusalOf(binding)
        if (!refusal || operations.length > 0) return
        await queueAgain(trx, binding, refusal.kind, made())
        await updateLocalBinding(trx, id, { refusal_json: null })
      })
      changed()
      wakeSync()
      return {}
    },

    dismiss: async ({ id }) => {
      await write(async (trx) => {
        const binding = await findLocalBinding(trx, id)
        if (!binding) throw new AppError('not-found')
        if (binding.version === null && (await projectWritesOf(trx, [id])).length === 0) await deleteLocalBinding(trx, id)
        else await updateLocalBinding(trx, id, { refusal_json: null })
      })
      changed()
      return {}
    },

    candidates: (asked) =>
      guarded(async () => {
        await requireProject(asked.projectId)
        return bindableWorkers(local.db, asked)
      }),

    add: async ({ projectId, recordIds }) => {
      await guarded(() => requireProject(projectId))
      return each(recordIds, (trx, recordId) => queueBinding(trx, projectId, recordId, made()))
    },

    beginRegistration: async ({ id }) => {
      const { name, idCardNo } = await filed(id)
      const bound = await guarded(() => requireBound(local.db, id))
      if (bound.record?.employment_status === 'employed') return { recordId: bound.record.id }
      const recordId = await write((trx, place) => beginRecord(trx, 'manager', { ...emptyPersonValues(), name, idCardNo }, clock.now(), place))
      context.recordsChanged([recordId])
      changed()
      return { recordId }
    },

    isElsewhere: async ({ id }) => {
      const { idCardNo } = await filed(id)
      try {
        const { outcome } = await context.central.checkIdCardNo(idCardNo)
        if (outcome === 'elsewhere') elsewhere.add(id)
        else elsewhere.delete(id)
        return { elsewhere: outcome === 'elsewhere' }
      } catch (error) {
        // Asked when the page opens and the line is there; the central service decides at 提交 all the same.
        if (error instanceof AppError) return { elsewhere: null }
        throw error
      }
    },

    askTransfer: async ({ id }) => {
      await context.transfers.ask(await filed(id))
      return {}
    },

    refusals: ({ recordId }) => guarded(async () => ({ rows: await refusalsOf(local.db, recordId) })),

    workHistory: ({ recordId }) => guarded(async () => ({ rows: await workHistoryOf(local.db, recordId, context.unitName) })),

    ...createTeams({ local, work, made, changed, wakeSync }),
  }
}

function notFound(): never {
  throw new AppError('not-found')
}

async function refusalOfTask(task: () => Promise<void>): Promise<BindingResult['refusal']> {
  try {
    await task()
    return null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, details: { ...error.details } }
  }
}

const isWanted = (row: BindingRow, status: BindingStatus | null): boolean => (status === null ? isLiveBinding(row.status) : row.status === status)

const canSubmit = ({ status, block, waitsFor }: BindingRow): boolean => (status === 'unsubmitted' || status === 'refused') && block === null && waitsFor !== 'form'

function isNamed(name: string, typed: string): boolean {
  const wanted = searchText(typed)
  if (wanted === '') return true
  const { pinyin, initials } = indexName(name)
  return [searchText(name), pinyin, initials].some((text) => text.includes(wanted))
}

function projectView({ id, project_no, name, status, closure }: { id: string; project_no: string; name: string; status: string; closure: string | null }): BoundProject {
  return { id, projectNo: project_no, name, status: v.parse(projectStatusSchema, status), closure: v.parse(v.nullable(projectClosureSchema), closure) }
}
