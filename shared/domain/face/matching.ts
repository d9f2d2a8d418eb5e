import * as v from 'valibot'

/**
 * When two descriptors are one person's. Measured on public portraits without East-Asian faces (docs/face.md): an operator
 * who has calibrated on their own people sets others.
 */
export interface MatchThresholds {
  /** 1:1 with the picture on the ID document: up to this it is the same person. */
  readonly sameAsDocument: number
  /** Up to this the clerk decides, with both pictures in front of them; beyond it is refused. */
  readonly clerkDecides: number
  /** 1:N among those enrolled here: up to this somebody is enrolled already. */
  readonly duplicate: number
  /** Up to this they are shown side by side. */
  readonly similar: number
}
export const usualMatchThresholds: MatchThresholds = { sameAsDocument: 0.5, clerkDecides: 0.6, duplicate: 0.45, similar: 0.55 }

/** Two people are hardly ever nearer than the least of these, two pictures of one hardly ever further apart than the most. */
const distance = v.pipe(v.number(), v.minValue(0.2), v.maxValue(0.8))
/** As an operator sets them: all four, and none beyond the one that it stands before. */
export const matchThresholdsSchema = v.pipe(
  v.strictObject({ sameAsDocument: distance, clerkDecides: distance, duplicate: distance, similar: distance }),
  v.check(({ sameAsDocument, clerkDecides, duplicate, similar }) => sameAsDocument <= clerkDecides && duplicate <= similar, 'sameAsDocument <= clerkDecides, duplicate <= similar'),
)

/** How many are shown side by side at most. */
export const mostCandidates = 5

export const documentOutcomes = ['match', 'clerk-decides', 'refused'] as const
export type DocumentOutcome = (typeof documentOutcomes)[number]

/** 1:1 with the picture on the ID document. @param distance as `descriptorDistance` tells it */
export function compareWithDocument(distance: number, thresholds: MatchThresholds = usualMatchThresholds): DocumentOutcome {
  if (distance <= thresholds.sameAsDocument) return 'match'
  return distance <= thresholds.clerkDecides ? 'clerk-decides' : 'refused'
}

export const candidateKinds = ['duplicate', 'similar'] as const
export type CandidateKind = (typeof candidateKinds)[number]

/** 1:N: what somebody else's template at this distance is. Null: another person. */
export function candidateKind(distance: number, thresholds: MatchThresholds = usualMatchThresholds): CandidateKind | null {
  if (distance <= thresholds.duplicate) return 'duplicate'
  return distance <= thresholds.similar ? 'similar' : null
}

/** 相似度, 0 to 1, as records and reviewers are told it: 1 at no distance, 0.5 where the clerk has to decide at the latest, 0 at twice that. */
export function similarityOf(distance: number, thresholds: MatchThresholds = usualMatchThresholds): number {
  return Math.round(Math.max(0, Math.min(1, 1 - distance / (2 * thresholds.clerkDecides))) * 1000) / 1000
}
