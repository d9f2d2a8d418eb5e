import * as v from 'valibot'
import type { OwnSelfRegistration } from '../../../shared/api/self-registrations.ts'
import { selfRegistrationTextsSchema, type SelfRegistrationTexts } from '../../../shared/domain/self-registration.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { ServiceContext } from '../../service-context.ts'
import type { SelfRegistrationRow } from './self-registration.repository.ts'
import { receiptOf, requireOwn } from './submit.service.ts'

/** For the phone that holds the token, and nobody else. @throws AppError not-found */
export async function readOwnState({ db, personal }: ServiceContext, id: string, token: string): Promise<OwnSelfRegistration> {
  const row = await requireOwn(db, id, token)
  const isReturned = row.state === 'returned'
  return {
    ...(await receiptOf(db, row)),
    submittedAt: row.submitted_at,
    settledAt: row.settled_at,
    reason: isReturned ? openReason(personal, row) : null,
    values: isReturned ? openTexts(personal, row) : null,
  }
}

export function openTexts(personal: PersonalData, { id, values_sealed }: Pick<SelfRegistrationRow, 'id' | 'values_sealed'>): SelfRegistrationTexts {
  return v.parse(selfRegistrationTextsSchema, JSON.parse(personal.open(values_sealed, { column: 'self_registration.values', rowId: id })))
}

function openReason(personal: PersonalData, { id, reason_sealed }: SelfRegistrationRow): string | null {
  return reason_sealed === null ? null : personal.open(reason_sealed, { column: 'self_registration.reason', rowId: id })
}
