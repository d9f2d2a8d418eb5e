import { sql, type Selectable } from 'kysely'
import type { RecordFaceCheck, RegistrationFaceResource, WithdrawFaceConsent } from '../../../shared/api/faces.ts'
import type { ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { FaceCheckTable, LocalDb } from './local-tables.ts'
import { newId } from './new-id.ts'
import { enqueueProjectWrite } from './project-outbox.repository.ts'

/** A queued write of somebody's face. What would go along of the face itself is read of the face file when it goes: for which project, and no more, is said here. */
export type FaceWrite = Omit<RecordFaceCheck, 'opId' | 'sent'> & { readonly sendFor: string | null } | Omit<WithdrawFaceConsent, 'opId'>

export interface FaceRefusal {
  readonly kind: FaceWrite['kind']
  readonly code: ErrorCode
  readonly details: ErrorDetails
}

export type FaceCheckRow = Selectable<FaceCheckTable>

export async function faceChecksOf(db: LocalDb, recordIds: readonly string[]): Promise<Map<string, FaceCheckRow>> {
  const rows = await db.selectFrom('face_check').selectAll().where('record_id', 'in', sql<string>`(select value from json_each(${JSON.stringify(recordIds)}))`).execute()
  return new Map(rows.map((row) => [row.record_id, row]))
}

/** Of these, or of all where null: until when consents are withdrawn, where any was. */
export async function withdrawalsOf(db: LocalDb, recordIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await faceChecksOf(db, recordIds)
  return new Map([...rows.values()].flatMap(({ record_id, consent_withdrawn_at }) => (consent_withdrawn_at === null ? [] : [[record_id, consent_withdrawn_at] as const])))
}

type Change = Partial<Omit<FaceCheckRow, 'record_id'>>

async function put(trx: LocalDb, recordId: string, change: Change): Promise<void> {
  await trx
    .insertInto('face_check').values({ record_id: recordId, checked_at: null, consent_withdrawn_at: null, refusal_json: null, epoch: null, ...change })
    .onConflict((conflict) => conflict.column('record_id').doUpdateSet(change)).execute()
}

/** As the central service has it now. A check that waits here still counts, and no withdrawal is taken back by a service that has forgotten it. */
export async function takeFace(trx: LocalDb, { registrationId, checkedAt, consentWithdrawnAt, keptTemplate, keptPicture }: RegistrationFaceResource, life: string, now: Date): Promise<void> {
  const known = (await faceChecksOf(trx, [registrationId])).get(registrationId)
  const withdrawn = known?.consent_withdrawn_at ?? null
  const isForgotten = withdrawn !== null && (consentWithdrawnAt === null || consentWithdrawnAt < withdrawn)
  await put(trx, registrationId, {
    checked_at: checkedAt, consent_withdrawn_at: isForgotten ? withdrawn : consentWithdrawnAt, kept_template: keptTemplate ? 1 : 0, kept_picture: keptPicture ? 1 : 0, epoch: life,
  })
  if (isForgotten && known?.epoch !== life) await withdrawAgain(trx, registrationId, withdrawn, now)
  await showChecked(trx, registrationId)
}

/**
 * Once everything was told anew, by a central service that was restored from a backup: a check that it does not know counts no longer, and a
 * withdrawal is said again, for the backup may have brought a face back.
 * @returns of which registrations
 */
export async function meetForgottenFaces(trx: LocalDb, life: string, now: Date): Promise<string[]> {
  const untold = await trx.selectFrom('face_check').selectAll().where('epoch', '!=', life).execute()
  for (const { record_id, consent_withdrawn_at } of untold) {
    await put(trx, record_id, { checked_at: null, kept_template: 0, kept_picture: 0, epoch: life })
    if (consent_withdrawn_at !== null) await withdrawAgain(trx, record_id, consent_withdrawn_at, now)
    await showChecked(trx, record_id)
  }
  return untold.map((row) => row.record_id)
}

/** Of no account: then the central service names the one whose session tells it. */
const noAccount = '00000000-0000-0000-0000-000000000000'

async function withdrawAgain(trx: LocalDb, recordId: string, at: string, now: Date): Promise<void> {
  const face: FaceWrite = { kind: 'withdraw-face-consent', registrationId: recordId, accountId: noAccount, at, reason: '' }
  await enqueueProjectWrite(trx, { op_id: newId(now), lane: recordId, kind: face.kind, body: { face }, base_version: null, created_at: now.toISOString() })
}

/** It is on its way. */
export async function noteFaceWrite(trx: LocalDb, recordId: string): Promise<void> {
  await put(trx, recordId, { refusal_json: null })
  await showChecked(trx, recordId)
}

/** The central service has it in its books; the pull that follows tells the rest. */
export async function confirmFaceCheck(trx: LocalDb, recordId: string, at: string, kept: { template: boolean; picture: boolean }, life: string): Promise<void> {
  await put(trx, recordId, { checked_at: at, kept_template: kept.template ? 1 : 0, kept_picture: kept.picture ? 1 : 0, refusal_json: null, epoch: life })
  await showChecked(trx, recordId)
}

export async function confirmFaceWithdrawal(trx: LocalDb, recordId: string, withdrawnAt: string, life: string): Promise<void> {
  await put(trx, recordId, { consent_withdrawn_at: withdrawnAt, kept_template: 0, kept_picture: 0, refusal_json: null, epoch: life })
}

export async function noteFaceRefusal(trx: LocalDb, recordId: string, refusal: FaceRefusal): Promise<void> {
  await put(trx, recordId, { refusal_json: JSON.stringify(refusal) })
  await showChecked(trx, recordId)
}

/** Rows say 是 where it was passed, and where it is on its way. */
async function showChecked(trx: LocalDb, recordId: string): Promise<void> {
  await sql`update record set face_checked = exists (select 1 from face_check c where c.record_id = record.id and c.checked_at is not null)
    or exists (select 1 from project_outbox o where o.lane = record.id and o.kind = 'record-face-check') where id = ${recordId}`.execute(trx)
}

export const faceRefusalOf = ({ refusal_json }: Pick<FaceCheckRow, 'refusal_json'>): FaceRefusal | null => (refusal_json === null ? null : (JSON.parse(refusal_json) as FaceRefusal))
