import * as v from 'valibot'
import type { ErrorCode } from '../errors/codes.ts'

/**
 * 申请迁入: one unit asks, through the central service, that the unit where a person is registered let them go. The holding unit
 * learns who asks; the asking one never learns whom it asked.
 */

/** Days after which a request that nobody answered has run out. */
export const requestDays = 30
/** Days for which a closed request can still be read by both sides; then it is deleted, and the number in it. */
export const closedRequestDays = 90
/** After a refusal the same unit may ask for the same person again so many days later. */
export const daysAfterRefusal = 7
/** So often a unit may ask for one person within `requestDays`. */
export const asksOfOnePerson = 3
/** So many requests a unit may make within 24 hours: people move one by one, and a list of numbers is tried by the hundred. */
export const asksOfOneDay = 50
export const refusalLength = 200

export const requestStates = ['waiting', 'released', 'refused', 'withdrawn', 'expired'] as const
export type RequestState = (typeof requestStates)[number]

export const requestActs = ['release', 'refuse', 'withdraw', 'expire'] as const
export type RequestAct = (typeof requestActs)[number]
/** `clock`: nobody's doing, time has passed. */
export type RequestParty = 'asking' | 'holding' | 'clock'

/** Every move there is. All of them begin where the request waits: what is closed stays closed. */
export const requestMoves: Readonly<Record<RequestAct, { readonly by: RequestParty; readonly from: 'waiting'; readonly to: RequestState }>> = {
  /** 同意迁出: the registration ends in the same transaction. */
  release: { by: 'holding', from: 'waiting', to: 'released' },
  refuse: { by: 'holding', from: 'waiting', to: 'refused' },
  withdraw: { by: 'asking', from: 'waiting', to: 'withdrawn' },
  expire: { by: 'clock', from: 'waiting', to: 'expired' },
}

export type RequestMove = { readonly ok: true; readonly to: RequestState } | { readonly ok: false; readonly code: ErrorCode }

/** @param party `null` for a unit that is neither: it hears what it would hear of an invented id */
export function moveRequest(state: RequestState, act: RequestAct, party: RequestParty | null): RequestMove {
  const move = requestMoves[act]
  if (party !== move.by) return { ok: false, code: 'not-found' }
  if (state !== move.from) return { ok: false, code: 'transfer-request-closed' }
  return { ok: true, to: move.to }
}

/** What stands for or against a new request. */
export interface AskFacts {
  /** Where the person has a live registration now. */
  readonly live: 'nowhere' | 'here' | 'elsewhere'
  /** Requests of this unit for this person within `requestDays`, one that waits included. */
  readonly earlier: readonly { readonly state: RequestState; readonly at: Date; readonly answeredAt: Date | null }[]
  /** Requests of this unit within 24 hours, for anybody. */
  readonly askedToday: number
  readonly now: Date
}

const day = 86_400_000

/** Why a unit may not ask for this person now; null where it may. `days`: how long until it may. */
export function askRefusal({ live, earlier, askedToday, now }: AskFacts): { readonly code: ErrorCode; readonly days?: number } | null {
  if (live === 'here') return { code: 'registration-here' }
  if (live === 'nowhere') return { code: 'transfer-not-needed' }
  if (earlier.some(({ state }) => state === 'waiting')) return { code: 'transfer-already-asked' }
  const again = Math.max(0, ...earlier.map(({ state, answeredAt }) => (state === 'refused' && answeredAt ? answeredAt.getTime() + daysAfterRefusal * day : 0)), whenNotTooOften(earlier))
  if (again > now.getTime()) return { code: 'transfer-too-soon', days: Math.ceil((again - now.getTime()) / day) }
  return askedToday >= asksOfOneDay ? { code: 'transfer-too-many' } : null
}

function whenNotTooOften(earlier: AskFacts['earlier']): number {
  const newestFirst = earlier.map(({ at }) => at.getTime()).sort((a, b) => b - a)
  const counted = newestFirst[asksOfOnePerson - 1]
  return counted === undefined ? 0 : counted + requestDays * day
}

/** As the two units see it: what became of the person besides. */
export const shownRequestStates = [...requestStates, 'done', 'taken'] as const
export const shownRequestStateSchema = v.picklist(shownRequestStates)
export type ShownRequestState = v.InferOutput<typeof shownRequestStateSchema>

export const shownRequestStateLabels: Readonly<Record<ShownRequestState, string>> = {
  waiting: '等待处理',
  released: '已迁出',
  refused: '已拒绝',
  withdrawn: '已撤回',
  expired: '已过期',
  done: '已迁入',
  taken: '已登记在其他单位',
}

export interface RequestFacts {
  readonly state: RequestState
  readonly expiresAt: Date
  /** Whether the registration that was asked for still is the person's live one. */
  readonly isHeld: boolean
  /** Where the person has a live registration now, seen from the asking unit. */
  readonly live: AskFacts['live']
}

/**
 * The state a request is shown in. A registration may end in other ways than by an answer (withdrawn, sent back, changed to
 * another number): the person is free then, and the request that still waits says so.
 */
export function shownRequestState({ state, expiresAt, isHeld, live }: RequestFacts, now: Date): ShownRequestState {
  if (state === 'waiting' && isHeld) return expiresAt <= now ? 'expired' : 'waiting'
  if (state !== 'waiting' && state !== 'released') return state
  if (live === 'here') return 'done'
  return live === 'elsewhere' ? 'taken' : 'released'
}
