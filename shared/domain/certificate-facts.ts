import type { PersonValues } from './person-fields.ts'
import { specialTradeProblem } from './special-trades.ts'
import type { SubmissionFacts } from './binding.ts'

/** 证书有效期 without an end. */
const unlimited = '长期'

/**
 * What somebody's certificates say of a submission to a project on a day; the rest of `SubmissionFacts` stands in tables. Of 执业证书 one that
 * is valid is enough: a person keeps old ones in the form.
 * @param today yyyy-MM-dd in Shanghai
 */
export function certificateFacts({ workType, birthDate, specialCertificates, licences }: Pick<PersonValues, 'workType' | 'birthDate' | 'specialCertificates' | 'licences'>, today: string): Pick<SubmissionFacts, 'workTypeCertified' | 'licencesExpired'> {
  const valid = specialCertificates.filter(({ expiresOn = '' }) => expiresOn >= today)
  const ended = licences.filter(({ validUntil = '' }) => validUntil !== '' && validUntil !== unlimited && validUntil < today)
  return {
    workTypeCertified: specialTradeProblem(workType, { specialCertificates: valid }, birthDate, today) === null,
    licencesExpired: licences.length > 0 && ended.length === licences.length,
  }
}
