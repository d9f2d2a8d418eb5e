import { isLiveBinding } from '../../../../shared/domain/binding.ts'
import { bindingsOfPerson } from '../../database/binding.repository.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { findProject } from '../../database/project.repository.ts'
import { findRecord } from '../../database/record.repository.ts'
import type { LiveBinding, LiveBindings } from '../transfers/live-bindings.ts'

/** What ends with a registration: every project on which the person is, as this machine knows it. */
export function liveBindingsOf({ db }: LocalDatabase): LiveBindings {
  return async (registrationId) => {
    const record = await findRecord(db, registrationId)
    const live: LiveBinding[] = []
    for (const { project_id, record_id, status } of record ? await bindingsOfPerson(db, registrationId, record.id_card_no) : []) {
      const project = record_id !== null && isLiveBinding(status) ? await findProject(db, project_id) : undefined
      if (project) live.push({ filingNo: project.project_no, name: project.name })
    }
    return live
  }
}
