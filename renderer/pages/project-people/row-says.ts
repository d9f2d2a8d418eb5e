import { submissionBlockSentences, type SubmissionBlock } from '../../../shared/domain/binding.ts'
import type { BindingRow } from '../../../shared/contract/bindings.contract.ts'
import { sentenceOf } from '../../bridge/failure.ts'

/** What a clerk can do about what a row says, with one click. */
export type Cure = 'retry' | 'dismiss' | 'register' | 'continue' | 'ask-transfer' | 'correct' | 'certificates' | 'face' | 'check' | 'resubmit'
export const cureLabels: Readonly<Record<Cure, string>> = {
  'retry': '重试',
  'dismiss': '知道了',
  'register': '登记',
  'continue': '继续填写',
  'ask-transfer': '申请迁入',
  'correct': '修改登记',
  'certificates': '更新证书',
  'face': '人脸识别',
  'check': '非人脸核验',
  'resubmit': '重新提交',
}

const whats: Readonly<Record<NonNullable<BindingRow['refusal']>['what'], string>> = {
  'bind': '加入项目', 'submit-binding': '提交', 'leave-binding': '退场', 'remove-binding': '移出项目', 'assign-team': '编入班组', 'put-team': '班组', 'remove-team': '删除班组',
}

export interface RowSays {
  readonly text: string
  readonly tone: 'danger' | 'warning' | 'quiet'
  readonly cures: readonly Cure[]
}

const cures: Readonly<Record<SubmissionBlock, readonly Cure[]>> = {
  'project-closed': [],
  'not-registered': ['register'],
  'registered-elsewhere': ['ask-transfer'],
  'registration-refused': ['correct'],
  'work-type-uncertified': ['certificates'],
  'licence-expired': ['certificates'],
  'identity-check-missing': ['face', 'check'],
}

/** 登记情况 of a row: the most pressing thing that stands against it, and its cure. */
export function rowSays(row: BindingRow): RowSays {
  const { refusal, waitsFor, block, status, reviewComment } = row
  if (refusal) return { text: `${whats[refusal.what]}没有成功：${refusalSentence(refusal)}`, tone: 'danger', cures: ['retry', 'dismiss'] }
  if (waitsFor === 'form') return { text: '登记资料还没有提交，提交后自动加入项目。', tone: 'warning', cures: ['continue'] }
  if (status === 'refused' && reviewComment !== null) return { text: `审核意见：${reviewComment}`, tone: 'danger', cures: row.recordId === null ? [] : ['correct', 'resubmit'] }
  if (block) return { text: submissionBlockSentences[block], tone: 'warning', cures: cures[block] }
  if (waitsFor === 'registration') return { text: '登记正在等待上传，上传后自动继续。', tone: 'quiet', cures: [] }
  if (status === 'unsubmitted' || status === 'refused') return { text: '可以提交', tone: 'quiet', cures: [] }
  return { text: '', tone: 'quiet', cures: [] }
}

/** Of what was refused: a block has a sentence of its own. */
export function refusalSentence({ code, details }: { code: Parameters<typeof sentenceOf>[0]['code']; details: Readonly<Record<string, unknown>> }): string {
  const block = details['block']
  return code === 'binding-blocked' && isBlock(block) ? submissionBlockSentences[block] : sentenceOf({ code, details })
}

const isBlock = (value: unknown): value is SubmissionBlock => typeof value === 'string' && value in submissionBlockSentences

/** Whether it can be ticked: those that have ended are only looked at. */
export const isChoosable = ({ status }: BindingRow): boolean => status !== 'ended'
