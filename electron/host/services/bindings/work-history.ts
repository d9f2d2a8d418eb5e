import { projectContract } from '../../../../shared/api/projects.ts'
import { labelOf } from '../../../../shared/dictionaries/index.ts'
import type { RepairWork } from '../../../../shared/domain/repair-work.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import * as v from 'valibot'
import { bindingsOfPerson } from '../../database/binding.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findProject } from '../../database/project.repository.ts'
import { findRecord } from '../../database/record.repository.ts'
import { newestValues } from '../registrations/registration-view.ts'

const contractSchema = v.pipe(v.string(), v.parseJson(), projectContract)

/**
 * 修缮工程工作经历 of somebody in this unit: every project on which the person was approved, also where it is over; newest first. Dates and
 * price are those of the unit's 合同备案.
 * @throws AppError not-found
 */
export async function workHistoryOf(db: LocalDb, recordId: string, employerOrg: string): Promise<RepairWork[]> {
  const record = await findRecord(db, recordId)
  if (!record) throw new AppError('not-found')
  const rows: RepairWork[] = []
  for (const { id, project_id, person_type, post, status, decided_at, review_comment } of await bindingsOfPerson(db, recordId, record.id_card_no)) {
    // 审核不通过 leaves its words until it is submitted again, and a submission takes the decision back.
    if (decided_at === null || review_comment !== null || (status !== 'approved' && status !== 'ended')) continue
    const project = await findProject(db, project_id)
    if (!project) continue
    const filed = v.safeParse(contractSchema, project.contract_json)
    const { bidPriceWan, area, startDate, completionDate } = filed.success ? filed.output : { bidPriceWan: '', area: '', startDate: '', completionDate: '' }
    const projectPost = person_type === 'manager' ? post : labelOf('workType', newestValues(record).workType)
    rows.unshift({ id, projectNo: project.project_no, projectName: project.name, bidPriceWan, area, employerOrg, projectPost, startDate, completionDate, totalWorkHours: '' })
  }
  return rows
}
