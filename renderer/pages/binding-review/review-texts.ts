import type { BindingEventResource, ReviewedStatus } from '../../../shared/api/binding-reviews.ts'
import { bindingStatuses, bindingStatusLabels } from '../../../shared/domain/binding.ts'
import { sentenceOf } from '../../bridge/failure.ts'
import type { BindingProblem } from '../../stores/binding-reviews.store.ts'

/** The four counts of a project, in the manual's order and words (5.4, step one). */
export const reviewedLabels: Readonly<Record<ReviewedStatus, string>> = {
  unsubmitted: '待提交人员',
  pending: '实施单位待审核人员',
  refused: '审核不通过人员',
  approved: '审核通过人员',
}

export const bindingActionLabels: Readonly<Record<BindingEventResource['action'], string>> = {
  'create': '列入名单',
  'submit': '提交',
  'approve': '审核通过',
  'refuse': '审核不通过',
  'leave': '退场',
  'remove': '移出项目',
  'complete-project': '项目竣工',
  'withdraw-filing': '审批系统撤回',
  'transfer-out': '离职迁出',
}

/** Why one was not decided on, with what it is now where somebody else was faster. */
export function refusalText(problem: BindingProblem): string {
  const { status } = problem.details
  const now = bindingStatuses.find((each) => each === status)
  return `${sentenceOf(problem)}${now ? `现在的状态：${bindingStatusLabels[now]}。` : ''}`
}
