import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMet, lineOf, type Bound, type Figure } from '../../build/bench/figure.ts'

export type { Bound, Figure }

/** Something that is measured, one run at a time; a run that returns `Timed` has taken its times itself. */
export type Peer = (round: number) => unknown

/** Times in ms that only the run itself could take: within another process, or of each of several things in a row. */
export class Timed {
  readonly times: readonly number[]

  constructor(times: readonly number[]) {
    this.times = times
  }
}

/** Does something several times in a row, as a run of `alternate`. */
export async function inARow(count: number, task: () => unknown): Promise<Timed> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const started = performance.now()
    await task()
    times.push(performance.now() - started)
  }
  return new Timed(times)
}

/**
 * Runs peers in turn, so that whatever else the machine does meets all of them alike; there and back again, so that none always
 * runs in the wake of the same other. A first tenth warms up and does not count.
 * @returns for each peer its times in ms
 */
export async function alternate<Name extends string>(peers: Readonly<Record<Name, Peer>>, rounds: number): Promise<Record<Name, number[]>> {
  const names = Object.keys(peers) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const warmUp = Math.ceil(rounds / 10)
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const started = performance.now()
      const result = await peers[name](round)
      const took = result instanceof Timed ? result.times : [performance.now() - started]
      if (round >= warmUp) times[name].push(...took)
    }
  }
  return times
}

/** @param part 0.5 for the median, 0.95 for what one in twenty exceeds */
export function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
}

export const median = (times: readonly number[]): number => quantile(times, 0.5)

/** How many rounds the spread of a figure is taken over. */
const spreadRounds = 5

/** Consecutive parts of what was measured one after the other, about alike in length. */
function inRounds(times: readonly number[]): number[][] {
  const count = Math.min(spreadRounds, times.length)
  return Array.from({ length: count }, (_, round) => times.slice(Math.floor((round * times.length) / count), Math.floor(((round + 1) * times.length) / count)))
}

const spreadOf = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)]

export interface Measured {
  readonly bound?: Bound
  /** ms where nothing is said. */
  readonly unit?: string
  /** 0.5, the median, where nothing is said. */
  readonly part?: number
}

/** Ours against a peer run in turn with it: the ratio of medians, and between which ratios the single rounds lie. */
export function against(name: string, ours: readonly number[], peerName: string, peer: readonly number[], { bound, unit = 'ms', part = 0.5 }: Measured = {}): Figure {
  const peerRounds = inRounds(peer)
  const ratios = inRounds(ours).map((round, index) => quantile(round, part) / quantile(peerRounds[index] ?? [], part))
  return {
    name, value: quantile(ours, part), unit, peer: { name: peerName, value: quantile(peer, part) }, spread: spreadOf(ratios), ...(bound && { bound }),
  }
}

/** Ours by itself, against a bound in its own unit. */
export function alone(name: string, ours: readonly number[], { bound, unit = 'ms', part = 0.5 }: Measured = {}): Figure {
  return { name, value: quantile(ours, part), unit, spread: spreadOf(inRounds(ours).map((round) => quantile(round, part))), ...(bound && { bound }) }
}

/** A figure that nothing is here to measure it with. */
export const notMeasured = (name: string, why: string): Figure => ({ name, value: NaN, unit: '', notMeasured: why })

export const atMost = (limit: number, unit = 'x'): Bound => ({ unit, atMost: limit })
export const atLeast = (limit: number, unit = 'x'): Bound => ({ unit, atLeast: limit })

const program = basename(process.argv[1] ?? '', '.bench.ts')
const only = (process.env.BENCH_ONLY ?? '').split(' ').filter(Boolean)

/** Whether the figure is asked for: what takes minutes is not measured for one that is not. */
export const isWanted = (name: string): boolean => only.length === 0 || only.includes(`${program}/${name}`)

/**
 * Hands the figures over to `npm run bench`, or prints them where this program runs by itself; fails it where a bound is missed.
 * @param figures named within this program
 */
export function report(figures: readonly Figure[]): void {
  const named = figures.map((figure) => ({ ...figure, name: `${program}/${figure.name}` }))
  const unknown = only.filter((name) => named.every((figure) => figure.name !== name))
  if (unknown.length > 0) throw new Error(`No such figure: ${unknown.join(', ')}. There are: ${named.map(({ name }) => name).join(', ')}`)
  const missing = figures.filter(({ name, value, peer, notMeasured: why }) => isWanted(name) && why === undefined && !Number.isFinite(value / (peer?.value ?? 1)))
  if (missing.length > 0) throw new Error(`Not measured: ${missing.map(({ name }) => name).join(', ')}`)
  print(named.filter(({ name }) => only.length === 0 || only.includes(name)))
}

function print(figures: readonly Figure[]): void {
  const file = process.env.BENCH_FIGURES
  for (const figure of figures) {
    if (file) appendFileSync(file, `${JSON.stringify(figure)}\n`)
    else {
      console.log(lineOf(figure))
      if (isMet(figure) === false) process.exitCode = 1
    }
  }
}

/** A folder on the disk the checkout is on, never in memory: what is measured is mostly that disk. */
export function benchDirectory(): { path: string; [Symbol.dispose](): void } {
  const parent = fileURLToPath(new URL('../../out/', import.meta.url))
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
