import { descriptorDistance } from '../../shared/domain/face/template.ts'
import { usualMatchThresholds } from '../../shared/domain/face/matching.ts'
import { errorRates, pairsFor, type Compared, type ErrorRates, type Rates } from './error-rates.ts'
import { picturesOf, type Pair } from './pairs.ts'

/** Descriptors by picture; null where no face was found. */
export type Descriptors = ReadonlyMap<string, readonly number[] | null>

/** One way from pictures to descriptors, held against the pairs. */
export interface Evaluated {
  readonly name: string
  readonly pictures: number
  readonly notDetected: readonly string[]
  /** Pairs whose both pictures show a face to it. */
  readonly compared: readonly Compared[]
  readonly rates: ErrorRates
}

export function evaluate(name: string, pairs: readonly Pair[], descriptors: Descriptors): Evaluated {
  const pictures = picturesOf(pairs)
  const compared = pairs.flatMap(({ a, b, same }): Compared[] => {
    const [one, other] = [descriptors.get(a), descriptors.get(b)]
    return one && other ? [{ a, b, same, distance: descriptorDistance(one, other) }] : []
  })
  return { name, pictures: pictures.length, notDetected: pictures.filter((picture) => !descriptors.get(picture)), compared, rates: errorRates(compared) }
}

export const falseMatchLimits = [1e-2, 1e-3, 1e-4] as const

/** The thresholds that the product uses, with what it does up to each. */
export const productThresholds = [
  { threshold: usualMatchThresholds.duplicate, label: '1:N 判为重复 duplicate' },
  { threshold: usualMatchThresholds.sameAsDocument, label: '1:1 一致 match' },
  { threshold: usualMatchThresholds.similar, label: '1:N 并排显示 similar' },
  { threshold: usualMatchThresholds.clerkDecides, label: '1:1 经办人判定 clerk decides' },
] as const

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
/** Down: a threshold that is rounded up would let in more than it says. */
const shown = (threshold: number): string => (Math.floor(threshold * 1000) / 1000).toFixed(3)

/** @returns lines for a terminal, of one way or of several side by side */
export function report(evaluated: readonly Evaluated[]): string[] {
  const cell = (text: string) => text.padEnd(34)
  const row = (label: string, value: (each: Evaluated) => string) => `${widened(label, 40)}${evaluated.map((each) => cell(value(each))).join('').trimEnd()}`
  const limited = (limit: number) => ({ rates }: Evaluated) => {
    const found: Rates = rates.atFalseMatch(limit)
    const enough = rates.impostor >= pairsFor(limit)
    return `FNMR ${percent(found.falseNonMatch)}, t ${shown(found.threshold)}${enough ? '' : ' (*)'}`
  }
  const tooFew = falseMatchLimits.filter((limit) => evaluated.some(({ rates }) => rates.impostor < pairsFor(limit)))
  return [
    row('', ({ name }) => name),
    row('未检测到人脸 not detected', ({ notDetected, pictures }) => `${notDetected.length} / ${pictures} (${percent(notDetected.length / pictures)})`),
    row('同一人的图片对 one person', ({ rates }) => String(rates.genuine)),
    row('不同人的图片对 different people', ({ rates }) => String(rates.impostor)),
    row('等错误率 EER', ({ rates }) => `${percent(rates.equalError.rate)}, t ${shown(rates.equalError.threshold)}`),
    ...falseMatchLimits.map((limit) => row(`误识率 FMR ${limit.toExponential(0)}`, limited(limit))),
    ...productThresholds.map(({ threshold, label }) => row(`t ${threshold.toFixed(2)} ${label}`, ({ rates }) => `FMR ${percent(rates.at(threshold).falseMatch)}, FNMR ${percent(rates.at(threshold).falseNonMatch)}`)),
    ...tooFew.map((limit) => `(*) 图片对太少：误识率 ${limit.toExponential(0)} 至少需要 ${pairsFor(limit)} 对不同人的图片 · too few pairs: ${pairsFor(limit)} of different people are needed`),
  ]
}

/** Chinese characters take two places in a terminal. */
function widened(text: string, width: number): string {
  const taken = [...text].reduce((sum, sign) => sum + (/[\u2E80-\uFFEF]/.test(sign) ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(1, width - taken))
}

/** Rates by threshold, from 0.20 to 1.00 in steps of a hundredth. */
export function ratesCsv(evaluated: readonly Evaluated[]): string {
  const thresholds = Array.from({ length: 81 }, (_, index) => (20 + index) / 100)
  const lines = evaluated.flatMap(({ name, rates }) => thresholds.map((threshold) => [name, threshold.toFixed(2), rates.at(threshold).falseMatch.toFixed(6), rates.at(threshold).falseNonMatch.toFixed(6)].join(',')))
  return ['path,threshold,fmr,fnmr', ...lines, ''].join('\n')
}

/** The pairs with what was found, the most surprising first: mostly pictures under a wrong name. */
export function distancesCsv(evaluated: readonly Evaluated[]): string {
  const surprise = ({ same, distance }: Compared) => (same ? distance : 1.2 - distance)
  const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = evaluated.flatMap(({ name, compared }) =>
    compared.toSorted((x, y) => surprise(y) - surprise(x)).map(({ a, b, same, distance }) => [name, quoted(a), quoted(b), same ? 1 : 0, distance.toFixed(4)].join(',')))
  return ['path,a,b,same,distance', ...lines, ''].join('\n')
}
