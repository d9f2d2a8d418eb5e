import { join } from 'node:path'
import type { DatabaseLocation } from '../../central/database/open.ts'
import { startPostgres } from '../support/postgres.ts'
import { startBare } from './central/bare-peer.ts'
import { creating, reading, setStage, type BenchClerk } from './central/central-stage.ts'
import { lanes, load } from './central/http-load.ts'
import { atLeast, isWanted, median, report, type Figure } from './measure.ts'

// The central service as its own program, twenty requests at once from as many units, against Fastify with nothing around
// it on the same database: registrations made, durable, and pages of a hundred read.
const rounds = 7
const perRound = { create: 1_000, list: 300 }
type Kind = keyof typeof perRound
const kinds: readonly Kind[] = ['create', 'list']
let person = 0

const nameOf = (kind: Kind, backend: string) => `${kind}-${backend}`

/** @param newLocation null: embedded files, beside one another on one disk */
async function figuresOf(backend: string, newLocation: (() => Promise<DatabaseLocation>) | null): Promise<Figure[]> {
  const stage = await setStage(newLocation && (await newLocation()), { units: lanes })
  const bare = await startBare(newLocation ? await newLocation() : { kind: 'sqlite', path: join(stage.folder, 'bare.db') }, stage)
  const clerkOf = (index: number) => stage.clerks[index % lanes] as BenchClerk
  const requests = (kind: Kind, count = perRound[kind]) =>
    Array.from({ length: count }, (_, index) => (kind === 'create' ? creating(clerkOf(index), person++) : reading(clerkOf(index), '/v1/registrations?limit=100')))
  // Warms up, and gives each unit more than a page.
  for (const url of [stage.urls[0], bare.url]) await load(String(url), requests('create', 3_000))
  const figures: Figure[] = []
  for (const kind of kinds.filter((each) => isWanted(nameOf(each, backend)))) {
    const rates = { ours: [] as number[], bare: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      rates.ours.push((await load(String(stage.urls[0]), requests(kind))).perSecond)
      rates.bare.push((await load(bare.url, requests(kind))).perSecond)
    }
    const ratios = rates.ours.map((rate, round) => rate / (rates.bare[round] ?? NaN))
    figures.push({
      name: nameOf(kind, backend), value: median(rates.ours), unit: '/s', peer: { name: 'bare Fastify', value: median(rates.bare) }, spread: [Math.min(...ratios), Math.max(...ratios)],
      bound: atLeast(0.6),
    })
  }
  await bare.stop()
  await stage.stop()
  return figures
}

const isAnyWanted = (backend: string) => kinds.some((kind) => isWanted(nameOf(kind, backend)))

const figures: Figure[] = []
if (isAnyWanted('sqlite')) figures.push(...(await figuresOf('sqlite', null)))
if (isAnyWanted('postgresql')) {
  const server = await startPostgres({ durable: true })
  figures.push(...(await figuresOf('postgresql', async () => ({ kind: 'postgresql', url: await server.newDatabase() }))))
  await server.stop()
}
report(figures)
