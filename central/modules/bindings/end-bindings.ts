import type { BindingAction } from '../../../shared/domain/binding.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { isParty } from '../projects/project.repository.ts'
import { findLiveBinding, isLive, liveBindingsOf, updateBinding, type BindingRow } from './binding.repository.ts'
import { bindManagers, placeOf, standingFilings, type Place } from './filed-managers.ts'
import { moveOne } from './move-binding.ts'

/**
 * 离职迁出, and a registration that is taken back, end every binding made with it, in the same transaction. A manager whom the unit has filed
 * stays filed: the filing gets a new binding, 待提交, which says that the person is not registered here.
 * @returns how many ended
 */
export async function endBindingsOfRegistration(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string): Promise<number> {
  const bound = await liveOf(trx, registrationId)
  for (const { id } of bound) await moveOne(context, trx, who, { id, baseVersion: null, action: 'transfer-out', actor: 'register', comment: '' })
  await bindFiledAnew(context, trx, who, bound)
  return bound.length
}

async function bindFiledAnew(context: ServiceContext, trx: CentralDb, who: Who, ended: readonly BindingRow[]): Promise<void> {
  for (const projectId of new Set(ended.filter(({ filed_person_id }) => filed_person_id !== null).map(({ project_id }) => project_id))) {
    const place = await placeOf(trx, projectId, who.organizationId)
    if (!place) continue
    await endClosed(context, trx, place, false)
    await bindManagers(context, trx, place)
  }
}

/**
 * The ID number of a registration was corrected: its workers' bindings go with it. Where somebody with the right number is on a project
 * already, the one with the wrong number was the same person: it ends. So does that of a filed manager, whose filing still says the old number.
 */
export async function followIdCardNo(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string, idCardNoHash: string): Promise<void> {
  const bound = await liveOf(trx, registrationId)
  for (const { id, project_id, filed_person_id } of bound) {
    if (filed_person_id !== null || (await findLiveBinding(trx, project_id, idCardNoHash))) {
      await moveOne(context, trx, who, { id, baseVersion: null, action: 'transfer-out', actor: 'register', comment: '' })
    } else await updateBinding(trx, id, { id_card_no_hash: idCardNoHash, seq: await nextSeq(trx, who.organizationId) })
  }
  await bindFiledAnew(context, trx, who, bound)
}

/** 删除项目: managers whom the unit has filed and who are not on their way leave its list, and come back with the project. */
export async function dropUnboundManagers(context: ServiceContext, trx: CentralDb, who: Who, projectId: string): Promise<void> {
  const rows = await trx
    .selectFrom('binding').select('id').where('project_id', '=', projectId).where('organization_id', '=', who.organizationId).where('filed_person_id', 'is not', null).where(isLive).orderBy('id').execute()
  for (const { id } of rows) {
    await moveOne(context, trx, who, { id, baseVersion: null, action: 'remove', actor: 'own-unit', comment: '' })
    await updateBinding(trx, id, { filed_person_id: null })
  }
}

async function liveOf(trx: CentralDb, registrationId: string): Promise<BindingRow[]> {
  return trx.selectFrom('binding').selectAll().where('registration_id', '=', registrationId).where(isLive).orderBy('id').execute()
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
    .where(({ eb, or, selectFrom }) => {
      const gone = selectFrom('filed_person as f').select('f.id').where((filed) => filed.or([filed('f.withdrawn_at', 'is not', null), filed('f.id_card_no_hash', '<>', filed.ref('binding.id_card_no_hash'))]))
      return or([eb('ending', 'in', ['project-completed', 'filing-withdrawn', 'transferred-out']), eb('filed_person_id', 'in', gone.whereRef('f.id', '=', 'binding.filed_person_id'))])
    })
    .execute()
}

async function closingOf(trx: CentralDb, { project, creditCode }: Place, partyTold: boolean): Promise<BindingAction | null> {
  if (project.withdrawn_at !== null) return 'withdraw-filing'
  if (project.status === 'completed') return 'complete-project'
  return partyTold && !(await isParty(trx, project, creditCode)) ? 'withdraw-filing' : null
}
