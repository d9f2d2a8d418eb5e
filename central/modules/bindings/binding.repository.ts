import { sql, type Selectable, type Updateable } from 'kysely'
import type { CentralDb } from '../../database/database.ts'
import { keptQuery, type RowOf } from '../../database/kept-query.ts'
import type { BindingEventTable, BindingTable } from './binding.tables.ts'

export type BindingRow = Selectable<BindingTable>

const byId = keptQuery<{ id: string }, BindingRow>((db, value) => db.selectFrom('binding').selectAll().where('id', '=', value('id')))

/** Of any unit: whose it is the caller looks at. */
export async function findBinding(db: CentralDb, id: string): Promise<BindingRow | undefined> {
  const [row] = await byId(db, { id })
  return row
}

/** Spelled out: PostgreSQL would not know of parameters in its place that the index holds these rows. */
export const isLive = sql<boolean>`status <> 'ended'`

/** Who of any unit is on a project now. */
export async function findLiveBinding(db: CentralDb, projectId: string, idCardNoHash: string): Promise<BindingRow | undefined> {
  return db.selectFrom('binding').selectAll().where('project_id', '=', projectId).where('id_card_no_hash', '=', idCardNoHash).where(isLive).executeTakeFirst()
}

/** Of a unit on a project, those that live. */
export async function liveBindingsOf(db: CentralDb, projectId: string, organizationId: string): Promise<BindingRow[]> {
  return db.selectFrom('binding').selectAll().where('project_id', '=', projectId).where('organization_id', '=', organizationId).where(isLive).orderBy('id').execute()
}

const insertion = keptQuery<RowOf<BindingTable>, unknown>((db, value) =>
  db.insertInto('binding').values({
    id: value('id'), project_id: value('project_id'), organization_id: value('organization_id'), person_type: value('person_type'), filed_person_id: value('filed_person_id'),
    registration_id: value('registration_id'), id_card_no_hash: value('id_card_no_hash'), status: value('status'), ending: value('ending'), review_comment: value('review_comment'),
    team_id: value('team_id'), version: value('version'), seq: value('seq'), created_at: value('created_at'), updated_at: value('updated_at'), submitted_at: value('submitted_at'),
    decided_at: value('decided_at'), ended_at: value('ended_at'),
  }),
)

/** One that is 待提交. @throws a unique violation where the person is on the project already, or the id is used */
export async function insertBinding(
  trx: CentralDb,
  { at, ...columns }: Pick<BindingRow, 'id' | 'project_id' | 'organization_id' | 'person_type' | 'filed_person_id' | 'registration_id' | 'id_card_no_hash' | 'team_id' | 'seq'> & { at: string },
): Promise<void> {
  await insertion(trx, { ...columns, status: 'unsubmitted', ending: null, review_comment: null, version: 1, created_at: at, updated_at: at, submitted_at: null, decided_at: null, ended_at: null })
}

export async function updateBinding(trx: CentralDb, id: string, change: Updateable<BindingTable>): Promise<void> {
  await trx.updateTable('binding').set(change).where('id', '=', id).execute()
}

const eventInsertion = keptQuery<RowOf<BindingEventTable>, unknown>((db, value) =>
  db.insertInto('binding_event').values({
    id: value('id'), binding_id: value('binding_id'), at: value('at'), action: value('action'), status: value('status'), comment: value('comment'),
    organization_id: value('organization_id'), account_id: value('account_id'),
  }),
)

/** Who did what when. */
export async function insertBindingEvent(trx: CentralDb, event: BindingEventTable): Promise<void> {
  await eventInsertion(trx, event)
}
