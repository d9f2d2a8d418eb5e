import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import type { LocalDb } from './local-tables.ts'
import { indexName } from './names.ts'
import type { StoredRecord } from './record.repository.ts'
import { indexRecord } from './search.repository.ts'

/** Who it is: a name that is cleared while another is typed names nobody, the one it had before does. */
export function shownName(typed: string, { body, base }: Pick<StoredRecord, 'body' | 'base'>): string {
  return [typed, body?.name, base?.name].find((name) => name?.trim()) ?? ''
}

/** The search finds what the list shows. @param values the newest ones, a draft's where there is one */
export async function indexShown(trx: LocalDb, record: Pick<StoredRecord, 'id' | 'body' | 'base'>, values: PersonValues, at: string): Promise<void> {
  const name = shownName(values.name, record)
  await indexRecord(trx, record.id, { ...values, name }, indexName(name), at)
}
