import { challengeSteps } from '../../shared/domain/face/capture.ts'
import type { GuidanceReason } from '../../shared/domain/face/guidance.ts'
import type { ChallengeFailure } from '../../shared/domain/face/liveness.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import type { ClipName } from './face-clips/face-clips.ts'
import type { Search, Until } from './face-search.ts'

/** What a clip must come to. */
export type Expected =
  | { readonly kind: 'refused'; readonly reason: GuidanceReason; readonly fault?: ErrorCode }
  /** Good enough for the challenge to begin. */
  | { readonly kind: 'accepted' }
  /** Never completes the challenge, and fails so, where that is one thing: a busy machine may miss a movement, so not at the first attempt each time. */
  | { readonly kind: 'attack'; readonly failure?: ChallengeFailure }
  | { readonly kind: 'passes' }

export const expectedOfClips: Readonly<Record<ClipName, Expected>> = {
  'live': { kind: 'accepted' },
  'other-person': { kind: 'accepted' },
  'challenge': { kind: 'passes' },
  'two-faces': { kind: 'refused', reason: 'many-faces' },
  'no-face': { kind: 'refused', reason: 'no-face' },
  'dark': { kind: 'refused', reason: 'too-dark' },
  'overexposed': { kind: 'refused', reason: 'too-bright' },
  'blurred': { kind: 'refused', reason: 'blurred' },
  'far': { kind: 'refused', reason: 'too-far' },
  'masked': { kind: 'refused', reason: 'covered' },
  'black': { kind: 'refused', reason: 'too-dark', fault: 'camera-black' },
  'person-swap': { kind: 'attack', failure: 'other-person' },
  'attack-film': { kind: 'attack', failure: 'wrong-way' },
  'attack-turned-photo': { kind: 'attack' },
  'attack-bent-photo': { kind: 'attack' },
  'attack-screen': { kind: 'attack' },
  'attack-print': { kind: 'attack' },
}

/** ms from the beginning of the search. */
const refusedWithin = 2000

/** @param whole an attack has all its attempts, not one */
export function untilOf(expected: Expected, whole: boolean): Until {
  if (expected.kind === 'accepted') return 'challenge'
  if (expected.kind === 'refused') return expected.fault ? 'end' : 'reason'
  return expected.kind === 'attack' && !whole ? (expected.failure ?? 'attempt') : 'end'
}

/** @returns what is wrong with a search, in words; null where it came to what it must */
export function wrongWith(expected: Expected, search: Search): string | null {
  switch (expected.kind) {
    case 'refused':
      return notRefused(expected, search)
    case 'accepted':
      return search.seen.at(-1)?.phase === 'challenge' ? null : `was not let in: ${lastReason(search)}`
    case 'attack':
      return notStopped(expected, search)
    case 'passes':
      return notPassed(search)
  }
}

const lastReason = ({ seen }: Search): string => seen.at(-1)?.reason ?? 'no reason'

function notRefused({ reason, fault }: Extract<Expected, { kind: 'refused' }>, search: Search): string | null {
  if (search.seen.some(({ phase }) => phase === 'challenge' || phase === 'capturing')) return 'the challenge began'
  const said = search.seen.find((state) => state.reason === reason)
  if (!said) return `was told ${lastReason(search)} and not ${reason}`
  if (said.at > refusedWithin) return `was told ${reason} after ${said.at} ms`
  if (lastReason(search) !== reason) return `was told ${lastReason(search)} in the end`
  return fault && search.outcome !== fault ? `ended with ${search.outcome} and not ${fault}` : null
}

function notStopped({ failure }: Extract<Expected, { kind: 'attack' }>, search: Search): string | null {
  if (search.outcome === 'done' || search.seen.some(({ phase, done }) => phase === 'capturing' || done >= challengeSteps.length)) return 'COMPLETED THE CHALLENGE'
  const failures = search.seen.flatMap((state) => (state.failure === null ? [] : [state.failure]))
  if (failures.length === 0) return `the challenge was never tried: ${lastReason(search)}`
  return failure && !failures.includes(failure) ? `failed by ${failures.join()} and not by ${failure}` : null
}

function notPassed({ outcome, capture, seen }: Search): string | null {
  if (!capture) return `ended with ${outcome}, ${seen.findLast(({ failure }) => failure !== null)?.failure ?? 'no failure'}`
  if (capture.liveness.steps.join() !== challengeSteps.join()) return `was asked for ${capture.liveness.steps.join()}`
  const norm = Math.hypot(...capture.template.descriptor)
  return norm > 0.8 && norm < 2 ? null : `its descriptor is ${norm} long`
}
