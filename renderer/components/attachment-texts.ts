import type { Attachment } from '../../shared/contract/attachments.contract.ts'
import { socialInsuranceDaysLeft, socialInsuranceProofType } from '../../shared/domain/attachments.ts'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { sentenceOf } from '../bridge/failure.ts'
import { timeLeft } from './instants.ts'

export const uploadStateLabels = { waiting: '待上传', uploading: '上传中', paused: '已暂停', uploaded: '已上传', refused: '未通过' } as const
export const uploadStateTones = { waiting: 'info', uploading: 'primary', paused: 'warning', uploaded: 'success', refused: 'danger' } as const

/** `544 KB`, `1.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  return bytes < 1_024 * 1_024 ? `${Math.round(bytes / 1_024)} KB` : `${(bytes / 1_024 / 1_024).toFixed(1)} MB`
}

/** Why a file does not go on, or when it does. */
export function waitingText({ state, problem, nextTryAt }: Attachment, registered: boolean, now: number): string {
  if (state === 'waiting' && !registered) return '提交登记后自动上传'
  if (!problem) return ''
  return nextTryAt !== null && state === 'waiting' ? `${sentenceOf(problem)}（${timeLeft(nextTryAt, now)}重试）` : sentenceOf(problem)
}

/** 有效期 of a 社保缴费证明; '' for anything else. */
export function proofText({ type, proofDate }: Pick<Attachment, 'type' | 'proofDate'>): string {
  return type === socialInsuranceProofType && proofDate !== null ? daysText(socialInsuranceDaysLeft(proofDate, shanghaiDate(new Date()))) : ''
}

export function daysText(left: number): string {
  if (left < 0) return `已过期${-left}天`
  return left === 0 ? '今天到期' : `剩余${left}天`
}
