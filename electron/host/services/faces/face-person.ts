import type { FacePerson } from '../../../../shared/contract/faces.contract.ts'
import { idCardFrontType, portraitType } from '../../../../shared/domain/attachments.ts'
import { needsGuardian } from '../../../../shared/domain/face/check.ts'
import { faceConsentVersion, type Guardian } from '../../../../shared/domain/face/consent.ts'
import type { IdentityCheckMethod } from '../../../../shared/domain/identity-check.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { attachmentsOf } from '../../database/attachment.repository.ts'
import { bindingsOfPerson } from '../../database/binding.repository.ts'
import { faceChecksOf } from '../../database/face-check.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { projectWritesOf } from '../../database/project-outbox.repository.ts'
import { findProject } from '../../database/project.repository.ts'
import { findRecord, type StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { eventsOf, findTemplate, standingConsent } from '../../faces/face.repository.ts'
import type { ConsentRow } from '../../faces/face-tables.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import { isFaceEnrolled, newestValues } from '../registrations/registration-view.ts'

/** @throws AppError not-found */
export async function requireRecord(db: LocalDb, recordId: string): Promise<StoredRecord> {
  const record = await findRecord(db, recordId)
  if (!record) throw new AppError('not-found')
  return record
}

/** @throws AppError registration-left */
export function refuseLeft(record: StoredRecord): void {
  if (record.employment_status === 'left') throw new AppError('registration-left')
}

/** Attachments 身份证人像面 and 正面照 of a registration; null where there is none here. */
export async function picturesOf(db: LocalDb, recordId: string): Promise<{ documentId: string | null; portraitId: string | null }> {
  const rows = await attachmentsOf(db, recordId)
  const newest = (type: string) => rows.findLast((row) => row.type === type)?.id ?? null
  return { documentId: newest(idCardFrontType), portraitId: newest(portraitType) }
}

/** The project's switch lets template and picture go to the central service. Outside any project none does. */
export async function mayBeSent(db: LocalDb, projectId: string | null): Promise<boolean> {
  return projectId !== null && (await findProject(db, projectId))?.faces_may_be_sent === 1
}

/** How the check has been passed, by whatever this machine knows. */
async function identityCheckOf(db: LocalDb, record: StoredRecord): Promise<IdentityCheckMethod | null> {
  if (isFaceEnrolled(record)) return 'face'
  const passed = (await bindingsOfPerson(db, record.id, record.id_card_no)).flatMap(({ identity_check }) => identity_check ?? [])
  return passed.includes('face') ? 'face' : (passed[0] ?? null)
}

/** Something of the face is here, or may be: at the central service, at another workstation of the unit. What is withdrawn already waits here, or is told. */
export async function mayWithdraw(db: LocalDb, { db: faces }: FaceFile, recordId: string): Promise<boolean> {
  if ((await standingConsent(faces, recordId)) ?? (await findTemplate(faces, recordId))) return true
  const told = (await faceChecksOf(db, [recordId])).get(recordId)
  if (!told || told.checked_at === null || (told.consent_withdrawn_at !== null && told.consent_withdrawn_at >= told.checked_at)) return false
  return !(await projectWritesOf(db, [recordId])).some(({ kind }) => kind === 'withdraw-face-consent')
}

const guardianOf = ({ guardian_json }: ConsentRow): Guardian | null => (guardian_json === null ? null : (JSON.parse(guardian_json) as Guardian))

/** Everything of one person's face but the face itself. */
export async function facePersonOf(db: LocalDb, file: FaceFile, record: StoredRecord, projectId: string | null, now: Date): Promise<FacePerson> {
  const { db: faces } = file
  const values = newestValues(record)
  const consent = await standingConsent(faces, record.id)
  const template = await findTemplate(faces, record.id)
  const events = await eventsOf(faces, record.id)
  return {
    recordId: record.id,
    name: shownName(values.name, record),
    maskedIdCardNo: maskIdCardNo(values.idCardNo),
    personType: record.person_type,
    needsGuardian: needsGuardian(values.idCardNo, now),
    ...(await picturesOf(db, record.id)),
    identityCheck: await identityCheckOf(db, record),
    consent:
      consent?.text_version === faceConsentVersion
        ? { at: consent.at, by: consent.by_name, channel: consent.channel, keepPicture: consent.keep_picture === 1, send: consent.send === 1, guardian: guardianOf(consent) }
        : null,
    enrolled: template ? { at: template.at, by: template.by_name, hasPicture: template.picture !== null } : null,
    mayWithdraw: await mayWithdraw(db, file, record.id),
    mayBeSent: await mayBeSent(db, projectId),
    history: events.map(({ at, by_name: by, what, reason, similarity }) => ({ at, by, what, reason, similarity })),
  }
}
