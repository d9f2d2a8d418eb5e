import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { CentralDb } from '../../../central/database/database.ts'
import { openCentralDatabase } from '../../../central/database/open.ts'
import { toOrganizationResource, type OrganizationRow } from '../../../central/modules/organization/organization.repository.ts'
import { findOwnRegistration, toRegistrationResource, valueColumns, type RegistrationWithPerson } from '../../../central/modules/registrations/registration.repository.ts'
import { readChanges } from '../../../central/modules/sync/changes.service.ts'
import { createPersonalData } from '../../../central/personal-data/personal-data.ts'
import { recordId } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import type { Pair } from './local-peers.ts'
import { textsPreparedBy, textWith } from './statements.ts'

const people = 5_000
const pageSize = 100

/** The central service's embedded file with 5,000 registrations of one unit. The raw peer reads it over a connection of its own. */
export async function centralPairs(directory: string) {
  const path = join(directory, 'central.db')
  const { db, epoch, close } = await openCentralDatabase({ kind: 'sqlite', path })
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const organizationId = randomUUID()
  await fill(db, organizationId, personal)

  const context = { db, epoch, personal, clock: { now: () => new Date() } }
  const who = { organizationId, accountId: randomUUID(), deviceId: 'bench' }
  const changes = (after: number) => readChanges(context, who, { after, epoch, limit: pageSize })
  const find = async (id: string) => {
    const row = await findOwnRegistration(db, organizationId, id)
    return row && toRegistrationResource(row, personal)
  }

  const texts = await textsPreparedBy(Sqlite.prototype, async () => {
    await find(recordId(0))
    await changes(0)
  })
  const file = new Sqlite(path)
  const prepared = (start: string, part = '') => file.prepare(textWith(texts, start, part))
  const byId = prepared('select', '"r"."id" =')
  const [organization, changed, removed, begin, commit] = [prepared('select', 'from "organization"'), prepared('select', '"r"."seq" >'), prepared('select', '"removed_registration"'), file.prepare('begin'), file.prepare('commit')]

  const rawChanges = (after: number) => {
    begin.run()
    const unit = organization.get(organizationId) as OrganizationRow
    const registrations = changed.all(organizationId, after, pageSize + 1) as RegistrationWithPerson[]
    const removals = removed.all(organizationId, after, pageSize + 1) as { seq: number; registration_id: string }[]
    commit.run()
    const items = [
      ...registrations.map((row) => ({ seq: row.seq, registration: toRegistrationResource(row, personal) })),
      ...removals.map((row) => ({ seq: row.seq, id: row.registration_id })),
      ...(unit.changed_seq > after ? [{ seq: unit.changed_seq, organization: toOrganizationResource(unit, personal) }] : []),
    ].sort((a, b) => a.seq - b.seq)
    return items.slice(0, pageSize)
  }
  const idOf = (round: number) => recordId((round * 7) % people)
  const afterOf = (round: number) => (round * pageSize) % (people - 2 * pageSize)
  const pairs: Record<string, Pair> = {
    'central-registration-read': { ours: (round) => find(idOf(round)), raw: (round) => toRegistrationResource(byId.get(organizationId, idOf(round)) as RegistrationWithPerson, personal) },
    'central-change-feed': { ours: (round) => changes(afterOf(round)), raw: (round) => rawChanges(afterOf(round)) },
  }
  return { pairs, close: async () => (file.close(), await close()) }
}

async function fill(db: CentralDb, organizationId: string, personal: ReturnType<typeof createPersonalData>): Promise<void> {
  const at = new Date().toISOString()
  const sealed = (column: 'organization.contact_phone' | 'person.id_card_no', rowId: string, text: string) => personal.seal(text, { column, rowId })
  await db.insertInto('organization').values({
    id: organizationId, version: 1, seq: people, changed_seq: 0, name: '甲修缮公司', kind: 'contractor', credit_code: '91310000MA1FL0000X', address: '', contact_name: '',
    contact_phone_sealed: sealed('organization.contact_phone', organizationId, '021-00000000'), recovery_public_key: '', created_at: at, updated_at: at,
  }).execute()
  await db.transaction().execute(async (trx) => {
    for (let index = 0; index < people; index++) {
      const [id, personId, values] = [recordId(index), randomUUID(), personValues(index)]
      const columns = valueColumns(id, values, personal)
      await trx.insertInto('person').values({ id: personId, id_card_no_hash: columns.id_card_no_hash, id_card_no_sealed: sealed('person.id_card_no', personId, values.idCardNo), created_at: at }).execute()
      await trx.insertInto('registration').values({
        id, organization_id: organizationId, person_id: personId, person_type: 'manager', status: 'active', review_comment: null, face_enrolled: 0, version: 1, seq: index + 1,
        created_at: at, updated_at: at, ...columns,
      }).execute()
    }
  })
}
