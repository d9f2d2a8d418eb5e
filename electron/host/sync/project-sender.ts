import type { BindingReceipt, TeamReceipt } from '../../../shared/api/bindings.ts'
import type { FaceCheckReceipt, FaceWithdrawalReceipt } from '../../../shared/api/faces.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { PushReply } from '../central/central-port.ts'
import { deleteLocalTeam, findLocalBinding, findLocalTeam, updateLocalBinding, updateLocalTeam, type Refusal } from '../database/binding.repository.ts'
import { confirmFaceCheck, confirmFaceWithdrawal, noteFaceRefusal } from '../database/face-check.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { readMeta } from '../database/meta.repository.ts'
import { dropLane, dropProjectWrite, postponeProjectWrite, rebaseProjectLane, takeProjectWrites, unfreezeProjectWrites, type ProjectOperation } from '../database/project-outbox.repository.ts'
import { backoffDelay } from './backoff.ts'
import { isAboutKey } from './key-wanted.ts'
import { beginNewLife, lifeOf } from './life.ts'
import { pushOf } from './project-push.ts'
import { signInWanted } from './settle.ts'
import type { Attempt } from './sync-context.ts'

type Result = PushReply['results'][number]

const batchSize = 100

/** Somebody of this unit did the same first: then that is how it is, and the next pull tells it. */
const doneAlready: Readonly<Partial<Record<ProjectOperation['kind'], readonly ErrorCode[]>>> = {
  'submit-binding': ['binding-submitted', 'binding-approved'],
  'leave-binding': ['binding-ended'],
  'remove-binding': ['binding-ended'],
  'remove-team': ['team-gone'],
  // Had arrived, and what went along with it is here no more.
  'record-face-check': ['idempotency-key-reused'],
}

/**
 * Sends what waits of bindings and teams, once the registrations have had their turn: one operation of a lane at a time, each under its own
 * key until it is answered for good. What is refused says so on its row and stops its own lane.
 * @returns `other-epoch` where the central service turned out to be restored, `sent` where anything was answered
 * @throws AppError where the central service cannot be had or wants a sign-in; what was not answered stays queued
 */
export async function sendProjectWrites(attempt: Attempt): Promise<'nothing' | 'sent' | 'other-epoch'> {
  const { db } = attempt.local
  let answered = false
  for (let after = 0; ;) {
    const now = attempt.clock.now().toISOString()
    const batch = await db.transaction().execute((trx) => takeProjectWrites(trx, batchSize, now, after))
    // Once through is not enough: what an answer has set free stands before the place where this round is.
    if (batch.length === 0 && after === 0) return answered ? 'sent' : 'nothing'
    after = batch.length === 0 ? 0 : (batch.at(-1)?.seq ?? 0)
    if (batch.length === 0) continue
    const outcome = await sendBatch(attempt, batch)
    if (outcome === 'other-epoch') return outcome
    answered = true
  }
}

async function sendBatch(attempt: Attempt, batch: readonly ProjectOperation[]): Promise<'answered' | 'other-epoch'> {
  const { db } = attempt.local
  const ids = batch.map(({ op_id }) => op_id)
  if (attempt.signal.aborted) await unfreezeProjectWrites(db, ids)
  attempt.signal.throwIfAborted()
  let reply
  try {
    reply = await attempt.central.push(await pushOf(attempt, batch), attempt.signal)
  } catch (error) {
    if (error instanceof AppError && isAboutKey(error.code)) await unfreezeProjectWrites(db, ids)
    if (!(error instanceof AppError) || !isAboutContent(error)) throw error
    return meetUnfit(attempt, batch, error)
  }
  if (reply.epoch !== (await readMeta(db, 'epoch'))) {
    await beginNewLife(attempt)
    return 'other-epoch'
  }
  const life = await lifeOf(db, reply.epoch)
  const results = new Map(reply.results.map((result) => [result.opId, result]))
  await db.transaction().execute(async (trx) => {
    for (const operation of batch) await settle(attempt, trx, operation, results.get(operation.op_id), life)
  })
  tellChanged(attempt, batch)
  const unsigned = reply.results.find((result) => result.outcome === 'refused' && signInWanted.includes(result.problem.code))
  if (unsigned?.outcome === 'refused') throw new AppError(unsigned.problem.code, unsigned.problem.details)
  return 'answered'
}

function tellChanged({ bindingsChanged, facesChanged }: Attempt, batch: readonly ProjectOperation[]): void {
  bindingsChanged?.()
  const faces = batch.flatMap(({ lane, body }) => (body.face ? [lane] : []))
  if (faces.length > 0) facesChanged?.(faces)
}

/** One operation that cannot be taken spoils the whole call: each goes by itself, and what still is refused is refused for good. */
async function meetUnfit(attempt: Attempt, batch: readonly ProjectOperation[], error: AppError): Promise<'answered' | 'other-epoch'> {
  const [first] = batch
  if (first && batch.length === 1) {
    await attempt.local.db.transaction().execute((trx) => (isFinal(error) ? refuse(attempt, trx, first, error.code, {}) : putOff(attempt, trx, first, error)))
    tellChanged(attempt, batch)
    return 'answered'
  }
  for (const operation of batch) if ((await sendBatch(attempt, [operation])) === 'other-epoch') return 'other-epoch'
  return 'answered'
}

async function settle(attempt: Attempt, trx: LocalDb, operation: ProjectOperation, result: Result | undefined, life: string): Promise<void> {
  if (result?.outcome === 'applied') return confirm(trx, operation, result.receipt, life)
  const { code, details, retriable } = result?.problem ?? { code: 'central-reply-invalid' as const, details: {}, retriable: true }
  if (signInWanted.includes(code)) return unfreezeProjectWrites(trx, [operation.op_id])
  if (doneAlready[operation.kind]?.includes(code)) return dropProjectWrite(trx, operation.op_id)
  return retriable ? putOff(attempt, trx, operation, new AppError(code, details)) : refuse(attempt, trx, operation, code, details)
}

/** A receipt of which the first copy was lost tells what was then: what a pull has told since is newer. */
async function confirm(trx: LocalDb, { op_id, lane, kind, body, attempts }: ProjectOperation, receipt: object, life: string): Promise<void> {
  await dropProjectWrite(trx, op_id)
  const isOutdated = (known: { version: number | null; epoch: string | null } | undefined, version: number) => known?.version !== null && known?.epoch === life && known.version > version
  if ('bindingStatus' in receipt) {
    const { version, bindingStatus: status } = receipt as BindingReceipt
    await rebaseProjectLane(trx, lane, version)
    if (isOutdated(await findLocalBinding(trx, lane), version)) return updateLocalBinding(trx, lane, { refusal_json: null })
    const ending = kind === 'leave-binding' ? 'left-project' : kind === 'remove-binding' ? 'removed' : null
    // Who is in which team has no version: after a second try the pull that follows says it.
    const team = kind === 'assign-team' && attempts === 1 ? { team_id: body.teamId ?? null } : {}
    await updateLocalBinding(trx, lane, { version, status, ending: status === 'ended' ? ending : null, refusal_json: null, epoch: life, ...team })
  } else if ('removed' in receipt) {
    const { version, removed } = receipt as TeamReceipt
    if (removed) return deleteLocalTeam(trx, lane)
    await rebaseProjectLane(trx, lane, version)
    if (isOutdated(await findLocalTeam(trx, lane), version)) return updateLocalTeam(trx, lane, { refusal_json: null })
    await updateLocalTeam(trx, lane, { version, refusal_json: null, epoch: life, ...(body.name === undefined ? {} : { name: body.name, leader_binding_id: body.leaderBindingId ?? null }) })
  } else if ('keptTemplate' in receipt) {
    const { keptTemplate, keptPicture } = receipt as FaceCheckReceipt
    await confirmFaceCheck(trx, lane, body.face?.at ?? '', { template: keptTemplate, picture: keptPicture }, life)
  } else if ('consentWithdrawnAt' in receipt) {
    await confirmFaceWithdrawal(trx, lane, (receipt as FaceWithdrawalReceipt).consentWithdrawnAt, life)
  }
}

async function putOff({ clock, random }: Attempt, trx: LocalDb, { op_id, attempts }: ProjectOperation, { code, details }: AppError): Promise<void> {
  const asked = Number(details['retryAfterSeconds'] ?? 0) * 1_000
  const nextAt = new Date(clock.now().getTime() + Math.max(asked, backoffDelay(Math.max(attempts, 1), random())))
  await postponeProjectWrite(trx, op_id, nextAt.toISOString(), { code, details })
}

async function refuse({ log }: Attempt, trx: LocalDb, { op_id, lane, kind }: ProjectOperation, code: ErrorCode, details: AppError['details']): Promise<void> {
  log.info('write refused', { code, kind })
  if (kind === 'record-face-check' || kind === 'withdraw-face-consent') {
    // A withdrawal behind a check that was not accepted holds all the same.
    await dropProjectWrite(trx, op_id)
    return noteFaceRefusal(trx, lane, { kind, code, details })
  }
  await dropLane(trx, lane)
  const refusal: Refusal = { kind, code, details }
  const change = { refusal_json: JSON.stringify(refusal) }
  if (kind === 'put-team' || kind === 'remove-team') await updateLocalTeam(trx, lane, change)
  else await updateLocalBinding(trx, lane, change)
}

const isFinal = ({ code }: AppError): boolean => code === 'request-malformed' || code === 'request-too-large' || code === 'call-invalid'

/** Also a proxy on the way refuses what is too large for it, and a fault in the service may be one operation's. */
function isAboutContent(error: AppError): boolean {
  const { status } = error.details
  return isFinal(error) || (error.code === 'central-busy' && status === 500) || (error.code === 'central-reply-invalid' && (status === 400 || status === 413))
}
