import type { CentralDb } from '../../database/database.ts'
import { nextSeq } from '../organization/organization.repository.ts'

/** 现场作业人员数量 of a unit's project has changed: the unit hears it with its next pull. Under a number of its own, as every change of a unit. */
export async function tellProject(trx: CentralDb, organizationId: string, projectId: string): Promise<void> {
  const seq = await nextSeq(trx, organizationId)
  await trx.updateTable('linked_project').set({ seq }).where('organization_id', '=', organizationId).where('project_id', '=', projectId).execute()
}
