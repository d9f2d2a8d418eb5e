import type { RegistrationRow } from '../../../shared/contract/registrations.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** What the first button of a row says. */
export const opening = (row: RegistrationRow) => (row.syncState === 'conflict' ? '处理冲突' : row.employmentStatus === 'left' ? '查看' : '编辑')

export const nameOf = (row: RegistrationRow) => row.name || '（未填写）'

/** Only what never became a registration at the central service; one sent back while still unsubmitted has not either. */
export const isRemovable = ({ reviewStatus, syncState }: RegistrationRow) =>
  reviewStatus === 'unsubmitted' && (syncState === 'local-only' || syncState === 'returned')

/** Why a row is back: the reviewer's words, or our sentence; empty for any other row. */
export function reasonOf({ returnReason, syncState }: RegistrationRow): string {
  if (!returnReason || (syncState !== 'returned' && syncState !== 'conflict')) return ''
  // The details that its sentence counts are not kept with the row.
  if (returnReason.code === 'registration-invalid' && !returnReason.comment) return '服务器核对后有内容需要修改，请打开后逐项核对。'
  return returnReason.comment ?? (returnReason.code ? new AppError(returnReason.code).sentence : '')
}

/** How a state is coloured. */
export const reviewTones = { unsubmitted: 'info', pending: 'warning', approved: 'success', refused: 'danger' } as const
export const syncTones = { 'local-only': 'info', 'queued': 'primary', 'uploaded': 'success', 'returned': 'danger', 'conflict': 'warning' } as const
