import type { RegistrationForm, RegistrationRow } from '../../../../shared/contract/registrations.contract.ts'
import { labelOf } from '../../../../shared/dictionaries/index.ts'
import { ageOn } from '../../../../shared/domain/derive.ts'
import { emptyPersonValues, type PersonValues } from '../../../../shared/domain/person-fields.ts'
import { maskIdCardNo, maskMobile } from '../../../../shared/domain/masks.ts'
import { sameValues } from '../../../../shared/domain/merge.ts'
import type { Regions } from '../../../../shared/domain/regions.ts'
import { isErrorCode } from '../../../../shared/errors/codes.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'

/** The newest text here: what was typed, else what was saved. */
export function newestValues(record: StoredRecord): PersonValues {
  return record.draft?.values ?? record.body ?? emptyPersonValues()
}

/** 是否人脸认证: what was passed here counts before the central service has heard of it. */
export const isFaceEnrolled = (record: Pick<StoredRecord, 'face_enrolled' | 'face_checked'>): boolean => record.face_enrolled === 1 || record.face_checked === 1

/** @param today yyyy-MM-dd in Shanghai */
export function toRow(record: StoredRecord, today: string, regions: Regions): RegistrationRow {
  const values = newestValues(record)
  return {
    id: record.id,
    personType: record.person_type,
    name: shownName(values.name, record),
    sex: labelOf('sex', values.sex),
    maskedIdCardNo: maskIdCardNo(values.idCardNo),
    age: ageOn(values.birthDate, today),
    maskedMobile: maskMobile(values.mobile),
    nativePlace: regions.label(values.nativePlace),
    highestEducation: labelOf('highestEducation', values.highestEducation),
    professionalTitle: values.professionalTitle,
    workType: labelOf('workType', values.workType),
    employmentStatus: record.employment_status,
    faceEnrolled: isFaceEnrolled(record),
    reviewStatus: record.review_status,
    syncState: record.state,
    returnReason: returnReason(record),
    hasDraft: record.draft !== null,
    updatedAt: record.updated_at,
  }
}

export function toForm(record: StoredRecord): RegistrationForm {
  return {
    id: record.id,
    personType: record.person_type,
    values: newestValues(record),
    revision: record.local_rev,
    hasDraft: record.draft !== null,
    isOnlyDraft: record.draft !== null && record.body === null,
    syncState: record.state,
    reviewStatus: record.review_status,
    employmentStatus: record.employment_status,
    returnReason: returnReason(record),
    changedElsewhere: record.state !== 'conflict' && record.remote !== null && record.base !== null && !sameValues(record.remote, record.base),
    departure: departureView(record),
    keptAt: record.draft?.keptAt ?? null,
  }
}

function departureView({ departure, leaving }: StoredRecord): RegistrationForm['departure'] {
  if (departure) return { ...departure, state: 'done' }
  if (!leaving) return null
  const { reason, note, leftOn } = leaving
  return { reason, note, leftOn, state: 'queued' }
}

function returnReason({ return_code, return_comment }: StoredRecord): RegistrationRow['returnReason'] {
  if (return_code === null && return_comment === null) return null
  return { code: return_code !== null && isErrorCode(return_code) ? return_code : null, comment: return_comment }
}
