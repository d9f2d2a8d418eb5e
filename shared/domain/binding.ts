import * as v from 'valibot'
import type { ErrorCode } from '../errors/codes.ts'

/** 绑定申请: where somebody's binding to a project stands (manual 5.2 to 5.4). Only `ended` lives no more. */
export const bindingStatuses = ['unsubmitted', 'pending', 'approved', 'refused', 'ended'] as const
export const bindingStatusSchema = v.picklist(bindingStatuses)
export type BindingStatus = v.InferOutput<typeof bindingStatusSchema>
export const bindingStatusLabels: Readonly<Record<BindingStatus, string>> = {
  unsubmitted: '待提交',
  pending: '待审核',
  approved: '审核通过',
  refused: '审核不通过',
  ended: '已退场',
}

/** Why a binding ended. */
export const bindingEndings = ['left-project', 'removed', 'project-completed', 'transferred-out', 'filing-withdrawn'] as const
export const bindingEndingSchema = v.picklist(bindingEndings)
export type BindingEnding = v.InferOutput<typeof bindingEndingSchema>
export const bindingEndingLabels: Readonly<Record<BindingEnding, string>> = {
  'left-project': '退场',
  'removed': '移出项目',
  'project-completed': '项目竣工',
  'transferred-out': '离职迁出',
  'filing-withdrawn': '审批系统已撤回',
}

/** Who acts: the unit whose person it is, the project's 实施单位, any other unit, what the approval system tells, the register's own 离职迁出. */
export const bindingActors = ['own-unit', 'implementer', 'other-unit', 'approval-system', 'register'] as const
export type BindingActor = (typeof bindingActors)[number]

export const bindingActions = ['submit', 'approve', 'refuse', 'leave', 'remove', 'complete-project', 'withdraw-filing', 'transfer-out'] as const
export type BindingAction = (typeof bindingActions)[number]

/** Where an action leads, or why there is none; of a refusal the sentence tells what to do instead. */
export type BindingMove = { readonly to: BindingStatus; readonly ending: BindingEnding | null } | { readonly refusal: ErrorCode }

interface Rule {
  /** Nobody else: to others a binding is not there at all, as it is not when they ask for it. */
  readonly actor: BindingActor
  readonly to: BindingStatus
  readonly ending: BindingEnding | null
  readonly from: Readonly<Record<BindingStatus, 'moves' | ErrorCode>>
}

const whatEverLives = { unsubmitted: 'moves', pending: 'moves', approved: 'moves', refused: 'moves', ended: 'binding-ended' } as const
const onlyPending = { unsubmitted: 'binding-not-submitted', pending: 'moves', approved: 'binding-decided', refused: 'binding-decided', ended: 'binding-ended' } as const

const rules: Readonly<Record<BindingAction, Rule>> = {
  // 提交, and of what came back 重新提交 (manual 5.2, 5.4 step three).
  'submit': {
    actor: 'own-unit', to: 'pending', ending: null,
    from: { unsubmitted: 'moves', refused: 'moves', pending: 'binding-submitted', approved: 'binding-approved', ended: 'binding-ended' },
  },
  'approve': { actor: 'implementer', to: 'approved', ending: null, from: onlyPending },
  'refuse': { actor: 'implementer', to: 'refused', ending: null, from: onlyPending },
  // 退场 is of somebody who was on the project; whoever never was is taken off its list.
  'leave': {
    actor: 'own-unit', to: 'ended', ending: 'left-project',
    from: { unsubmitted: 'binding-not-approved', pending: 'binding-not-approved', refused: 'binding-not-approved', approved: 'moves', ended: 'binding-ended' },
  },
  'remove': {
    actor: 'own-unit', to: 'ended', ending: 'removed',
    from: { unsubmitted: 'moves', pending: 'moves', refused: 'moves', approved: 'binding-approved', ended: 'binding-ended' },
  },
  'complete-project': { actor: 'approval-system', to: 'ended', ending: 'project-completed', from: whatEverLives },
  'withdraw-filing': { actor: 'approval-system', to: 'ended', ending: 'filing-withdrawn', from: whatEverLives },
  'transfer-out': { actor: 'register', to: 'ended', ending: 'transferred-out', from: whatEverLives },
}

/** What becomes of a binding by this action of this actor: the one place that says so, for the workstation and the central service. */
export function moveBinding(action: BindingAction, actor: BindingActor, from: BindingStatus): BindingMove {
  const { actor: allowed, to, ending, from: table } = rules[action]
  if (actor !== allowed) return { refusal: 'not-found' }
  const answer = table[from]
  return answer === 'moves' ? { to, ending } : { refusal: answer }
}

export const isLiveBinding = (status: BindingStatus): boolean => status !== 'ended'

/** Why a binding cannot be submitted as things stand, in the order in which they are cured. */
export const submissionBlocks = ['project-closed', 'not-registered', 'registered-elsewhere', 'registration-refused', 'work-type-uncertified', 'licence-expired', 'identity-check-missing'] as const
export type SubmissionBlock = (typeof submissionBlocks)[number]
export const submissionBlockSentences: Readonly<Record<SubmissionBlock, string>> = {
  'project-closed': '项目已竣工、已撤回，或者本单位已退出该项目，不能再提交。',
  'not-registered': '该人员还没有在本单位登记，请先登记。',
  'registered-elsewhere': '该人员已登记在其他单位，请先申请迁入。',
  'registration-refused': '该人员的登记被退回，请先修改后重新提交登记。',
  'work-type-uncertified': '该人员的工种须持有效的特种作业操作证上岗，请先补充证书。',
  'licence-expired': '该人员的执业证书已过有效期，请先更新证书。',
  'identity-check-missing': '该人员还没有完成身份核验，请先办理人脸识别或非人脸核验。',
}

/** What is known of somebody whose binding is to be submitted. */
export interface SubmissionFacts {
  readonly projectOpen: boolean
  /** Of the person in the binding's unit; `elsewhere`: a live registration at another unit, which is never named. */
  readonly registration: 'none' | 'elsewhere' | 'refused' | 'live'
  /** A trade that asks for a certificate is worked at without a valid one. */
  readonly workTypeCertified: boolean
  /** 执业证书 with an end, none of which is valid today. */
  readonly licencesExpired: boolean
  readonly identityChecked: boolean
  /** The switch of the central service "identity check before submit". */
  readonly identityCheckRequired: boolean
}

/** The first thing that keeps this binding from being submitted; null where nothing does (manual 5.2 and 5.3, notes of step three). */
export function submissionBlock(facts: SubmissionFacts): SubmissionBlock | null {
  if (!facts.projectOpen) return 'project-closed'
  if (facts.registration === 'none') return 'not-registered'
  if (facts.registration === 'elsewhere') return 'registered-elsewhere'
  if (facts.registration === 'refused') return 'registration-refused'
  if (!facts.workTypeCertified) return 'work-type-uncertified'
  if (facts.licencesExpired) return 'licence-expired'
  if (facts.identityCheckRequired && !facts.identityChecked) return 'identity-check-missing'
  return null
}
