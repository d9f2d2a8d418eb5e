import { setImmediate as nextTurn } from 'node:timers/promises'
import { centralPairs } from './kysely/central-peers.ts'
import { localPairs, type Pair } from './kysely/local-peers.ts'
import { against, alternate, atMost, benchDirectory, isWanted, report, Timed, type Figure, type Peer } from './measure.ts'

// What Kysely costs where it counts: each hot path of the local file and of the central service, through the functions that the
// product runs, against the same SQL prepared once and run by better-sqlite3 alone, with the same made of the rows.
const runs: Readonly<Record<string, number>> = { 'local-record-read': 200, 'local-list-page': 20, 'local-outbox-read': 20, 'local-draft-kept': 20, 'central-registration-read': 50, 'central-change-feed': 2 }

/** Many in a row as one time, as one alone takes hardly longer than looking at the clock. */
const many = (count: number, task: (index: number) => unknown): Peer => async (round) => {
  // What the run before has left to clean up is not this one's.
  await nextTurn()
  const started = performance.now()
  for (let index = 0; index < count; index++) await task(round * count + index)
  return new Timed([(performance.now() - started) / count])
}

async function measure({ pairs, close }: { pairs: Readonly<Record<string, Pair>>; close: () => Promise<void> }): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, { ours, raw }] of Object.entries(pairs).filter(([name]) => isWanted(name))) {
    const count = runs[name] ?? 1
    const times = await alternate({ ours: many(count, ours), raw: many(count, raw) }, 150)
    figures.push(against(name, times.ours, 'raw prepared statements', times.raw, { bound: atMost(1.1) }))
  }
  await close()
  return figures
}

using local = benchDirectory()
using central = benchDirectory()
report([...(await measure(await localPairs(local.path))), ...(await measure(await centralPairs(central.path)))])
