import { needsGuardian } from '../../../../shared/domain/face/check.ts'
import { faceConsentVersion, type FaceConsentChoice } from '../../../../shared/domain/face/consent.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { withdrawalsOf } from '../../database/face-check.repository.ts'
import { newId } from '../../database/new-id.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { deleteTemplate, dropPicture, insertConsent, noteEvent, standingConsent, withdrawConsents } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import type { EventTable } from '../../faces/face-tables.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { mayWithdraw, refuseLeft } from './face-person.ts'
import { actor, notBefore, type FacesContext } from './faces-context.ts'
import { noteForQueue, queueNoted } from './journal.ts'

/** @throws AppError registration-left, face-consent-outdated, face-guardian-missing */
export async function keepConsent(context: FacesContext, file: FaceFile, record: StoredRecord, { textVersion, channel, keepPicture, send, guardian }: FaceConsentChoice): Promise<void> {
  refuseLeft(record)
  if (textVersion !== faceConsentVersion) throw new AppError('face-consent-outdated')
  const now = context.clock.now()
  if (guardian === null && needsGuardian(newestValues(record).idCardNo, now)) throw new AppError('face-guardian-missing')
  const withdrawnAt = (await withdrawalsOf(context.local.db, [record.id])).get(record.id)
  // What is agreed to now is not withdrawn already.
  const at = notBefore(now, withdrawnAt && new Date(Date.parse(withdrawnAt) + 1).toISOString())
  const flag = (value: boolean) => (value ? 1 : 0)
  await file.db.transaction().execute(async (trx) => {
    await insertConsent(trx, {
      id: newId(now), registration_id: record.id, text_version: textVersion, channel, keep_picture: flag(keepPicture), send: flag(send), guardian_json: guardian && JSON.stringify(guardian),
      at, ...actor(context), withdrawn_at: null,
    })
    await noteEvent(trx, { registration_id: record.id, at, ...actor(context), what: 'consented', reason: '', similarity: null, code: null })
    // Agreed to before, and not any more.
    if (!keepPicture) await dropPicture(trx, record.id)
  })
  if (!keepPicture) context.store.settleDeletion(file)
}

/** 撤回同意: what is here of the face goes at once; the central service hears of it with the next upload, and through it the unit's other workstations. */
export async function withdrawConsent(context: FacesContext, file: FaceFile, record: StoredRecord, reason: string): Promise<void> {
  if (!(await mayWithdraw(context.local.db, file, record.id))) return
  const at = notBefore(context.clock.now(), (await standingConsent(file.db, record.id))?.at)
  await forget(context, file, record.id, { ...actor(context), at, what: 'withdrawn', reason }, newId(context.clock.now()))
  await queueNoted(context, file)
}

/** Where another workstation of the unit has withdrawn the consent, or the registration has ended. */
export async function forgetFace(context: FacesContext, file: FaceFile, recordId: string, what: 'withdrawn' | 'deleted', until: string): Promise<void> {
  await forget(context, file, recordId, { by_id: '', by_name: '', at: until, what, reason: '' }, null)
}

/** @param opId null: the central service knows it already */
async function forget(context: FacesContext, file: FaceFile, recordId: string, event: Pick<EventTable, 'at' | 'by_id' | 'by_name' | 'what' | 'reason'>, opId: string | null): Promise<void> {
  await file.db.transaction().execute(async (trx) => {
    await deleteTemplate(trx, recordId)
    await withdrawConsents(trx, recordId, event.at, event.at)
    await noteEvent(trx, { registration_id: recordId, ...event, similarity: null, code: null })
    if (opId !== null) await noteForQueue(trx, opId, { kind: 'withdraw-face-consent', registrationId: recordId, accountId: context.account.id, at: event.at, reason: event.reason })
  })
  await context.scan.remove(recordId)
  context.store.settleDeletion(file)
}
