import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext } from '../../service-context.ts'
import { findOrganization, nextSeq } from '../organization/organization.repository.ts'
import { findLink, isParty, type ProjectRow } from '../projects/project.repository.ts'
import { findBinding, insertBinding, insertBindingEvent, updateBinding, type BindingRow } from './binding.repository.ts'

/** What is looked at: one unit on one project, whose row the transaction holds. */
export interface Place {
  readonly project: ProjectRow
  readonly organizationId: string
  readonly creditCode: string
}

/** A manager whom the unit has filed for the project and not withdrawn. */
interface StandingFiling {
  readonly id: string
  readonly post: string
  readonly id_card_no_hash: string
}

export async function placeOf(trx: CentralDb, projectId: string, organizationId: string): Promise<Place | undefined> {
  const project = await trx.selectFrom('project').selectAll().where('id', '=', projectId).executeTakeFirst()
  const organization = await findOrganization(trx, organizationId)
  return project && organization && { project, organizationId, creditCode: organization.credit_code }
}

/**
 * Gives everybody whom the unit has filed for a project in its list a binding, 待提交, where the person is not on the project already; and
 * tells anew of whom the filing says something else now.
 */
export async function bindManagers(context: ServiceContext, trx: CentralDb, place: Place): Promise<void> {
  const { project, organizationId, creditCode } = place
  if (project.status !== 'active' || project.withdrawn_at !== null || !(await isParty(trx, project, creditCode))) return
  for (const filing of await standingFilings(trx, place)) {
    const bound = await trx.selectFrom('binding').select(['id', 'status', 'post']).where('filed_person_id', '=', filing.id).executeTakeFirst()
    if (!bound) await bindManager(context, trx, place, filing)
    else if (bound.status !== 'ended' && bound.post !== filing.post) await updateBinding(trx, bound.id, { post: filing.post, seq: await nextSeq(trx, organizationId) })
  }
}

/** Somebody is off a project: another unit that has filed the same person for it has its turn. */
export async function bindElsewhere(context: ServiceContext, trx: CentralDb, { project_id, organization_id, id_card_no_hash }: BindingRow): Promise<void> {
  const units = await trx
    .selectFrom('filed_person as f')
    .innerJoin('project as p', 'p.project_no', 'f.project_no')
    .innerJoin('organization as o', 'o.credit_code', 'f.credit_code')
    .select('o.id')
    .distinct()
    .where('f.id_card_no_hash', '=', id_card_no_hash)
    .where('f.kind', '=', 'manager')
    .where('f.withdrawn_at', 'is', null)
    .where('p.id', '=', project_id)
    .where('o.id', '<>', organization_id)
    .orderBy('o.id')
    .execute()
  for (const { id } of units) {
    await nextSeq(trx, id)
    const place = (await findLink(trx, id, project_id))?.archived_at === null ? await placeOf(trx, project_id, id) : undefined
    if (place) await bindManagers(context, trx, place)
  }
}

/** The name of somebody whom the unit has filed was corrected: it hears it with its next pull. */
export async function tellOfFiling(trx: CentralDb, filedPersonId: string): Promise<void> {
  const bound = await trx.selectFrom('binding').select(['id', 'organization_id']).where('filed_person_id', '=', filedPersonId).where('status', '<>', 'ended').executeTakeFirst()
  if (bound) await updateBinding(trx, bound.id, { seq: await nextSeq(trx, bound.organization_id) })
}

export async function standingFilings(trx: CentralDb, { project, creditCode }: Place): Promise<StandingFiling[]> {
  return trx
    .selectFrom('filed_person')
    .select(['id', 'post', 'id_card_no_hash'])
    .where('project_no', '=', project.project_no)
    .where('credit_code', '=', creditCode)
    .where('kind', '=', 'manager')
    .where('withdrawn_at', 'is', null)
    .orderBy('id')
    .execute()
}

async function bindManager({ clock }: ServiceContext, trx: CentralDb, { project, organizationId }: Place, { id: filingId, post, id_card_no_hash }: StandingFiling): Promise<void> {
  const now = clock.now()
  const at = now.toISOString()
  // The filing's own id, unless an earlier binding of it has that.
  const id = (await findBinding(trx, filingId)) ? newId(now) : filingId
  const made = await insertBinding(trx, {
    id, project_id: project.id, organization_id: organizationId, person_type: 'manager', filed_person_id: filingId, registration_id: null, id_card_no_hash, post, team_id: null, seq: await nextSeq(trx, organizationId), at,
  })
  if (made) await insertBindingEvent(trx, { id: newId(now), binding_id: id, at, action: 'create', status: 'unsubmitted', comment: '', organization_id: null, account_id: null })
}
