import type { PosterProject, SelfRegistrationReceipt, SelfRegistrationRequest } from '../../../shared/api/self-registrations.ts'
import { noticeVersion, selfPhotos, selfRegistrationProblems, workerFormOf, type SelfRegistrationState } from '../../../shared/domain/self-registration.ts'
import { readPosterCode } from '../../../shared/domain/poster-code.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { equalHashes, sha256Hex } from '../../auth/hashes.ts'
import type { CentralDb } from '../../database/database.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext } from '../../service-context.ts'
import { findLiveCode, type LiveCode } from '../poster-codes/poster-codes.service.ts'
import { countOpen, findSelfRegistration, insertSelfRegistration, photosOf, type SelfRegistrationRow } from './self-registration.repository.ts'
import { useWork } from './work.service.ts'

/** Forms of one unit's project that nobody has decided on: whoever fills a disk with them comes this far. */
export const mostOpen = 1_000

/** What the poster says too. @throws AppError poster-code-unknown, poster-code-expired */
export async function openPosterCode({ db, clock }: ServiceContext, code: string): Promise<PosterProject> {
  const { organizationName, projectNo, projectName, expiresAt } = await requireLive(db, code, clock.now())
  return { organizationName, projectNo, projectName, expiresAt }
}

/** Of one that was revoked, or whose project has ended, a stranger hears what he hears of one that nobody has. */
async function requireLive(db: CentralDb, typed: string, now: Date): Promise<LiveCode> {
  const code = readPosterCode(typed)
  const found = code === null ? { reason: 'unknown' as const } : await findLiveCode(db, code, now)
  if (!('reason' in found)) return found
  throw new AppError(found.reason === 'expired' ? 'poster-code-expired' : 'poster-code-unknown')
}

/**
 * Keeps a form once under the phone's id. Nothing is looked up of the person: whoever is registered, here or anywhere, is answered
 * the same way as everybody else.
 * @param requireRoom whether this code takes another one now; asked once the work is paid for, so that nobody closes a code for nothing
 * @throws AppError work-not-done, registration-invalid, consent-outdated, self-registration-too-many, and as openPosterCode; request-malformed where the
 * id was used for something else
 */
export async function submitSelfRegistration(context: ServiceContext, request: SelfRegistrationRequest, requireRoom: () => Promise<void>): Promise<SelfRegistrationReceipt> {
  const { db, clock, personal } = context
  // Before its work is looked at: that of a form that arrived once is used up.
  const known = await findSelfRegistration(db, request.id)
  if (known) return sameAgain(context, db, known, request)
  const now = clock.now()
  const { organizationId, projectId } = await requireLive(db, request.code, now)
  if (request.consent.noticeVersion !== noticeVersion) throw new AppError('consent-outdated')
  const problems = selfRegistrationProblems(request.values, now)
  const count = Object.keys(problems).length
  if (count > 0) throw new AppError('registration-invalid', { count, fields: Object.keys(problems) })
  return inTransaction(db, async (trx) => {
    await useWork(context, trx, request.work)
    await requireRoom()
    if ((await countOpen(trx, organizationId, projectId)) >= mostOpen) throw new AppError('self-registration-too-many')
    const { id, values } = request
    const isNew = await insertSelfRegistration(trx, {
      id, organization_id: organizationId, project_id: projectId, state: 'incomplete', seq: 0, id_card_no_hash: personal.hashIdCardNo(workerFormOf(values).idCardNo),
      values_sealed: personal.seal(JSON.stringify(values), { column: 'self_registration.values', rowId: id }), payload_hash: payloadHashOf(context, request), token_hash: sha256Hex(request.token),
      notice_version: request.consent.noticeVersion, consent_at: request.consent.at, consent_channel: 'worker-page', submitted_at: now.toISOString(),
      settled_at: null, settled_by: null, reason_sealed: null, registration_id: null,
    })
    if (!isNew) {
      const row = await findSelfRegistration(trx, id)
      if (!row) throw new AppError('central-busy')
      return sameAgain(context, trx, row, request)
    }
    await appendAudit(personal, trx, { kind: 'self-registration-sent', organizationId, accountId: null, deviceId: null, details: { selfRegistrationId: id, projectId } }, now)
    return { id, state: 'incomplete', missing: [...selfPhotos] }
  })
}

const payloadHashOf = ({ personal }: ServiceContext, { code, values }: SelfRegistrationRequest) => personal.hashPayload(JSON.stringify({ code, values }))

async function sameAgain(context: ServiceContext, db: CentralDb, row: SelfRegistrationRow, request: SelfRegistrationRequest): Promise<SelfRegistrationReceipt> {
  const isSame = equalHashes(row.token_hash, sha256Hex(request.token)) && row.payload_hash === payloadHashOf(context, request)
  if (!isSame) throw new AppError('request-malformed', { where: 'body', fields: ['id'] })
  return receiptOf(db, row)
}

export async function receiptOf(db: CentralDb, row: Pick<SelfRegistrationRow, 'id' | 'state'>): Promise<SelfRegistrationReceipt> {
  const here = new Set((await photosOf(db, row.id)).map(({ photo }) => photo))
  return { id: row.id, state: toldState(row), missing: row.state === 'incomplete' ? selfPhotos.filter((photo) => !here.has(photo)) : [] }
}

/** That somebody else's form for the same person waits is nobody's to know. */
export const toldState = ({ state }: Pick<SelfRegistrationRow, 'state'>): SelfRegistrationState => (state === 'set-aside' ? 'waiting' : state)

/** @throws AppError not-found, the same for an id that nobody has and for another phone's token */
export async function requireOwn(db: CentralDb, id: string, token: string): Promise<SelfRegistrationRow> {
  const row = await findSelfRegistration(db, id)
  if (!row || !equalHashes(row.token_hash, sha256Hex(token))) throw new AppError('not-found')
  return row
}
