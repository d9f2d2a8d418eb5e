import type { CrewMember } from '../../../../shared/contract/faces.contract.ts'
import { isLiveBinding } from '../../../../shared/domain/binding.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { faceChecksOf, faceRefusalOf, type FaceCheckRow } from '../../database/face-check.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findProject } from '../../database/project.repository.ts'
import { projectWritesOf } from '../../database/project-outbox.repository.ts'
import { toBindingRow } from '../bindings/binding-view.ts'
import { boundPeople } from '../bindings/bound-people.ts'
import { viewFactsOf } from '../bindings/view-facts.ts'

/** 待采集: the living crew of a project, those who lack the check first; otherwise in the order in which they came. @throws AppError not-found */
export async function crewOf(db: LocalDb, projectId: string, today: string): Promise<{ projectName: string; projectNo: string; people: CrewMember[] }> {
  const project = await findProject(db, projectId)
  if (!project) throw new AppError('not-found')
  const facts = await viewFactsOf(db, projectId, today, new Set())
  const bound = [...(await boundPeople(db, projectId, 'manager')), ...(await boundPeople(db, projectId, 'worker'))]
  const rows = bound.map((each) => toBindingRow(each, facts)).filter(({ status }) => isLiveBinding(status))
  const recordIds = rows.flatMap(({ recordId }) => recordId ?? [])
  const checks = await faceChecksOf(db, recordIds)
  const queued = new Set((await projectWritesOf(db, recordIds)).map(({ lane }) => lane))
  const people = rows.map((row) => memberOf(row, checks.get(row.recordId ?? ''), queued.has(row.recordId ?? '')))
  return { projectName: project.name, projectNo: project.project_no, people: [...people.filter((each) => each.identityCheck === null), ...people.filter((each) => each.identityCheck !== null)] }
}

function memberOf({ id, recordId, name, maskedIdCardNo, personType, team, identityCheck }: ReturnType<typeof toBindingRow>, check: FaceCheckRow | undefined, isQueued: boolean): CrewMember {
  const refusal = check ? faceRefusalOf(check) : null
  return {
    bindingId: id, recordId, name, maskedIdCardNo, personType, team: team?.name ?? '', identityCheck,
    syncState: isQueued ? 'queued' : refusal ? 'returned' : 'uploaded',
    refusal: refusal && { code: refusal.code, details: { ...refusal.details } },
  }
}

