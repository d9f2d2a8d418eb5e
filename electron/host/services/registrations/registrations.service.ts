import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { checkIdCardNo, normalizeIdCardNo, type ValidIdCardNo } from '../../../../shared/domain/id-card-no.ts'
import { emptyPersonValues, type PersonValues } from '../../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../../shared/domain/person-validation.ts'
import { changedFields } from '../../../../shared/domain/merge.ts'
import { tidyValues } from '../../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { historyOf, remember } from '../../database/history.repository.ts'
import type { HistoryTable, LocalDb } from '../../database/local-tables.ts'
import { operationsOf } from '../../database/outbox.repository.ts'
import { deleteDraft, deleteRecord, findOtherRecordId, findRecordIdByIdCardNo, findRecords, putDraft, updateText, type RecordChange, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown } from '../../database/search-line.ts'
import { createLocalWork } from '../local-work.ts'
import { beginRecord } from './begin-record.ts'
import { describeConflict, requireRecord, settleConflict } from './conflict.ts'
import type { RegistrationContext } from './registration-context.ts'
import { toForm, toRow } from './registration-view.ts'
import { takeKeptCopy } from './unconfirmed.ts'
import { queueSubmission, stateOnceSaved, unqueue } from './submission.ts'

type FormInput = { id: string; values: PersonValues; revision: number }

/** Registrations of the open unit. Each write is one transaction, durable before it answers. */
export function createRegistrationsService(context: RegistrationContext): BridgeServices['registrations'] {
  const { local, search, regions, clock } = context
  const { guarded, write, now, today } = createLocalWork(local, clock, context.damaged)
  const reopen = (id: string) => guarded(async () => toForm(await requireRecord(local.db, id)))

  function valid(raw: string): ValidIdCardNo {
    const checked = checkIdCardNo(raw, today())
    if (!checked.ok) throw new AppError(checked.code, checked.details)
    return checked
  }

  /** The record as the caller last saw it, or a refusal: another window or another clerk's change came first. */
  async function current(trx: LocalDb, { id, revision }: { id: string; revision: number }): Promise<StoredRecord> {
    const record = await requireRecord(trx, id)
    if (record.employment_status === 'left') throw new AppError('registration-left')
    if (record.leaving) throw new AppError('registration-leaving')
    if (record.local_rev !== revision) throw new AppError('draft-stale')
    return record
  }

  /** @returns when */
  async function keepTyped(trx: LocalDb, record: StoredRecord, values: PersonValues, place: string): Promise<string> {
    const keptAt = now()
    await putDraft(trx, record.id, values, keptAt)
    const typedNo = record.body ? '' : normalizeIdCardNo(values.idCardNo)
    await updateText(trx, record.id, { updated_at: place, ...(typedNo === '' ? {} : { id_card_no: typedNo }) })
    await indexShown(trx, record, values, place)
    return keptAt
  }

  async function store(trx: LocalDb, record: StoredRecord, values: PersonValues, change: RecordChange, what: HistoryTable['what'], place: string): Promise<void> {
    if (record.body) await remember(trx, record.id, now(), what, changedFields(values, record.body))
    await deleteDraft(trx, record.id)
    await updateText(trx, record.id, { ...change, body: values, id_card_no: values.idCardNo || record.id_card_no, updated_at: place })
    await indexShown(trx, { ...record, body: values }, values, place)
  }

  return {
    list: ({ query, page, pageSize, onlyNeedingAttention, showing, ...filter }) =>
      // On one connection: in its turn, so never in the middle of a transaction, and with nothing between the search and its rows.
      guarded(() =>
        local.db.connection().execute(async (db) => {
          const found = (onlyNeedingAttention ? search.pageNeedingAttention : search.page)(query, page, pageSize, showing, filter)
          const records = await findRecords(db, found.ids)
          const day = today()
          return { rows: records.map((record) => toRow(record, day, regions)), total: found.total, page: found.page, pageSize }
        }),
      ),

    checkIdCardNo: async ({ idCardNo, except }) => {
      const { normalized } = valid(idCardNo)
      const id = await guarded(() => (except ? findOtherRecordId(local.db, normalized, except) : findRecordIdByIdCardNo(local.db, normalized)))
      if (id) return { outcome: 'here', id }
      try {
        const answer = await context.central.checkIdCardNo(normalized)
        if (answer.outcome === 'here' && answer.registrationId !== except) {
          // A colleague's registration that is not on this machine yet: the next pull brings it.
          context.wakeSync()
          return { outcome: 'here', id: answer.registrationId }
        }
        return answer.outcome === 'elsewhere' ? { outcome: 'elsewhere' } : { outcome: 'free', checkedOnline: true, transferIn: answer.outcome === 'free' && answer.transferIn }
      } catch (error) {
        // The check can wait: the central service decides when the registration is uploaded.
        if (error instanceof AppError) return { outcome: 'free', checkedOnline: false, transferIn: false }
        throw error
      }
    },

    begin: async ({ idCardNo, personType = 'manager' }) => {
      const { normalized } = valid(idCardNo)
      const id = await write((trx, place) => beginRecord(trx, personType, { ...emptyPersonValues(), idCardNo: normalized }, clock.now(), place))
      context.changed([id])
      return reopen(id)
    },

    open: ({ id }) => reopen(id),

    keepDraft: async (input: FormInput) => {
      const kept = await write(async (trx, place) => {
        const record = await current(trx, input)
        return { revision: record.local_rev + 1, keptAt: await keepTyped(trx, record, input.values, place) }
      })
      // For the other windows: the one that typed has this revision with the answer.
      context.changed([input.id])
      return kept
    },

    save: async (input: FormInput) => {
      const values = tidyValues(input.values)
      await write(async (trx, place) => {
        const record = await current(trx, input)
        // What the record holds was submitted, and settling the conflict sends it; this was not.
        if (record.state === 'conflict') return void (await keepTyped(trx, record, values, place))
        const { underWay } = await unqueue(trx, record.id)
        await store(trx, record, values, { state: stateOnceSaved(record, values, underWay) }, 'saved', place)
        if (record.remote) await takeKeptCopy(trx, record.id, place)
      })
      context.changed([input.id])
      return reopen(input.id)
    },

    submit: async (input: FormInput) => {
      const values = tidyValues(input.values)
      await write(async (trx, place) => {
        const record = await current(trx, input)
        const problems = validatePerson(record.person_type, values, today())
        const count = Object.keys(problems).length
        if (count > 0) throw new AppError('registration-invalid', { count, fields: problems })
        if (record.state === 'conflict') throw new AppError('conflict-pending')
        const other = await findOtherRecordId(trx, values.idCardNo, record.id)
        if (other) throw new AppError('registration-here', { id: other })
        const state = await queueSubmission(trx, record, values, now())
        // The reviewer's words hold until the central service has taken the new text.
        await store(trx, record, values, { state, return_code: null }, 'submitted', place)
        if (record.remote) await takeKeptCopy(trx, record.id, place)
      })
      context.changed([input.id])
      context.wakeSync()
      return reopen(input.id)
    },

    discardDraft: async ({ id }) => {
      await write(async (trx, place) => {
        const record = await requireRecord(trx, id)
        if (!record.draft) return
        if (!record.body) return deleteRecord(trx, id)
        await deleteDraft(trx, id)
        await updateText(trx, id, {})
        await indexShown(trx, record, record.body, record.updated_at)
        if (record.remote) await takeKeptCopy(trx, id, place)
      })
      context.changed([id])
      return {}
    },

    remove: async ({ id }) => {
      await write(async (trx) => {
        const record = await requireRecord(trx, id)
        const operations = await operationsOf(trx, id)
        // Once sent it may have arrived, whatever the line did with the reply.
        if (record.version !== null || operations.some(({ frozen_at }) => frozen_at !== null)) throw new AppError('forbidden')
        await deleteRecord(trx, id)
      })
      context.changed(null)
      return {}
    },

    conflict: ({ id }) => guarded(async () => describeConflict(await requireRecord(local.db, id))),

    resolveConflict: async ({ id, choices }) => {
      const remaining = await write(async (trx, place) => settleConflict(trx, await requireRecord(trx, id), choices, place, today()))
      context.changed(null)
      context.wakeSync()
      if (remaining === null) throw new AppError('not-found')
      return reopen(remaining)
    },

    history: ({ id }) =>
      guarded(async () => {
        await requireRecord(local.db, id)
        return { entries: await historyOf(local.db, id) }
      }),
  }
}

