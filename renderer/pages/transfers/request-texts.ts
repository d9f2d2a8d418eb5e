import type { IncomingRequestView, OutgoingRequestView } from '../../../shared/contract/transfers.contract.ts'
import { shownRequestStateLabels, type ShownRequestState } from '../../../shared/domain/transfer-request.ts'

type Shown = Pick<IncomingRequestView | OutgoingRequestView, 'state'> & { readonly isLeaving?: boolean }

/** Waits for an answer of this unit that it has not given. */
export const isOpen = ({ state, isLeaving }: IncomingRequestView): boolean => state === 'waiting' && !isLeaving

/** What the state is called. An answer that was given here and is on its way is not asked for again. */
export const lineOf = ({ state, isLeaving }: Shown): string => (state === 'waiting' && isLeaving ? '已同意，待上传' : shownRequestStateLabels[state])

const tones: Readonly<Record<ShownRequestState, 'info' | 'primary' | 'success' | 'warning' | 'danger'>> = {
  waiting: 'warning',
  released: 'success',
  refused: 'danger',
  withdrawn: 'info',
  expired: 'info',
  done: 'success',
  taken: 'info',
}

export const toneOf = ({ state, isLeaving }: Shown) => (state === 'waiting' && isLeaving ? 'primary' : tones[state])
