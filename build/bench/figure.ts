/** One figure as a bench program has measured it. */
export interface Figure {
  /** `program/figure`, in small letters: what `npm run bench -- NAME` takes. */
  readonly name: string
  /** Ours. */
  readonly value: number
  readonly unit: string
  /** What it is held against, measured in the same run, interleaved with ours and in the same unit. */
  readonly peer?: { readonly name: string; readonly value: number }
  /** The lowest and the highest of several rounds: of the ratio where there is a peer, else of the value. */
  readonly spread?: readonly [low: number, high: number]
  /** Absent where the figure is only stated. */
  readonly bound?: Bound
  /** Why there is no value (NaN): what it is measured with is not here. */
  readonly notMeasured?: string
}

/** In `x` it bounds the ratio to the peer, else ours in the figure's own unit. */
export type Bound = { readonly unit: string } & ({ readonly atMost: number } | { readonly atLeast: number })

export const ratioOf = ({ value, peer }: Figure): number | undefined => peer && value / peer.value

/** @returns undefined where nothing bounds it, or nothing is here to measure it with. What else could not be measured (NaN) is not met. */
export function isMet(figure: Figure): boolean | undefined {
  const { bound, value } = figure
  if (!bound || figure.notMeasured !== undefined) return undefined
  const counts = bound.unit === 'x' ? (ratioOf(figure) ?? NaN) : value
  return 'atMost' in bound ? counts <= bound.atMost : counts >= bound.atLeast
}

/** Three digits that say something, and never 1e+3. */
export const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
const inUnit = (value: string, unit: string) => (unit === 'x' ? `${value}x` : `${value} ${unit}`)

/** `name value unit | peer value | ratio | bound met`, with a dash where there is none and the spread behind what it is of. */
export function lineOf(figure: Figure): string {
  const { name, value, unit, peer, spread, bound, notMeasured } = figure
  if (notMeasured !== undefined) return `${name} not measured: ${notMeasured}`
  const ratio = ratioOf(figure)
  const range = spread ? ` (${digits(spread[0])} to ${digits(spread[1])})` : ''
  const wanted = bound && ('atMost' in bound ? `<= ${bound.atMost}` : `>= ${bound.atLeast}`)
  return [
    `${name} ${inUnit(digits(value), unit)}${ratio === undefined ? range : ''}`,
    peer ? `${peer.name} ${inUnit(digits(peer.value), unit)}` : '-',
    ratio === undefined ? '-' : `${digits(ratio)}x${range}`,
    bound ? `${inUnit(wanted ?? '', bound.unit)} ${isMet(figure) ? 'met' : 'MISSED'}` : 'stated',
  ].join(' | ')
}

/** The same facts as the line, for a program that reads them. */
export function factsOf(figure: Figure) {
  const { name, value, unit, peer, spread, bound, notMeasured } = figure
  return {
    name, value: Number.isFinite(value) ? value : null, ...(notMeasured !== undefined && { notMeasured }), unit, peer: peer ?? null, ratio: ratioOf(figure) ?? null, spread: spread ? { low: spread[0], high: spread[1] } : null,
    bound: bound ?? null, met: isMet(figure) ?? null,
  }
}

/** @param broken programs that ended without having measured all of theirs */
export function tally(figures: readonly Figure[], broken: readonly string[]) {
  const bounded = figures.filter((figure) => figure.bound && figure.notMeasured === undefined)
  const missed = bounded.filter((figure) => !isMet(figure)).map(({ name }) => name)
  return { figures: figures.length, bounded: bounded.length, met: bounded.length - missed.length, missed, broken }
}

export function closingLine({ figures, bounded, met, missed, broken }: ReturnType<typeof tally>): string {
  const parts = [`${met} of ${bounded} bounds met, ${figures} figures`]
  if (missed.length > 0) parts.push(`MISSED: ${missed.join(', ')}`)
  if (broken.length > 0) parts.push(`FAILED: ${broken.join(', ')}`)
  return parts.join('; ')
}
