import { randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import type { OrganizationTable } from '../../../central/database/database.ts'
import { valueColumns } from '../../../central/modules/registrations/registration.repository.ts'
import type { PersonalData } from '../../../central/personal-data/personal-data.ts'
import { personValues } from '../../support/people.ts'
import type { BenchClerk } from './central-stage.ts'

/**
 * Writes people into the embedded file as the service would have, sealed and hashed, with the receipt and the event that each
 * leaves; only faster, and without a chain over the events. Shared out among the clerks' units in turn.
 * @param count of the people with the numbers 0 to count - 1
 */
export function fillPeople(path: string, personal: PersonalData, clerks: readonly BenchClerk[], count: number): void {
  const file = new Sqlite(path)
  file.pragma('synchronous = OFF')
  file.pragma('cache_size = -400000')
  const insert = (table: string, columns: number) => file.prepare(`insert into ${table} values (${Array.from({ length: columns }, () => '?').join(', ')})`)
  const [person, registration, receipt, event] = [insert('person', 4), insert('registration', 19), insert('applied_write', 6), insert('audit_event', 9)]
  const at = new Date().toISOString()
  const writePart = file.transaction((first: number, last: number) => {
    for (let index = first; index < last; index++) {
      const { organizationId, accountId, deviceId } = clerks[index % clerks.length] as BenchClerk
      const values = personValues(index)
      const [id, personId] = [randomUUID(), randomUUID()]
      const c = valueColumns(id, values, personal)
      const seq = Math.floor(index / clerks.length) + 2
      person.run(personId, c.id_card_no_hash, personal.seal(values.idCardNo, { column: 'person.id_card_no', rowId: personId }), at)
      registration.run(
        id, organizationId, personId, c.id_card_no_hash, 'manager', 'pending', null, 0, 1, seq, c.name, c.pinyin, c.initials, c.mobile_sealed, c.mobile_hash, c.residence_detail_sealed,
        c.values_sealed, at, at,
      )
      receipt.run(organizationId, randomUUID(), accountId, c.mobile_hash, JSON.stringify({ kind: 'applied', receipt: { id, version: 1, status: 'pending' } }), at)
      event.run(randomUUID(), at, 'registration-created', organizationId, accountId, deviceId, JSON.stringify({ registrationId: id }), seq, c.mobile_hash)
    }
  })
  for (let first = 0; first < count; first += 20_000) writePart(first, Math.min(first + 20_000, count))
  const advance = file.prepare<[number, OrganizationTable['id']]>('update organization set seq = ? where id = ?')
  for (const { organizationId } of clerks) advance.run(Math.ceil(count / clerks.length) + 2, organizationId)
  file.close()
}
