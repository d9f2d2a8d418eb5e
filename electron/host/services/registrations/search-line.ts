import type { ManagerValues } from '../../../../shared/domain/manager-fields.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { indexName } from '../../database/names.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { indexRecord } from '../../database/search.repository.ts'
import { shownName } from './registration-view.ts'

/** The search finds what the list shows. @param values the newest ones, a draft's where there is one */
export async function indexShown(trx: LocalDb, record: Pick<StoredRecord, 'id' | 'body' | 'base'>, values: ManagerValues, at: string): Promise<void> {
  const name = shownName(values.name, record)
  await indexRecord(trx, record.id, { ...values, name }, indexName(name), at)
}
