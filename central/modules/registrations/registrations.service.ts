import type * as v from 'valibot'
import type { registrationCreate, WriteReceipt } from '../../../shared/api/resources.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { checkIdCardNo, normalizeIdCardNo } from '../../../shared/domain/id-card-no.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import type { PersonPatch } from '../../../shared/domain/person-schema.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'
import { normalizeMobile } from '../../../shared/domain/mobile.ts'
import type { PersonType, RegistrationStatus } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { removeAttachmentsOf } from '../attachments/attachments.service.ts'
import { endBindingsOfRegistration, followIdCardNo } from '../bindings/end-bindings.ts'
import { forgetFaceData } from '../faces/face-data.repository.ts'
import { tellFaceWhereKnown } from '../faces/registration-face.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { settleRegistered } from '../self-registrations/settle.service.ts'
import { findLastLeft } from '../transfers/departure.repository.ts'
import {
  dropUnregisteredPerson, findLive, findOrInsertPerson, findOwnRegistration, insertRegistration, isIdTaken, removeOwnRegistration, updateOwnRegistration, valueColumns, valuesOf, type RegistrationWithPerson,
} from './registration.repository.ts'

type Create = v.InferOutput<typeof registrationCreate>

/**
 * 新增 of a person. At most one live registration a person in the whole system; moving means 离职迁出 there first
 * (manual 4.1, note). The other unit is never named.
 * @throws AppError registration-invalid, registration-here, registration-elsewhere
 */
export async function createRegistration(context: ServiceContext, trx: CentralDb, who: Who, { id, personType, values }: Create): Promise<WriteReceipt> {
  const normal = validated(context, personType, values)
  const now = context.clock.now().toISOString()
  const seq = await nextSeq(trx, who.organizationId)
  const status = statusOnceHandedIn(context)
  const columns = valueColumns(id, normal, context.personal)
  const personId = await personOf(context, trx, normal.idCardNo, columns.id_card_no_hash, now)
  const explain = async (db: CentralDb) => {
    await refuseTaken(context, db, who, normal.idCardNo, null)
    if (await isIdTaken(db, id)) throw new AppError('request-malformed', { field: 'id' })
  }
  await orTaken(explain, () =>
    insertRegistration(trx, {
      id, organization_id: who.organizationId, person_id: personId, person_type: personType, status, review_comment: null,
      face_enrolled: 0, version: 1, seq, created_at: now, updated_at: now, ...columns,
    }),
  )
  await settleRegistered(context, trx, who, new Map([[columns.id_card_no_hash, id]]))
  await audit(context, trx, who, 'registration-created', id)
  return { id, version: 1, status }
}

/** 审核状态 of what a clerk has just handed in. */
export function statusOnceHandedIn({ approvesAutomatically = false }: ServiceContext): Extract<RegistrationStatus, 'pending' | 'active'> {
  return approvesAutomatically ? 'active' : 'pending'
}

/**
 * A change of some fields; the kind of person stays what it was. Whatever was approved or refused before is to be reviewed again.
 * @throws AppError not-found, version-conflict, registration-left, registration-invalid, registration-here, registration-elsewhere
 */
export async function patchRegistration(context: ServiceContext, trx: CentralDb, who: Who, edit: { id: string; baseVersion: number; changes: PersonPatch }): Promise<WriteReceipt> {
  const seq = await nextSeq(trx, who.organizationId)
  const current = await requireVersion(trx, who, edit.id, edit.baseVersion)
  if (current.status === 'left') throw new AppError('registration-left')
  const normal = validated(context, current.person_type, { ...valuesOf(current, context.personal), ...edit.changes })
  const now = context.clock.now().toISOString()
  const columns = valueColumns(edit.id, normal, context.personal)
  const personId = await personOf(context, trx, normal.idCardNo, columns.id_card_no_hash, now)
  const version = edit.baseVersion + 1
  const status = statusOnceHandedIn(context)
  const change = { ...columns, person_id: personId, status, review_comment: null, version, seq, updated_at: now }
  const updated = await orTaken((db) => refuseTaken(context, db, who, normal.idCardNo, edit.id), () =>
    updateOwnRegistration(trx, { organizationId: who.organizationId, id: edit.id, version: edit.baseVersion }, change),
  )
  if (!updated) throw new AppError('version-conflict')
  if (personId !== current.person_id) {
    await followIdCardNo(context, trx, who, edit.id, columns.id_card_no_hash)
    await forgetFaceData(trx, who.organizationId, { registrationId: edit.id })
    await tellFaceWhereKnown(trx, who.organizationId, edit.id)
    await dropUnregisteredPerson(trx, current.person_id)
  }
  await audit(context, trx, who, 'registration-changed', edit.id, { fields: Object.keys(edit.changes).length })
  return { id: edit.id, version, status }
}

/**
 * Takes back what is not approved. The number is free again at once.
 * @throws AppError not-found, version-conflict, forbidden for an approved registration: that one ends by 离职迁出
 */
export async function withdrawRegistration(context: ServiceContext, trx: CentralDb, who: Who, { id, baseVersion }: { id: string; baseVersion: number }): Promise<WriteReceipt> {
  const seq = await nextSeq(trx, who.organizationId)
  const current = await requireVersion(trx, who, id, baseVersion)
  if (current.status !== 'pending' && current.status !== 'refused') throw new AppError('forbidden')
  await endBindingsOfRegistration(context, trx, who, id)
  await removeAttachmentsOf(context, trx, who, id)
  await removeOwnRegistration(trx, who.organizationId, id, seq, context.clock.now().toISOString())
  await dropUnregisteredPerson(trx, current.person_id)
  await audit(context, trx, who, 'registration-withdrawn', id)
  return { id, version: baseVersion + 1, status: current.status }
}

/** What 新增 asks first. @throws AppError with what is wrong with the number */
export async function checkForRegistration(
  context: ServiceContext,
  who: Who,
  raw: string,
): Promise<{ outcome: 'free'; transferIn: boolean } | { outcome: 'here'; registrationId: string } | { outcome: 'elsewhere' }> {
  const hash = context.personal.hashIdCardNo(validIdCardNo(context, raw))
  const live = await findLive(context.db, hash)
  const outcome = !live ? 'free' : live.organization_id === who.organizationId ? 'here' : 'elsewhere'
  const { organizationId, accountId, deviceId } = who
  // Who asks for many numbers that are not his unit's is found here. The number itself stays out.
  await appendAudit(context.personal, context.db, { kind: 'id-card-no-checked', organizationId, accountId, deviceId, details: { outcome } }, context.clock.now())
  if (live) return outcome === 'here' ? { outcome, registrationId: live.id } : { outcome: 'elsewhere' }
  return { outcome: 'free', transferIn: (await findLastLeft(context.db, hash)) !== undefined }
}

/** As it is stored. @throws AppError with what is wrong with the number */
export function validIdCardNo(context: ServiceContext, raw: string): string {
  const checked = checkIdCardNo(raw, today(context))
  if (!checked.ok) throw new AppError(checked.code, checked.details)
  return checked.normalized
}

/** As they are stored. @throws AppError registration-invalid */
export function validated(context: ServiceContext, personType: PersonType, values: PersonValues): PersonValues {
  const problems = validatePerson(personType, values, today(context))
  const fields = Object.keys(problems)
  // Names of fields only: a sentence may quote what was typed.
  if (fields.length > 0) throw new AppError('registration-invalid', { count: fields.length, fields })
  return { ...values, idCardNo: normalizeIdCardNo(values.idCardNo), mobile: normalizeMobile(values.mobile) }
}

async function refuseTaken(context: ServiceContext, db: CentralDb, who: Who, idCardNo: string, ownId: string | null): Promise<void> {
  const live = await findLive(db, context.personal.hashIdCardNo(idCardNo))
  if (!live || live.id === ownId) return
  throw live.organization_id === who.organizationId ? new AppError('registration-here', { id: live.id }) : new AppError('registration-elsewhere')
}

/** The unique indexes decide, also between two units at the same moment; `explain` says afterwards what for. */
async function orTaken<T>(explain: (db: CentralDb) => Promise<void>, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new TakenMeanwhile(explain)
  }
}

/** What was done in the transaction is lost; once that is undone `explain` throws which refusal it is. */
export class TakenMeanwhile extends Error {
  readonly explain: (db: CentralDb) => Promise<void>
  constructor(explain: (db: CentralDb) => Promise<void>) {
    super('taken meanwhile')
    this.explain = explain
  }
}

/** @throws AppError not-found also for another unit's, version-conflict */
export async function requireVersion(trx: CentralDb, who: Who, id: string, version: number): Promise<RegistrationWithPerson> {
  const current = await findOwnRegistration(trx, who.organizationId, id)
  if (!current) throw new AppError('not-found')
  if (current.version !== version) throw new AppError('version-conflict')
  return current
}

async function personOf(context: ServiceContext, trx: CentralDb, idCardNo: string, hash: string, now: string): Promise<string> {
  const id = newId(new Date(now))
  const sealed = context.personal.seal(idCardNo, { column: 'person.id_card_no', rowId: id })
  return findOrInsertPerson(trx, { id, hash, sealed }, now)
}

async function audit(context: ServiceContext, trx: CentralDb, who: Who, kind: string, registrationId: string, details: Record<string, number> = {}): Promise<void> {
  const { organizationId, accountId, deviceId } = who
  await appendAudit(context.personal, trx, { kind, organizationId, accountId, deviceId, details: { registrationId, ...details } }, context.clock.now())
}

function today(context: ServiceContext): string {
  return shanghaiDate(context.clock.now())
}
