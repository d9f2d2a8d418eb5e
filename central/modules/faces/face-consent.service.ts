import type { FaceWithdrawalReceipt, WithdrawFaceConsent } from '../../../shared/api/faces.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import { accountOfUnit } from './account-of-unit.ts'
import { forgetFaceData } from './face-data.repository.ts'
import { consentWithdrawnAt, tellFace } from './registration-face.repository.ts'

/**
 * 撤回同意 (个人信息保护法 arts. 15, 47): what is held of the face goes, and the unit's workstations hear until when consents are withdrawn. The checks stay: what was
 * done before is not undone by it. It holds also of a registration that has ended, and where nothing is held: a workstation may still hold something.
 * @throws AppError not-found
 */
export async function withdrawFaceConsent(context: ServiceContext, trx: CentralDb, who: Who, { registrationId, accountId: told, at, reason }: WithdrawFaceConsent): Promise<FaceWithdrawalReceipt> {
  await nextSeq(trx, who.organizationId)
  const registration = await findOwnRegistration(trx, who.organizationId, registrationId)
  if (!registration) throw new AppError('not-found')
  const accountId = await accountOfUnit(trx, who, told)
  const now = context.clock.now()
  const known = await consentWithdrawnAt(trx, registrationId)
  // Withdrawn at two workstations: the later one counts. A clock that is ahead withdraws nothing that is agreed to afterwards.
  const time = Math.max(Math.min(Date.parse(at), now.getTime()), known === null ? 0 : Date.parse(known))
  const withdrawn = new Date(time).toISOString()
  const { templates, pictures } = (await isOutdated(trx, registrationId, time)) ? { templates: 0, pictures: 0 } : await forgetFaceData(trx, who.organizationId, { registrationId })
  const words = tidyText(reason)
  await tellFace(trx, who.organizationId, registrationId, {
    consent_withdrawn_at: withdrawn,
    withdrawal_reason_sealed: words === '' ? null : context.personal.seal(words, { column: 'registration_face.withdrawal_reason', rowId: registrationId }),
  })
  const details = { registrationId, templates, pictures, toldBy: who.accountId }
  await appendAudit(context.personal, trx, { kind: 'face-consent-withdrawn', organizationId: who.organizationId, accountId, deviceId: who.deviceId, details }, now)
  return { registrationId, consentWithdrawnAt: withdrawn, deletedTemplates: templates, deletedPictures: pictures }
}

/** What is held rests on a consent that was given after this withdrawal, which waited longer at its workstation. */
async function isOutdated(trx: CentralDb, registrationId: string, time: number): Promise<boolean> {
  const held = await trx.selectFrom('face_data').select('consent_at').where('id', '=', registrationId).executeTakeFirst()
  return held !== undefined && Date.parse(held.consent_at) > time
}
