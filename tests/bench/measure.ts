import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something that is measured, one run at a time. */
export type Peer = (round: number) => unknown

/**
 * Runs peers in turn, so that whatever else the machine does meets all of them alike. A first tenth warms up and does
 * not count.
 * @returns for each peer its times in ms
 */
export async function alternate<Name extends string>(peers: Readonly<Record<Name, Peer>>, rounds: number): Promise<Record<Name, number[]>> {
  const names = Object.keys(peers) as Name[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const warmUp = Math.ceil(rounds / 10)
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const started = performance.now()
      await peers[name](round)
      const took = performance.now() - started
      if (round >= warmUp) times[name].push(took)
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

export interface Finding {
  readonly what: string
  /** Ours as it was measured, with its unit: `0.9 ms`. */
  readonly ours: string
  /** What it is held against, measured in the same run: `fdatasync 0.5 ms`. */
  readonly against: string
  /** What counts: a ratio where there is a peer, else the figure itself. */
  readonly value: number
  readonly unit?: string
  readonly goal: { readonly atMost: number } | { readonly atLeast: number }
}

const isMet = ({ value, goal }: Finding): boolean => ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast)
const show = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
export const ms = (value: number) => `${show(value)} ms`

/** Prints the table and fails the program where a goal is missed. */
export function report(findings: readonly Finding[]): void {
  const rows = findings.map((finding) => {
    const { what, ours, against, value, unit = '×', goal } = finding
    const wanted = 'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≥ ${goal.atLeast} ${unit}`
    return [what, ours, against, `${show(value)} ${unit}`, wanted, isMet(finding) ? 'met' : 'MISSED']
  })
  const head = ['what', 'ours', 'against', 'figure', 'goal', '']
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)))
  console.log()
  for (const row of [head, ...rows]) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`)
  if (!findings.every(isMet)) process.exitCode = 1
}

/** A folder on the disk the checkout is on, never in memory: what is measured is mostly that disk. */
export function benchDirectory(): { path: string; [Symbol.dispose](): void } {
  const parent = fileURLToPath(new URL('../../out/', import.meta.url))
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'bench-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
