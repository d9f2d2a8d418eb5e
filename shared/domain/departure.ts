import { leaveForAnotherUnit, leaveForOther } from '../dictionaries/employment.ts'
import { isCode } from '../dictionaries/index.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { parseDate } from './dates.ts'
import type { RegistrationStatus } from './statuses.ts'

/** 离职迁出 of one person, as a clerk puts it (manual 4.1 (2)). */
export interface Departure {
  /** Code of the dictionary 离职原因. */
  readonly reason: string
  /** Free words; only the own unit reads them. */
  readonly note: string
  /** yyyy-MM-dd: the last day. */
  readonly leftOn: string
}

export const departureNoteLength = 200

export type DepartureField = keyof Departure

export interface DepartureFacts {
  /** yyyy-MM-dd in Shanghai: the day the unit registered the person; null where it is not known here. */
  readonly registeredOn: string | null
  /** yyyy-MM-dd in Shanghai. */
  readonly today: string
  /** Whether it answers another unit's request: then it is a 调动 and nothing else. */
  readonly isRequested: boolean
}

/** What is wrong with it, a sentence a field; the same words in the dialog, the host and the central service. */
export function departureProblems({ reason, note, leftOn }: Departure, { registeredOn, today, isRequested }: DepartureFacts): Partial<Record<DepartureField, string>> {
  const problems: Partial<Record<DepartureField, string>> = {}
  if (!isCode('leaveReason', reason)) problems.reason = '请选择离职原因。'
  else if (isRequested && reason !== leaveForAnotherUnit) problems.reason = '同意其他单位的迁入申请时，离职原因为“调动”。'
  if (note.length > departureNoteLength) problems.note = `说明最多${departureNoteLength}个字。`
  else if (reason === leaveForOther && note.trim() === '') problems.note = '离职原因为“其他”时，请填写说明。'
  const day = dayProblem(leftOn, registeredOn, today)
  if (day) problems.leftOn = day
  return problems
}

function dayProblem(leftOn: string, registeredOn: string | null, today: string): string | null {
  if (leftOn.trim() === '') return '请填写离职日期。'
  if (parseDate(leftOn) !== leftOn) return '离职日期不是有效的日期，请核对。'
  if (leftOn > today) return '离职日期不能晚于今天。'
  if (registeredOn !== null && leftOn < registeredOn) return `离职日期不能早于在本单位登记的日期（${registeredOn}）。`
  return null
}

/**
 * Which registration may be ended by 离职迁出, by an account of its own unit and nobody else's: every one that is there. An edit
 * under review, or one that was sent back, keeps nobody from leaving; the review ends with it. What was never at the central
 * service is removed instead, and what was entered by mistake withdrawn.
 */
const transferOutMoves: Readonly<Record<RegistrationStatus, { readonly to: 'left' } | { readonly refusal: ErrorCode }>> = {
  pending: { to: 'left' },
  active: { to: 'left' },
  refused: { to: 'left' },
  left: { refusal: 'registration-left' },
}

/** Why this registration cannot be ended; null where it can. */
export function transferOutRefusal(status: RegistrationStatus): ErrorCode | null {
  const move = transferOutMoves[status]
  return 'refusal' in move ? move.refusal : null
}
