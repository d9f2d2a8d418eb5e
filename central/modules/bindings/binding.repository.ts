import { sql, type Selectable, type Updateable } from 'kysely'
import type { BindingResource } from '../../../shared/api/bindings.ts'
import type { CentralDb } from '../../database/database.ts'
import { keptQuery, type RowOf } from '../../database/kept-query.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import { nextSeq } from '../organization/organization.repository.ts'
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

const insertion = keptQuery<RowOf<BindingTable>, { id: string }>((db, value) =>
  db.insertInto('binding').values({
    id: value('id'), project_id: value('project_id'), organization_id: value('organization_id'), person_type: value('person_type'), filed_person_id: value('filed_person_id'),
    registration_id: value('registration_id'), id_card_no_hash: value('id_card_no_hash'), post: value('post'), status: value('status'), ending: value('ending'), review_comment: value('review_comment'),
    team_id: value('team_id'), version: value('version'), seq: value('seq'), created_at: value('created_at'), updated_at: value('updated_at'), submitted_at: value('submitted_at'),
    decided_at: value('decided_at'), ended_at: value('ended_at'),
  }).onConflict((conflict) => conflict.doNothing()).returning('id'),
)

/** One that is 待提交. @returns false where the person is on the project already, or the id is used */
export async function insertBinding(
  trx: CentralDb,
  { at, ...columns }: Pick<BindingRow, 'id' | 'project_id' | 'organization_id' | 'person_type' | 'filed_person_id' | 'registration_id' | 'id_card_no_hash' | 'post' | 'team_id' | 'seq'> & { at: string },
): Promise<boolean> {
  const made = await insertion(trx, { ...columns, status: 'unsubmitted', ending: null, review_comment: null, version: 1, created_at: at, updated_at: at, submitted_at: null, decided_at: null, ended_at: null })
  return made.length > 0
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

const changedAfter = keptQuery<{ organizationId: string; afterSeq: number; limit: number }, ChangedBinding>((db, value) =>
  db
    .selectFrom('binding as b')
    .leftJoin('filed_person as f', 'f.id', 'b.filed_person_id')
    .leftJoin('registration as r', (join) =>
      join.onRef('r.id_card_no_hash', '=', 'b.id_card_no_hash').onRef('r.organization_id', '=', 'b.organization_id').on(sql<boolean>`r.status in ('pending', 'active')`),
    )
    .selectAll('b')
    .select(['f.name_sealed', 'f.id_card_no_sealed', 'r.id as live_registration_id'])
    .where('b.organization_id', '=', value('organizationId'))
    .where('b.seq', '>', value('afterSeq'))
    .orderBy('b.seq')
    .limit(value('limit')),
)

/** With whom the unit has filed, sealed, and the registration that the person has in the unit now. */
export type ChangedBinding = BindingRow & { readonly name_sealed: string | null; readonly id_card_no_sealed: string | null; readonly live_registration_id: string | null }

/** For the feed of changes: what has ended too. */
export function changedBindings(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<ChangedBinding[]> {
  return changedAfter(db, { organizationId, afterSeq, limit })
}

/** @param identityCheck how the person's identity was checked; null: not yet */
export function toBindingResource(row: ChangedBinding, identityCheck: BindingResource['identityCheck'], personal: PersonalData): BindingResource {
  const { filed_person_id: rowId, name_sealed, id_card_no_sealed } = row
  const filed =
    rowId !== null && name_sealed !== null && id_card_no_sealed !== null
      ? { name: personal.open(name_sealed, { column: 'filed_person.name', rowId }), idCardNo: personal.open(id_card_no_sealed, { column: 'filed_person.id_card_no', rowId }) }
      : null
  return {
    id: row.id, projectId: row.project_id, personType: row.person_type, registrationId: row.registration_id, filed, post: row.post, status: row.status, ending: row.ending,
    reviewComment: row.review_comment, teamId: row.team_id, identityCheck, version: row.version, createdAt: row.created_at, submittedAt: row.submitted_at, decidedAt: row.decided_at, endedAt: row.ended_at,
  }
}

/** Somebody's identity was checked: the unit hears it with its next pull wherever the person is bound. The unit's row is held. */
export async function tellBindingsOf(trx: CentralDb, organizationId: string, idCardNoHash: string): Promise<void> {
  const rows = await trx.selectFrom('binding').select('id').where('organization_id', '=', organizationId).where('id_card_no_hash', '=', idCardNoHash).where(isLive).orderBy('id').execute()
  for (const { id } of rows) await updateBinding(trx, id, { seq: await nextSeq(trx, organizationId) })
}
