import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { socialInsuranceDaysLeft, socialInsuranceProofDays, socialInsuranceProofType } from '../../../../shared/domain/attachments.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import { newestProofs } from '../../database/attachment.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findRecords } from '../../database/record.repository.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { shownName } from '../../database/search-line.ts'

type ExpiringProof = Awaited<ReturnType<BridgeServices['attachments']['expiringProofs']>>['items'][number]

/** Long enough to have the next one made out. */
const warnedDays = 10

/** The moment, as it begins in Shanghai, from which a proof of this day is warned of. @param proofDate yyyy-MM-dd */
export function warnedFrom(proofDate: string): string {
  return new Date(Date.parse(`${proofDate}T00:00:00+08:00`) + (socialInsuranceProofDays - warnedDays) * 86_400_000).toISOString()
}

/** People whose newest 社保缴费证明 runs out within ten days or has run out, the first to do so first. */
export async function expiringProofs(db: LocalDb, now: Date): Promise<ExpiringProof[]> {
  const today = shanghaiDate(now)
  const due = (await newestProofs(db, socialInsuranceProofType))
    .map(({ recordId, proofDate }) => ({ recordId, proofDate, daysLeft: socialInsuranceDaysLeft(proofDate, today) }))
    .filter(({ daysLeft }) => daysLeft <= warnedDays)
    .sort((one, other) => one.daysLeft - other.daysLeft)
  const records = new Map((await findRecords(db, due.map(({ recordId }) => recordId))).map((record) => [record.id, record]))
  return due.flatMap((proof) => {
    const record = records.get(proof.recordId)
    if (!record) return []
    const values = newestValues(record)
    return [{ ...proof, name: shownName(values.name, record), maskedIdCardNo: maskIdCardNo(values.idCardNo) }]
  })
}
