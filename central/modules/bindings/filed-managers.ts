import type { BindingAction } from '../../../shared/domain/binding.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext } from '../../service-context.ts'
import { findOrganization, nextSeq } from '../organization/organization.repository.ts'
import { isParty, type ProjectRow } from '../projects/project.repository.ts'
import { findBinding, insertBinding, insertBindingEvent, liveBindingsOf, updateBinding } from './binding.repository.ts'
import { moveOne } from './move-binding.ts'

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
 * Ends what the approval system has put an end to: everybody of the unit where the project is complete or withdrawn, or the unit is no party
 * any more; and the managers whom it has not filed any more. The filings of those go free: should they be told again, the people come back.
 * @param partyTold whether the record was about who takes part: a project that gets another number is nobody's for a while, and ends nothing
 */
export async function endClosed(context: ServiceContext, trx: CentralDb, place: Place, partyTold: boolean): Promise<void> {
  const { project, organizationId, creditCode } = place
  const closing = await closingOf(trx, place, partyTold)
  const standing = new Map((await standingFilings(trx, place)).map((filing) => [filing.id, filing]))
  const isRenumbered = !closing && !(await isParty(trx, project, creditCode))
  for (const { id, filed_person_id, id_card_no_hash } of await liveBindingsOf(trx, project.id, organizationId)) {
    const filing = filed_person_id === null ? undefined : standing.get(filed_person_id)
    const isGone = filed_person_id !== null && filing?.id_card_no_hash !== id_card_no_hash && !isRenumbered
    const action = closing ?? (isGone ? 'withdraw-filing' : null)
    if (action) await moveOne(context, trx, null, { id, baseVersion: null, action, actor: 'approval-system', comment: '' })
  }
  await trx
    .updateTable('binding')
    .set({ filed_person_id: null })
    .where('project_id', '=', project.id)
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'ended')
    .where((eb) => eb.or([eb('ending', 'in', ['project-completed', 'filing-withdrawn', 'transferred-out']), eb('filed_person_id', 'in', eb.selectFrom('filed_person').select('id').where('withdrawn_at', 'is not', null))]))
    .execute()
}

async function closingOf(trx: CentralDb, { project, creditCode }: Place, partyTold: boolean): Promise<BindingAction | null> {
  if (project.withdrawn_at !== null) return 'withdraw-filing'
  if (project.status === 'completed') return 'complete-project'
  return partyTold && !(await isParty(trx, project, creditCode)) ? 'withdraw-filing' : null
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

/** The name of somebody whom the unit has filed was corrected: it hears it with its next pull. */
export async function tellOfFiling(trx: CentralDb, filedPersonId: string): Promise<void> {
  const bound = await trx.selectFrom('binding').select(['id', 'organization_id']).where('filed_person_id', '=', filedPersonId).where('status', '<>', 'ended').executeTakeFirst()
  if (bound) await updateBinding(trx, bound.id, { seq: await nextSeq(trx, bound.organization_id) })
}

async function standingFilings(trx: CentralDb, { project, creditCode }: Place): Promise<StandingFiling[]> {
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
