/** Two pictures and how far apart their faces are. */
export interface Compared {
  readonly a: string
  readonly b: string
  /** Whether they show one person. */
  readonly same: boolean
  readonly distance: number
}

/** Shares, 0 to 1, of the pairs of each kind, where everything up to the threshold counts as one person. */
export interface Rates {
  readonly threshold: number
  /** FMR: of pairs of different people, how many are taken for one person. */
  readonly falseMatch: number
  /** FNMR: of pairs of one person, how many are not recognised. */
  readonly falseNonMatch: number
}

export interface ErrorRates {
  readonly genuine: number
  readonly impostor: number
  at(threshold: number): Rates
  /** EER: where both rates are alike. */
  readonly equalError: { readonly rate: number; readonly threshold: number }
  /** The highest threshold that takes at most this share of different people for one. */
  atFalseMatch(limit: number): Rates
  /** At every threshold where something changes, ascending. */
  readonly curve: readonly Rates[]
}

/** The rates of ISO/IEC 19795-1, of pairs that could be compared. @throws Error without pairs of both kinds */
export function errorRates(compared: readonly Compared[]): ErrorRates {
  const sorted = (same: boolean) => Float64Array.from(compared.filter((pair) => pair.same === same).map(({ distance }) => distance)).sort()
  const [genuine, impostor] = [sorted(true), sorted(false)]
  if (genuine.length === 0 || impostor.length === 0) throw new Error('Rates need pairs of one person and pairs of different people.')
  const at = (threshold: number): Rates => ({
    threshold,
    falseMatch: countUpTo(impostor, threshold) / impostor.length,
    falseNonMatch: 1 - countUpTo(genuine, threshold) / genuine.length,
  })
  const curve = [...new Set([...genuine, ...impostor])].sort((a, b) => a - b).map(at)
  return {
    genuine: genuine.length,
    impostor: impostor.length,
    at,
    equalError: equalErrorOf(curve),
    atFalseMatch(limit) {
      const first = impostor[Math.floor(limit * impostor.length + 1e-9)]
      // The threshold lies just before the first pair that would be one too many.
      return at(first === undefined ? (impostor.at(-1) ?? 0) : first - 1e-9)
    },
    curve,
  }
}

/**
 * How many pairs of different people it takes before "none of them" means, with 95 % confidence, a rate under this one: the rule of
 * three.
 */
export const pairsFor = (falseMatch: number): number => Math.ceil(3 / falseMatch - 1e-9)

function countUpTo(sorted: Float64Array, threshold: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? Infinity) <= threshold) low = middle + 1
    else high = middle
  }
  return low
}

function equalErrorOf(curve: readonly Rates[]): { rate: number; threshold: number } {
  const gap = ({ falseMatch, falseNonMatch }: Rates) => Math.abs(falseMatch - falseNonMatch)
  const [best] = curve.toSorted((a, b) => gap(a) - gap(b))
  return best ? { rate: (best.falseMatch + best.falseNonMatch) / 2, threshold: best.threshold } : { rate: NaN, threshold: NaN }
}
