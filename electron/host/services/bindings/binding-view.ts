import { labelOf } from '../../../../shared/dictionaries/index.ts'
import { isLiveBinding, moveBinding, submissionBlock, type BindingAction, type BindingStatus, type SubmissionFacts } from '../../../../shared/domain/binding.ts'
import { certificateFacts } from '../../../../shared/domain/certificate-facts.ts'
import { maskIdCardNo } from '../../../../shared/domain/masks.ts'
import type { BindingRow } from '../../../../shared/contract/bindings.contract.ts'
import { refusalOf, type LocalBinding, type LocalTeam } from '../../database/binding.repository.ts'
import type { ProjectOperation } from '../../database/project-outbox.repository.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { isFaceEnrolled, newestValues } from '../registrations/registration-view.ts'

/** All that a row is made of. */
export interface Bound {
  readonly binding: LocalBinding
  readonly record: StoredRecord | undefined
  /** Queued here, oldest first. */
  readonly operations: readonly ProjectOperation[]
}

export interface ViewFacts {
  readonly projectOpen: boolean
  readonly identityCheckRequired: boolean
  /** yyyy-MM-dd in Shanghai. */
  readonly today: string
  /** Filed managers of whom the central service has said that they are registered with another unit. */
  readonly elsewhere: ReadonlySet<string>
  readonly teams: ReadonlyMap<string, Pick<LocalTeam, 'id' | 'name' | 'leader_binding_id'>>
}

const actions: Readonly<Partial<Record<ProjectOperation['kind'], BindingAction>>> = { 'submit-binding': 'submit', 'leave-binding': 'leave', 'remove-binding': 'remove' }

/** What it will be once what is queued has arrived. */
export function projectedStatus({ binding, operations }: Pick<Bound, 'binding' | 'operations'>): BindingStatus {
  return operations.reduce<BindingStatus>((status, { kind }) => {
    const action = actions[kind]
    const move = action && moveBinding(action, 'own-unit', status)
    return move && 'to' in move ? move.to : status
  }, binding.status)
}

export function projectedTeam({ binding, operations }: Pick<Bound, 'binding' | 'operations'>): string | null {
  return operations.reduce<string | null>((team, { kind, body }) => (kind === 'assign-team' || kind === 'bind' ? (body.teamId ?? null) : team), binding.team_id)
}

/** What keeps it from being submitted, as far as this machine knows. */
export function blockOf({ binding, record }: Bound, { projectOpen, identityCheckRequired, today, elsewhere }: ViewFacts): ReturnType<typeof submissionBlock> {
  const certificates = record ? certificateFacts(newestValues(record), today) : { workTypeCertified: true, licencesExpired: false }
  const facts: SubmissionFacts = {
    projectOpen,
    registration: standingOf(record, elsewhere.has(binding.id)),
    ...certificates,
    identityChecked: binding.identity_check !== null || (record !== undefined && isFaceEnrolled(record)),
    identityCheckRequired,
  }
  return submissionBlock(facts)
}

function standingOf(record: StoredRecord | undefined, elsewhere: boolean): SubmissionFacts['registration'] {
  if (!record || record.employment_status === 'left') return elsewhere ? 'elsewhere' : 'none'
  if (record.state === 'returned' && (record.version === null || record.review_status === 'refused')) return record.return_code === 'registration-elsewhere' ? 'elsewhere' : 'refused'
  // Begun and never submitted: nobody else knows of it.
  return record.version === null && record.state !== 'queued' ? 'none' : 'live'
}

/** The binding waits for this of the person's registration before it can go up. */
function waitsFor({ record }: Bound): BindingRow['waitsFor'] {
  if (!record || record.employment_status === 'left') return null
  if (record.version === null && record.state === 'local-only') return 'form'
  return record.state === 'queued' ? 'registration' : null
}

export function toBindingRow(bound: Bound, facts: ViewFacts): BindingRow {
  const { binding, record, operations } = bound
  const values = record && newestValues(record)
  const status = projectedStatus(bound)
  const teamId = projectedTeam(bound)
  const team = teamId === null ? undefined : facts.teams.get(teamId)
  const refusal = refusalOf(binding)
  const wantsSubmission = status === 'unsubmitted' || status === 'refused'
  return {
    id: binding.id,
    personType: binding.person_type,
    recordId: record && record.employment_status === 'employed' ? record.id : null,
    name: (values && record && shownName(values.name, record)) || (binding.filed_name ?? ''),
    maskedIdCardNo: maskIdCardNo(values?.idCardNo ?? binding.filed_id_card_no ?? ''),
    post: binding.person_type === 'manager' ? binding.post : labelOf('workType', values?.workType ?? ''),
    team: team ? { id: team.id, name: team.name, isLeader: team.leader_binding_id === binding.id } : null,
    identityCheck: binding.identity_check ?? (record && isFaceEnrolled(record) ? 'face' : null),
    status,
    ending: binding.ending,
    reviewComment: status === 'refused' ? binding.review_comment : null,
    block: wantsSubmission ? blockOf(bound, facts) : null,
    waitsFor: isLiveBinding(status) && operations.length + (wantsSubmission ? 1 : 0) > 0 ? waitsFor(bound) : null,
    syncState: operations.length > 0 ? 'queued' : refusal ? 'returned' : 'uploaded',
    refusal: refusal && { what: refusal.kind, code: refusal.code, details: { ...refusal.details } },
  }
}
