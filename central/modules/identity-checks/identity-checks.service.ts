import type { ComparedPictures, IdentityCheckReceipt, IdentityChecksOfOne, SecondLook, WaitingIdentityCheck } from '../../../shared/api/identity-checks.ts'
import { maskIdCardNo } from '../../../shared/domain/masks.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { tellBindingsOf } from '../bindings/binding.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import {
  areSamePictures, closeCheck, findCheck, findWaitingCheck, identityChecksOf, insertIdentityCheck, passedIdentityChecks, picturesOf, picturesOfCheck, requireSomebodyElse, waitingChecks,
} from './identity-check.repository.ts'

/** Those of the caller's unit that wait for a second person. */
export async function listWaitingChecks({ db, personal }: ServiceContext, who: Who): Promise<WaitingIdentityCheck[]> {
  const rows = await waitingChecks(db, who.organizationId)
  return rows.map((row) => ({
    id: row.id, registrationId: row.registration_id, name: row.name, personType: row.person_type, at: row.at, by: row.display_name ?? '', own: row.account_id === who.accountId,
    maskedIdCardNo: maskIdCardNo(personal.open(row.id_card_no_sealed, { column: 'person.id_card_no', rowId: row.person_id })),
  }))
}

/** @throws AppError not-found outside the caller's unit */
export async function checksOfRegistration({ db, personal }: ServiceContext, who: Who, registrationId: string): Promise<IdentityChecksOfOne> {
  return inTransaction(db, async (trx) => {
    const registration = await findOwnRegistration(trx, who.organizationId, registrationId)
    if (!registration) throw new AppError('not-found')
    const pictures = await picturesOf(trx, who.organizationId, registrationId)
    const waiting = await findWaitingCheck(trx, registrationId)
    return {
      name: registration.name,
      maskedIdCardNo: maskIdCardNo(personal.open(registration.id_card_no_sealed, { column: 'person.id_card_no', rowId: registration.person_id })),
      items: await identityChecksOf(trx, personal, registrationId, pictures),
      passed: (await passedIdentityChecks(trx, [registrationId])).get(registrationId) ?? null,
      pictures,
      ownWaits: waiting?.account_id === who.accountId,
    }
  })
}

/**
 * 非人脸核验, first of two: the caller has compared these two pictures. One that waits and was made by pictures that have been replaced makes room.
 * @throws AppError not-found, registration-left, identity-check-own, identity-check-changed, identity-check-passed, identity-check-waits
 */
export async function beginIdentityCheck(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string, compared: ComparedPictures): Promise<IdentityCheckReceipt> {
  await nextSeq(trx, who.organizationId)
  const registration = await findOwnRegistration(trx, who.organizationId, registrationId)
  if (!registration) throw new AppError('not-found')
  if (registration.status === 'left') throw new AppError('registration-left')
  await requireSomebodyElse(trx, who.accountId, registration)
  const pictures = await picturesOf(trx, who.organizationId, registrationId)
  if (!areSamePictures(pictures, compared)) throw new AppError('identity-check-changed')
  if ((await passedIdentityChecks(trx, [registrationId])).has(registrationId)) throw new AppError('identity-check-passed')
  const waiting = await findWaitingCheck(trx, registrationId)
  if (waiting && waiting.id_card_no_hash === registration.id_card_no_hash && areSamePictures(picturesOfCheck(waiting), pictures)) throw new AppError('identity-check-waits')
  if (waiting) await closeCheck(trx, waiting.id, { result: 'refused', second_account_id: null, second_at: null })
  const now = context.clock.now()
  const id = newId(now)
  await insertIdentityCheck(trx, {
    id, registration_id: registrationId, method: 'non-face', result: 'awaiting-second', score: null, account_id: who.accountId, at: now.toISOString(),
    second_account_id: null, second_at: null, id_card_no_hash: registration.id_card_no_hash, document_id: compared.documentId, portrait_id: compared.portraitId,
  })
  await audit(context, trx, who, 'identity-check-begun', registrationId, now)
  return { id, result: 'awaiting-second' }
}

/**
 * 复核: another account of the unit confirms what the first has seen, of the same pictures, or says that it is not so.
 * @throws AppError not-found, identity-check-closed, identity-check-same-account, identity-check-own, identity-check-changed
 */
export async function finishIdentityCheck(context: ServiceContext, trx: CentralDb, who: Who, id: string, { result, ...compared }: SecondLook): Promise<IdentityCheckReceipt> {
  // First, as every writer does: of two second people one finds it closed.
  await nextSeq(trx, who.organizationId)
  const check = await findCheck(trx, who.organizationId, id)
  const registration = check && (await findOwnRegistration(trx, who.organizationId, check.registration_id))
  if (!check || !registration) throw new AppError('not-found')
  if (check.result !== 'awaiting-second') throw new AppError('identity-check-closed')
  if (check.account_id === who.accountId) throw new AppError('identity-check-same-account')
  await requireSomebodyElse(trx, who.accountId, registration)
  const pictures = await picturesOf(trx, who.organizationId, registration.id)
  const isSame = areSamePictures(pictures, compared) && areSamePictures(pictures, picturesOfCheck(check)) && check.id_card_no_hash === registration.id_card_no_hash
  if (!isSame) throw new AppError('identity-check-changed')
  const now = context.clock.now()
  await closeCheck(trx, id, { result, second_account_id: who.accountId, second_at: now.toISOString() })
  await tellBindingsOf(trx, who.organizationId, registration.id_card_no_hash)
  await audit(context, trx, who, result === 'passed' ? 'identity-check-passed' : 'identity-check-refused', registration.id, now)
  return { id, result }
}

async function audit({ personal }: ServiceContext, trx: CentralDb, { organizationId, accountId, deviceId }: Who, kind: string, registrationId: string, now: Date): Promise<void> {
  await appendAudit(personal, trx, { kind, organizationId, accountId, deviceId, details: { registrationId } }, now)
}
