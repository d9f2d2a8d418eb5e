import type { FaceCheckReceipt, RecordFaceCheck } from '../../../shared/api/faces.ts'
import { needsGuardian } from '../../../shared/domain/face/check.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { tellBindingsOf } from '../bindings/binding.repository.ts'
import { insertIdentityCheck, requireSomebodyElse } from '../identity-checks/identity-check.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findOwnRegistration, type RegistrationWithPerson } from '../registrations/registration.repository.ts'
import { accountOfUnit } from './account-of-unit.ts'
import { keepFaceData } from './keep-face-data.ts'
import { consentWithdrawnAt, tellFace } from './registration-face.repository.ts'

/**
 * 人脸识别 of a person of the own unit, as it was passed at a workstation: an identity check of the method `face`. What came along of the face
 * itself is kept or not (`keepFaceData`); the check is in either case. Made after the consent was withdrawn, it is none.
 * @throws AppError not-found, registration-left, identity-check-own, face-consent-missing, face-consent-withdrawn, face-guardian-missing, request-malformed with details {field}
 */
export async function recordFaceCheck(context: ServiceContext, trx: CentralDb, who: Who, check: RecordFaceCheck): Promise<FaceCheckReceipt> {
  await nextSeq(trx, who.organizationId)
  const registration = await findOwnRegistration(trx, who.organizationId, check.registrationId)
  if (!registration) throw new AppError('not-found')
  if (registration.status === 'left') throw new AppError('registration-left')
  const accountId = await accountOfUnit(trx, who, check.accountId)
  const decisionReason = await decisionOf(trx, accountId, registration, check)
  const now = context.clock.now()
  const withdrawnAt = await requireConsent(context, trx, registration, check, now)
  const id = newId(now)
  const consentAt = earlier(check.consent.at, now)
  await insertIdentityCheck(trx, {
    id, registration_id: registration.id, method: 'face', result: 'passed', score: check.score, account_id: accountId, at: earlier(check.at, now),
    second_account_id: null, second_at: null, id_card_no_hash: registration.id_card_no_hash, document_id: null, portrait_id: null,
  })
  await trx
    .insertInto('face_check')
    .values({
      id, outcome: check.outcome, decision_reason_sealed: decisionReason && context.personal.seal(decisionReason, { column: 'face_check.decision_reason', rowId: id }),
      model_id: check.modelId, crop_version: check.cropVersion, consent_version: check.consent.version, consent_at: consentAt, consent_channel: check.consent.channel,
      guardian: check.consent.guardian ? 1 : 0, sent_by_account_id: who.accountId, device_id: who.deviceId, received_at: now.toISOString(),
    })
    .execute()
  const kept = await keepFaceData(context, trx, who, { check, checkId: id, registration, withdrawnAt, consentAt, now })
  await trx.updateTable('face_check').set({ kept_template: kept.keptTemplate ? 1 : 0, kept_picture: kept.keptPicture ? 1 : 0 }).where('id', '=', id).execute()
  await tellFace(trx, who.organizationId, registration.id)
  await tellBindingsOf(trx, who.organizationId, registration.id_card_no_hash)
  const details = {
    registrationId: registration.id, checkId: id, outcome: check.outcome, template: kept.keptTemplate ? 1 : 0, picture: kept.keptPicture ? 1 : 0,
    ...(kept.notKept === null ? {} : { notKept: kept.notKept }), toldBy: who.accountId,
  }
  await appendAudit(context.personal, trx, { kind: 'face-check-recorded', organizationId: who.organizationId, accountId, deviceId: who.deviceId, details }, now)
  return { id, registrationId: registration.id, ...kept }
}

/** A workstation's clock may be ahead: nothing is in the books before it happened here. */
const earlier = (told: string, now: Date): string => new Date(Math.min(Date.parse(told), now.getTime())).toISOString()

/** The clerk's reason where the clerk has decided; nobody decides about themself. */
async function decisionOf(trx: CentralDb, accountId: string, registration: RegistrationWithPerson, { outcome, decisionReason, score }: RecordFaceCheck): Promise<string | null> {
  const reason = decisionReason === null ? '' : tidyText(decisionReason)
  if ((outcome === 'decided-by-clerk') !== (reason !== '')) throw new AppError('request-malformed', { field: 'decisionReason' })
  if (outcome === 'matched') {
    if (score === null) throw new AppError('request-malformed', { field: 'score' })
    return null
  }
  await requireSomebodyElse(trx, accountId, registration)
  return reason
}

/** @returns until when consents are withdrawn: where the check was made before that, it counts, and nothing of the face is kept any more */
async function requireConsent({ personal }: ServiceContext, trx: CentralDb, registration: RegistrationWithPerson, { at, consent }: RecordFaceCheck, now: Date): Promise<string | null> {
  if (Date.parse(consent.at) > Date.parse(at)) throw new AppError('face-consent-missing')
  const withdrawnAt = await consentWithdrawnAt(trx, registration.id)
  const isWithdrawn = withdrawnAt !== null && Date.parse(consent.at) <= Date.parse(withdrawnAt)
  if (isWithdrawn && Date.parse(at) > Date.parse(withdrawnAt)) throw new AppError('face-consent-withdrawn')
  const idCardNo = personal.open(registration.id_card_no_sealed, { column: 'person.id_card_no', rowId: registration.person_id })
  if (!consent.guardian && needsGuardian(idCardNo, new Date(earlier(consent.at, now)))) throw new AppError('face-guardian-missing')
  return isWithdrawn ? withdrawnAt : null
}
