import * as v from 'valibot'

/** 人员性质: manual 5.3; national platform workRole 10 / 20. */
export const personTypes = ['manager', 'worker'] as const
export const personTypeSchema = v.picklist(personTypes)
export type PersonType = v.InferOutput<typeof personTypeSchema>
export const personTypeLabels: Readonly<Record<PersonType, string>> = { manager: '管理人员', worker: '现场作业人员' }

export const forEachKind = <T>(make: (personType: PersonType) => T): Readonly<Record<PersonType, T>> => ({ manager: make('manager'), worker: make('worker') })

/** 状态 of a registration as the central service keeps it. `pending` and `active` reserve the ID number. */
export const registrationStatuses = ['pending', 'active', 'refused', 'left'] as const
export const registrationStatusSchema = v.picklist(registrationStatuses)
export type RegistrationStatus = v.InferOutput<typeof registrationStatusSchema>

/** 审核状态, manual 4.1. `unsubmitted` exists only on a workstation. */
export const reviewStatuses = ['unsubmitted', 'pending', 'approved', 'refused'] as const
export const reviewStatusSchema = v.picklist(reviewStatuses)
export type ReviewStatus = v.InferOutput<typeof reviewStatusSchema>
export const reviewStatusLabels: Readonly<Record<ReviewStatus, string>> = {
  unsubmitted: '待提交',
  pending: '待审核',
  approved: '审核通过',
  refused: '审核不通过',
}

/** What a reviewer may decide on a pending registration. */
export const reviewDecisions = ['approved', 'refused'] as const
export const reviewDecisionSchema = v.picklist(reviewDecisions)
export type ReviewDecision = v.InferOutput<typeof reviewDecisionSchema>

/** 状态, manual 4.1. */
export const employmentStatuses = ['employed', 'left'] as const
export const employmentStatusSchema = v.picklist(employmentStatuses)
export type EmploymentStatus = v.InferOutput<typeof employmentStatusSchema>
export const employmentStatusLabels: Readonly<Record<EmploymentStatus, string>> = { employed: '在职', left: '离职' }

/** How far a row has come on its way to the central service. */
export const syncStates = ['local-only', 'queued', 'uploaded', 'returned', 'conflict'] as const
export const syncStateSchema = v.picklist(syncStates)
export type SyncState = v.InferOutput<typeof syncStateSchema>
export const syncStateLabels: Readonly<Record<SyncState, string>> = {
  'local-only': '仅本机',
  'queued': '待上传',
  'uploaded': '已上传',
  'returned': '被退回',
  'conflict': '有冲突',
}

/**
 * What the list calls a row's state. 仅本机 means that nobody else has the person: a registration that the central service
 * has, with a change here that was not submitted, is called so.
 */
export function syncStateLabel({ syncState, reviewStatus }: { syncState: SyncState; reviewStatus: ReviewStatus }): string {
  return syncState === 'local-only' && reviewStatus !== 'unsubmitted' ? '修改未提交' : syncStateLabels[syncState]
}

/** 单位类型 (参建单位类型 of the national platform, with the manual's names for three of them). */
export const organizationKinds = ['implementer', 'contractor', 'supervisor', 'subcontractor', 'labour', 'designer', 'surveyor', 'other'] as const
export const organizationKindSchema = v.picklist(organizationKinds)
export type OrganizationKind = v.InferOutput<typeof organizationKindSchema>
/** label: the manual's word; mohurd: code of the national platform's 参建单位类型. */
export const organizationKindTable: Readonly<Record<OrganizationKind, { label: string; mohurd: string }>> = {
  implementer: { label: '实施单位', mohurd: '008' },
  contractor: { label: '施工单位', mohurd: '009' },
  supervisor: { label: '监理单位', mohurd: '007' },
  subcontractor: { label: '专业分包单位', mohurd: '001' },
  labour: { label: '劳务分包单位', mohurd: '006' },
  designer: { label: '设计单位', mohurd: '011' },
  surveyor: { label: '勘察单位', mohurd: '010' },
  other: { label: '其它', mohurd: '012' },
}

export const accountRoles = ['clerk', 'unit-admin'] as const
export const accountRoleSchema = v.picklist(accountRoles)
export type AccountRole = v.InferOutput<typeof accountRoleSchema>

/** How a session was opened. */
export const signInWays = ['ca-key', 'password'] as const
export const signInWaySchema = v.picklist(signInWays)
export type SignInWay = v.InferOutput<typeof signInWaySchema>
