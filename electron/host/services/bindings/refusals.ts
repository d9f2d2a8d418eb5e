import type { BindingRefusal } from '../../../../shared/contract/bindings.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { bindingsOfPerson } from '../../database/binding.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findProject } from '../../database/project.repository.ts'
import { findRecord } from '../../database/record.repository.ts'

/**
 * 审核不通过 of somebody in this unit that has not been submitted again (manual 5.4, step three), with the reviewer's words.
 * @throws AppError not-found
 */
export async function refusalsOf(db: LocalDb, recordId: string): Promise<BindingRefusal[]> {
  const record = await findRecord(db, recordId)
  if (!record) throw new AppError('not-found')
  const rows: BindingRefusal[] = []
  for (const { id, project_id, status, review_comment } of await bindingsOfPerson(db, recordId, record.id_card_no)) {
    const project = status === 'refused' && review_comment !== null ? await findProject(db, project_id) : undefined
    if (project) rows.push({ id, projectName: project.name, comment: review_comment ?? '' })
  }
  return rows
}
