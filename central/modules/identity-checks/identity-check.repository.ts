import { sql, type Selectable } from 'kysely'
import type { IdentityCheckResource } from '../../../shared/api/identity-checks.ts'
import { idCardFrontType, portraitType } from '../../../shared/domain/attachments.ts'
import type { FaceDataState, FaceOutcome } from '../../../shared/domain/face/check.ts'
import type { IdentityCheckMethod } from '../../../shared/domain/identity-check.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralDb } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import { attachmentsOf } from '../attachments/attachment.repository.ts'
import type { IdentityCheckTable } from '../bindings/binding.tables.ts'

/** Whether it has been checked that the person of this registration is who the ID card says: by the face, or by two managers. */
export async function hasPassedIdentityCheck(db: CentralDb, registrationId: string): Promise<boolean> {
  return (await passedIdentityChecks(db, [registrationId])).has(registrationId)
}

/**
 * The same for many. A face that the attendance system has enrolled counts as 人脸识别, whether or not a record of it came; a check of
 * somebody whose number the registration no longer bears counts for nothing.
 * @returns by the registration's id, of those who passed
 */
export async function passedIdentityChecks(db: CentralDb, registrationIds: readonly string[]): Promise<ReadonlyMap<string, IdentityCheckMethod>> {
  if (registrationIds.length === 0) return new Map()
  const enrolled = db
    .selectFrom('registration')
    .select(['id', sql<IdentityCheckMethod>`'face'`.as('method')])
    .where('id', 'in', registrationIds)
    .where('face_enrolled', '=', 1)
  const checked = db
    .selectFrom('identity_check as c')
    .innerJoin('registration as r', 'r.id', 'c.registration_id')
    .select(['r.id', 'c.method'])
    .where('c.registration_id', 'in', registrationIds)
    .where('c.result', '=', 'passed')
    .where((eb) => eb.or([eb('c.id_card_no_hash', 'is', null), eb('c.id_card_no_hash', '=', eb.ref('r.id_card_no_hash'))]))
  const passed = new Map<string, IdentityCheckMethod>()
  for (const { id, method } of [...(await checked.execute()), ...(await enrolled.execute())]) if (passed.get(id) !== 'face') passed.set(id, method)
  return passed
}

/** Accounts bear no ID number: what can be told is that one bears the person's name. @throws AppError identity-check-own */
export async function requireSomebodyElse(db: CentralDb, accountId: string, { name }: { readonly name: string }): Promise<void> {
  const account = await db.selectFrom('account').select('display_name').where('id', '=', accountId).executeTakeFirst()
  if (account?.display_name.trim() === name) throw new AppError('identity-check-own')
}

export interface Pictures {
  readonly documentId: string
  readonly portraitId: string
}

/** 身份证人像面 and 正面照 as they are now; null where one is missing. */
export async function picturesOf(db: CentralDb, organizationId: string, registrationId: string): Promise<Pictures | null> {
  const attachments = await attachmentsOf(db, organizationId, [registrationId])
  const newest = (wanted: string) => attachments.findLast(({ type }) => type === wanted)?.id
  const [documentId, portraitId] = [newest(idCardFrontType), newest(portraitType)]
  return documentId !== undefined && portraitId !== undefined ? { documentId, portraitId } : null
}

export const areSamePictures = (a: Pictures | null, b: Pictures | null): boolean => a !== null && b !== null && a.documentId === b.documentId && a.portraitId === b.portraitId

export type IdentityCheckRow = Selectable<IdentityCheckTable>

export const picturesOfCheck = ({ document_id, portrait_id }: Pick<IdentityCheckRow, 'document_id' | 'portrait_id'>): Pictures | null =>
  document_id !== null && portrait_id !== null ? { documentId: document_id, portraitId: portrait_id } : null

export async function insertIdentityCheck(trx: CentralDb, row: IdentityCheckTable): Promise<void> {
  await trx.insertInto('identity_check').values(row).execute()
}

export async function findWaitingCheck(db: CentralDb, registrationId: string): Promise<IdentityCheckRow | undefined> {
  return db.selectFrom('identity_check').selectAll().where('registration_id', '=', registrationId).where('result', '=', 'awaiting-second').executeTakeFirst()
}

export async function findCheck(db: CentralDb, organizationId: string, id: string): Promise<IdentityCheckRow | undefined> {
  return db
    .selectFrom('identity_check as c')
    .innerJoin('registration as r', 'r.id', 'c.registration_id')
    .selectAll('c')
    .where('c.id', '=', id)
    .where('r.organization_id', '=', organizationId)
    .executeTakeFirst()
}

export async function closeCheck(trx: CentralDb, id: string, closed: Pick<IdentityCheckRow, 'result' | 'second_account_id' | 'second_at'>): Promise<void> {
  await trx.updateTable('identity_check').set(closed).where('id', '=', id).execute()
}

/** Of the unit, longest waiting first. */
export function waitingChecks(db: CentralDb, organizationId: string) {
  return db
    .selectFrom('identity_check as c')
    .innerJoin('registration as r', 'r.id', 'c.registration_id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .leftJoin('account as a', 'a.id', 'c.account_id')
    .select(['c.id', 'c.registration_id', 'c.at', 'c.account_id', 'r.name', 'r.person_type', 'r.person_id', 'p.id_card_no_sealed', 'a.display_name'])
    .where('r.organization_id', '=', organizationId)
    .where('r.status', 'in', ['pending', 'active', 'refused'])
    .where(sql<boolean>`c.result = 'awaiting-second'`)
    .orderBy('c.at')
    .orderBy('c.id')
    .execute()
}

/** Of a registration, newest first. @param pictures as they are now */
export async function identityChecksOf(db: CentralDb, personal: PersonalData, registrationId: string, pictures: Pictures | null): Promise<IdentityCheckResource[]> {
  const rows = await db
    .selectFrom('identity_check as c')
    .leftJoin('account as a', 'a.id', 'c.account_id')
    .leftJoin('account as b', 'b.id', 'c.second_account_id')
    .leftJoin('face_check as f', 'f.id', 'c.id')
    .leftJoin('face_data as d', 'd.check_id', 'c.id')
    .leftJoin('registration_face as w', 'w.id', 'c.registration_id')
    .selectAll('c')
    .select(['a.display_name as first_name', 'b.display_name as second_name', 'f.outcome', 'f.decision_reason_sealed', 'f.kept_template', 'f.kept_picture', 'f.consent_at', 'w.consent_withdrawn_at'])
    .select(['d.template_sealed', 'd.picture_sealed'])
    .where('c.registration_id', '=', registrationId)
    .orderBy('c.at', 'desc')
    .orderBy('c.id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id, method: row.method, result: row.result, score: row.score, at: row.at, by: row.first_name, secondAt: row.second_at, secondBy: row.second_name,
    picturesReplaced: row.method === 'non-face' && !areSamePictures(picturesOfCheck(row), pictures),
    face: faceOf(row, personal),
  }))
}

interface FaceColumns {
  readonly id: string
  readonly outcome: FaceOutcome | null
  readonly decision_reason_sealed: string | null
  readonly kept_template: number | null
  readonly kept_picture: number | null
  readonly template_sealed: string | null
  readonly picture_sealed: string | null
  readonly consent_at: string | null
  readonly consent_withdrawn_at: string | null
}

function faceOf(row: FaceColumns, personal: PersonalData): IdentityCheckResource['face'] {
  const { id, outcome, decision_reason_sealed: reason, consent_at, consent_withdrawn_at } = row
  if (outcome === null) return null
  const state = (kept: number | null, sealed: string | null): FaceDataState => (sealed !== null ? 'kept' : kept === 1 ? 'deleted' : 'not-sent')
  return {
    outcome,
    decisionReason: reason && personal.open(reason, { column: 'face_check.decision_reason', rowId: id }),
    template: state(row.kept_template, row.template_sealed),
    picture: state(row.kept_picture, row.picture_sealed),
    consentWithdrawn: consent_at !== null && consent_withdrawn_at !== null && consent_at <= consent_withdrawn_at,
  }
}
