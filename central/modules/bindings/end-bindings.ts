import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findLiveBinding, isLive, updateBinding, type BindingRow } from './binding.repository.ts'
import { bindManagers, endClosed, placeOf } from './filed-managers.ts'
import { moveOne } from './move-binding.ts'

/**
 * 离职迁出, and a registration that is taken back, end every binding made with it, in the same transaction. A manager whom the unit has filed
 * stays filed: the filing gets a new binding, 待提交, which says that the person is not registered here.
 * @returns how many ended
 */
export async function endBindingsOfRegistration(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string): Promise<number> {
  const bound = await liveOf(trx, registrationId)
  for (const { id } of bound) await moveOne(context, trx, who, { id, baseVersion: null, action: 'transfer-out', actor: 'register', comment: '' })
  for (const projectId of new Set(bound.filter(({ filed_person_id }) => filed_person_id !== null).map(({ project_id }) => project_id))) {
    const place = await placeOf(trx, projectId, who.organizationId)
    if (!place) continue
    await endClosed(context, trx, place, false)
    await bindManagers(context, trx, place)
  }
  return bound.length
}

/**
 * The ID number of a registration was corrected: its workers' bindings go with it. Where somebody with the right number is on a project
 * already, the one with the wrong number was the same person: it ends.
 */
export async function followIdCardNo(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string, idCardNoHash: string): Promise<void> {
  for (const { id, project_id, filed_person_id } of await liveOf(trx, registrationId)) {
    if (filed_person_id !== null || (await findLiveBinding(trx, project_id, idCardNoHash))) {
      await moveOne(context, trx, who, { id, baseVersion: null, action: 'transfer-out', actor: 'register', comment: '' })
    } else await updateBinding(trx, id, { id_card_no_hash: idCardNoHash, seq: await nextSeq(trx, who.organizationId) })
  }
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
