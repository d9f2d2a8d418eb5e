import * as v from 'valibot'
import { transferRequests, type TransferRequests } from '../../../../shared/api/transfers.ts'
import type { IncomingRequestView, OutgoingRequestView, TransferRequestsView } from '../../../../shared/contract/transfers.contract.ts'
import { isSameName } from '../../../../shared/domain/carried-values.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { readMeta, writeMeta } from '../../database/meta.repository.ts'
import { findRecords, type StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { newestValues } from '../registrations/registration-view.ts'

/** The requests as the central service told them last: they can be read, and one of them granted, while it is out of reach. */
export interface KnownRequests {
  readonly requests: TransferRequests
  readonly fetchedAt: string
}

const stored = v.pipe(v.string(), v.parseJson(), v.strictObject({ requests: transferRequests, fetchedAt: v.string() }))

export async function readRequests(db: LocalDb): Promise<KnownRequests | null> {
  const parsed = v.safeParse(stored, await readMeta(db, 'transfer-requests'))
  return parsed.success ? parsed.output : null
}

/** @returns whether anything is other than before */
export async function keepRequests(db: LocalDb, requests: TransferRequests, fetchedAt: string): Promise<boolean> {
  const before = await readRequests(db)
  const isNew = JSON.stringify(before?.requests) !== JSON.stringify(requests)
  await writeMeta(db, 'transfer-requests', JSON.stringify({ requests, fetchedAt }))
  return isNew
}

/** As the page shows them, numbers masked. What has run out meanwhile is shown so, also offline. */
export async function viewRequests(db: LocalDb, known: KnownRequests | null, now: Date): Promise<TransferRequestsView> {
  if (!known) return { incoming: [], outgoing: [], waiting: 0, fetchedAt: null }
  const records = new Map((await findRecords(db, known.requests.incoming.map(({ registrationId }) => registrationId))).map((record) => [record.id, record]))
  const incoming = known.requests.incoming.map((request) => incomingView(request, records.get(request.registrationId), now))
  const outgoing = known.requests.outgoing.map((request) => outgoingView(request, now))
  return { incoming, outgoing, waiting: incoming.filter(({ state, isLeaving }) => state === 'waiting' && !isLeaving).length, fetchedAt: known.fetchedAt }
}

type Incoming = TransferRequests['incoming'][number]
type Outgoing = TransferRequests['outgoing'][number]

const stateNow = ({ state, expiresAt }: Incoming | Outgoing, now: Date) => (state === 'waiting' && new Date(expiresAt) <= now ? 'expired' : state)

function incomingView(request: Incoming, record: StoredRecord | undefined, now: Date): IncomingRequestView {
  const { id, askedAt, expiresAt, answeredAt, refusal, askedBy } = request
  const values = record && newestValues(record)
  const name = record && values ? shownName(values.name, record) : request.name
  const state = stateNow(request, now)
  return {
    id, askedAt, expiresAt, answeredAt, refusal, askedBy, name,
    // Let go here already, also without an answer to just this request.
    state: state === 'waiting' && record?.employment_status === 'left' ? 'released' : state,
    registrationId: record?.id ?? null,
    maskedIdCardNo: values ? maskIdCardNo(values.idCardNo) : '',
    nameAsAsked: isSameName(request.name, name) ? null : request.name,
    isLeaving: record?.leaving !== null && record !== undefined,
  }
}

function outgoingView(request: Outgoing, now: Date): OutgoingRequestView {
  const { id, askedAt, expiresAt, answeredAt, refusal, name, idCardNo } = request
  return { id, state: stateNow(request, now), askedAt, expiresAt, answeredAt, refusal, name, maskedIdCardNo: maskIdCardNo(idCardNo) }
}
