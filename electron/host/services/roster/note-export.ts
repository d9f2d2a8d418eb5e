import type { RevealReport } from '../../../../shared/api/reveal-resources.ts'
import { findRosterColumn } from '../../../../shared/domain/roster-columns.ts'
import type { RevealedField, RevealWhy } from '../../../../shared/domain/reveals.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { noteReveals } from '../../database/reveal-notes.repository.ts'

/** What of a person's numbers these columns tell: a birth date is a part of the ID number, and whoever is to be called in an emergency has a phone too. */
function numbersIn(columns: readonly string[]): RevealedField[] {
  const kinds = columns.map((key) => findRosterColumn(key)?.input.kind)
  return [...(kinds.includes('id-card-no') || columns.includes('birthDate') ? (['idCardNo'] as const) : []), ...(kinds.includes('mobile') || kinds.includes('phone') ? (['mobile'] as const) : [])]
}

/** Notes whose numbers leave in a file, for each person by themselves: who looked at whose number can be asked of the log afterwards. */
export async function noteExport(trx: LocalDb, ids: readonly string[], columns: readonly string[], { reason, words }: RevealWhy, accountId: string, now: Date): Promise<void> {
  const fields = numbersIn(columns)
  const at = now.toISOString()
  await noteReveals(trx, ids.flatMap((registrationId) => fields.map((field): RevealReport => ({ id: newId(now), registrationId, field, reason, words: words.trim(), accountId, at, exported: true }))))
}
