import { deriveFromIdCardNo } from '../../../../shared/domain/derive.ts'
import { valuesOfKind, type PersonValues } from '../../../../shared/domain/person-fields.ts'
import type { PersonType } from '../../../../shared/domain/statuses.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { indexName } from '../../database/names.ts'
import { newId } from '../../database/new-id.ts'
import { findRecordIdByIdCardNo, insertRecord, putDraft } from '../../database/record.repository.ts'
import { indexRecord } from '../../database/search.repository.ts'

/**
 * A person begun: a draft with everything the number tells, over whatever else is known that this kind of person has.
 * @param place in the list
 * @returns the id
 * @throws AppError registration-here where the person stands in the list already
 */
export async function beginRecord(trx: LocalDb, personType: PersonType, known: PersonValues, now: Date, place: string): Promise<string> {
  const existing = await findRecordIdByIdCardNo(trx, known.idCardNo)
  if (existing) throw new AppError('registration-here', { id: existing })
  const id = newId(now)
  const values = { ...valuesOfKind(personType, known), ...deriveFromIdCardNo(known.idCardNo) }
  await insertRecord(trx, {
    id, person_type: personType, version: null, base: null, body: null, id_card_no: known.idCardNo, state: 'local-only', review_status: 'unsubmitted',
    employment_status: 'employed', face_enrolled: 0, return_code: null, return_comment: null, updated_at: place,
  })
  await putDraft(trx, id, values, now.toISOString())
  await indexRecord(trx, id, values, indexName(values.name), place)
  return id
}
