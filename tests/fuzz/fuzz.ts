import { failOnFaults } from './checks.ts'
import { edit } from './edits.ts'
import { decide, exchange } from './exchanges.ts'
import { finish } from './finish.ts'
import { reopen } from './kills.ts'
import { checkUntouched } from './checks.ts'
import { openOffice, type Office } from './office.ts'
import type { Plant } from './plants.ts'
import { oneOf, weighted } from './random.ts'

export interface FuzzResult {
  readonly seed: number
  readonly steps: number
  /** Null where everything held. */
  readonly failure: { readonly step: number; readonly message: string; readonly last: readonly string[]; readonly folder: string } | null
  readonly seconds: number
  /** How often what was done, kills and faults among it. */
  readonly counts: Readonly<Record<string, number>>
  readonly registrations: number
}

export interface FuzzOptions {
  readonly seed: number
  readonly steps: number
  readonly plant?: Plant | null
  /** Leaves the data of a failed run where it is. */
  readonly keep?: boolean
  readonly progress?: (step: number) => void
}

/** One run: real processes, one step after another, everything that can be known checked after each, and all of it at the end. */
export async function fuzz({ seed, steps, plant = null, keep = false, progress }: FuzzOptions): Promise<FuzzResult> {
  const started = performance.now()
  const office = await openOffice({ seed, plant })
  let step = 0
  let failure: FuzzResult['failure'] = null
  try {
    for (; step < steps; step++) {
      office.notes.push(`— step ${step}`)
      await takeStep(office)
      failOnFaults(office)
      progress?.(step + 1)
      office.notes.splice(0, office.notes.length - 200)
    }
    await finish(office)
    failOnFaults(office)
  } catch (error) {
    // What failed first says more than what came of it.
    const [first] = office.faults
    const message = first ?? (error instanceof Error ? (error.name === 'Error' ? error.message : (error.stack ?? error.message)) : String(error))
    failure = { step, message, last: lastSteps(office.notes, 30), folder: office.folder }
  } finally {
    await office.close(keep && failure !== null)
  }
  const counts = Object.fromEntries([...office.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  return { seed, steps, failure, counts, registrations: office.records.size, seconds: (performance.now() - started) / 1_000 }
}

async function takeStep(office: Office): Promise<void> {
  const station = oneOf(office.pick, office.workstations)
  const what = weighted(office.pick, [[560, 'edit'], [380, 'exchange'], [45, 'decide'], [6, 'restart'], [3, 'restart-central']] as const)
  switch (what) {
    case 'edit':
      return edit(office, station)
    case 'exchange':
      return exchange(office, station)
    case 'decide':
      return decide(office)
    case 'restart': {
      const killed = office.pick(2) === 0
      office.note(`restart: ${station.name} ${killed ? 'by kill -9' : 'in order'}`)
      await (killed ? station.kill() : station.quit())
      const after = await reopen(station)
      checkUntouched(office, station, after, null)
      station.shown = after
      return
    }
    case 'restart-central':
      office.note('restart: central')
      await office.central.kill()
      return office.central.start()
  }
}

function lastSteps(notes: readonly string[], count: number): string[] {
  const starts = notes.flatMap((note, index) => (note.startsWith('— ') ? [index] : []))
  return notes.slice(starts.at(-count) ?? 0)
}
