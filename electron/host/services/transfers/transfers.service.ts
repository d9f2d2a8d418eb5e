import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import { departureProblems } from '../../../../shared/domain/departure.ts'
import { checkIdCardNo } from '../../../../shared/domain/id-card-no.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import { changedFields, sameValues } from '../../../../shared/domain/merge.ts'
import { tidyText } from '../../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralPort } from '../../central/central-port.ts'
import { remember } from '../../database/history.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { dequeue, operationsOf } from '../../database/outbox.repository.ts'
import { deleteDraft, updateText, type QueuedDeparture, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown, shownName } from '../../database/search-line.ts'
import type { Clock } from '../../ports.ts'
import { createLocalWork } from '../local-work.ts'
import { beginRecord } from '../registrations/begin-record.ts'
import { requireRecord } from '../registrations/conflict.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { stateOnceSaved, submittedValues } from '../registrations/submission.ts'
import { createAskedOnce, online } from '../asked-once.ts'
import { keepRequests, readRequests, viewRequests } from './known-requests.ts'
import { queueDeparture } from './leaving.ts'
import type { LiveBindings } from './live-bindings.ts'

export interface TransfersContext {
  readonly local: LocalDatabase
  readonly central: Pick<CentralPort, 'transferRequests' | 'askTransfer' | 'refuseTransfer' | 'withdrawTransfer' | 'transferIn'>
  readonly bindings: LiveBindings
  readonly clock: Clock
  /** Rows that changed here. */
  readonly changed: (ids: string[]) => void
  /** The requests, or what became of one here, are other than before. */
  readonly requestsChanged: () => void
  readonly wakeSync: () => void
  readonly damaged?: () => void
}

export type TransfersService = BridgeServices['transfers'] & {
  /** After a sync: what the central service tells of requests, where it has not been asked for a minute. Does not fail where it tells nothing. */
  lookAgain(options?: { atOnce?: boolean }): Promise<void>
}

/** ms between two looks at the requests that nobody has asked for. */
const lookEvery = 60_000

/** 离职迁出 and 迁入 of the open unit. */
export function createTransfersService(context: TransfersContext): TransfersService {
  const { local, central, clock } = context
  const { guarded, write, now, today } = createLocalWork(local, clock, context.damaged)
  const once = createAskedOnce(() => newId(clock.now()))
  let lookedAt = 0

  const view = () => guarded(async () => viewRequests(local.db, await readRequests(local.db), clock.now()))

  async function fetch(): Promise<void> {
    lookedAt = clock.now().getTime()
    const requests = await online(central.transferRequests())
    if (await guarded(() => keepRequests(local.db, requests, now()))) context.requestsChanged()
  }

  function valid(raw: string): string {
    const checked = checkIdCardNo(raw, today())
    if (!checked.ok) throw new AppError(checked.code, checked.details)
    return checked.normalized
  }

  /** What was written may have been told of already; where it cannot be read now it is read later. */
  const fetchIfPossible = () => fetch().catch((error: unknown) => (error instanceof AppError ? undefined : Promise.reject(error as Error)))

  return {
    beforeTransferOut: ({ id }) =>
      guarded(async () => {
        const record = await requireRecord(local.db, id)
        const values = newestValues(record)
        const bindings = await context.bindings(id)
        return {
          name: shownName(values.name, record), maskedIdCardNo: maskIdCardNo(values.idCardNo), registeredOn: registeredOn(record),
          hasUnsent: !sameValues(values, await submittedOf(local.db, record)), bindings: bindings.map(({ filingNo, name }) => ({ filingNo, name })),
        }
      }),

    transferOut: async ({ id, ...departure }) => {
      await write(async (trx, place) => letGo(trx, await requireRecord(trx, id), { ...departure, note: tidyText(departure.note) }, { now: now(), today: today(), place }))
      context.changed([id])
      if (departure.requestId) context.requestsChanged()
      context.wakeSync()
      return {}
    },

    cancelTransferOut: async ({ id }) => {
      await write(async (trx) => takeBack(trx, await requireRecord(trx, id)))
      context.changed([id])
      context.requestsChanged()
      context.wakeSync()
      return {}
    },

    requests: view,

    refresh: async () => {
      await fetch()
      return view()
    },

    ask: async ({ idCardNo, name }) => {
      // The id as the key: a request that is asked for again under it is the same.
      const wanted = { idCardNo: valid(idCardNo), name: words('name', name) }
      await once(`ask ${wanted.idCardNo} ${wanted.name}`, (key) => central.askTransfer({ id: key, ...wanted }, key))
      await fetchIfPossible()
      return {}
    },

    withdraw: async ({ id }) => {
      await once(`withdraw ${id}`, (key) => central.withdrawTransfer(id, key)).finally(fetchIfPossible)
      return {}
    },

    refuse: async ({ id, ...refusal }) => {
      const reason = words('words', refusal.words)
      await once(`refuse ${id} ${reason}`, (key) => central.refuseTransfer(id, reason, key)).finally(fetchIfPossible)
      return {}
    },

    transferIn: async (wanted) => {
      const idCardNo = valid('idCardNo' in wanted ? wanted.idCardNo : await numberOf(wanted.requestId))
      const values = await online(central.transferIn({ idCardNo, name: wanted.name }))
      const id = await write((trx, place) => beginRecord(trx, wanted.personType ?? 'manager', { ...values, idCardNo }, clock.now(), place))
      context.changed([id])
      return { id }
    },

    lookAgain: async ({ atOnce = false } = {}) => {
      if (atOnce || clock.now().getTime() - lookedAt >= lookEvery) await fetchIfPossible()
    },
  }

  async function numberOf(requestId: string): Promise<string> {
    const known = await guarded(() => readRequests(local.db))
    const request = known?.requests.outgoing.find(({ id }) => id === requestId)
    if (!request) throw new AppError('not-found')
    return request.idCardNo
  }
}

/** @throws AppError call-invalid where nothing that can be read is left of it */
function words(field: string, typed: string): string {
  const tidied = tidyText(typed)
  if (tidied === '') throw new AppError('call-invalid', { fields: [field] })
  return tidied
}

const registeredOn = ({ registered_at }: StoredRecord): string | null => (registered_at === null ? null : shanghaiDate(new Date(registered_at)))

/** What the central service has or will have of this record once everything queued has arrived. */
async function submittedOf(db: LocalDb, record: StoredRecord) {
  return submittedValues(record.base, await operationsOf(db, record.id)) ?? newestValues(record)
}

async function letGo(trx: LocalDb, record: StoredRecord, departure: QueuedDeparture, at: { now: string; today: string; place: string }): Promise<void> {
  if (record.employment_status === 'left') throw new AppError('registration-left')
  // Pressed twice, or in two windows: it is on its way.
  if (record.leaving) throw new AppError('registration-leaving')
  if (record.version === null) throw new AppError('transfer-out-not-uploaded')
  if (record.state === 'conflict') throw new AppError('conflict-pending')
  const problems = departureProblems(departure, { registeredOn: registeredOn(record), today: at.today, isRequested: departure.requestId !== null })
  const count = Object.keys(problems).length
  if (count > 0) throw new AppError('transfer-out-invalid', { count, fields: problems })
  const submitted = await submittedOf(trx, record)
  // No text is lost: what nobody will be told of any more can be read in 修改记录.
  await remember(trx, record.id, at.now, 'left', changedFields(submitted, newestValues(record)))
  await deleteDraft(trx, record.id)
  await queueDeparture(trx, record.id, departure, record.version, at.now)
  await updateText(trx, record.id, { body: submitted, leaving: departure, state: 'queued', return_code: null, updated_at: at.place })
  await indexShown(trx, { ...record, body: submitted }, submitted, at.place)
}

async function takeBack(trx: LocalDb, record: StoredRecord): Promise<void> {
  if (!record.leaving) return
  const operations = await operationsOf(trx, record.id)
  const queued = operations.find(({ kind }) => kind === 'transfer-out')
  // Once sent it may have arrived, whatever the line did with the reply.
  if (queued?.frozen_at) throw new AppError('transfer-out-sent')
  if (queued) await dequeue(trx, queued.op_id)
  const waits = operations.length > (queued ? 1 : 0)
  const state = stateOnceSaved({ ...record, state: record.state === 'conflict' ? 'conflict' : 'local-only' }, newestValues(record), waits)
  await updateText(trx, record.id, { leaving: null, state })
}
