import { join } from 'node:path'
import type { DatabaseLocation } from '../../central/database/open.ts'
import { startPostgres } from '../support/postgres.ts'
import { startBare } from './central/bare-peer.ts'
import { creating, reading, setStage, type BenchClerk } from './central/central-stage.ts'
import { lanes, load } from './central/http-load.ts'
import { benchDirectory, median, report, type Finding } from './measure.ts'

// The central service as its own program, twenty requests at once from as many units, against Fastify with nothing around
// it on the same database: registrations made, durable, and pages of a hundred read.
const rounds = 7
const perRound = { create: 1_000, list: 400 }
let person = 0

async function rates(location: DatabaseLocation | null, bareLocation: DatabaseLocation, name: string): Promise<Finding[]> {
  const stage = await setStage(location, { units: lanes })
  const bare = await startBare(bareLocation, stage)
  const clerkOf = (index: number) => stage.clerks[index % lanes] as BenchClerk
  const creates = () => Array.from({ length: perRound.create }, (_, index) => creating(clerkOf(index), person++))
  const lists = Array.from({ length: perRound.list }, (_, index) => reading(clerkOf(index), '/v1/registrations?limit=100'))
  const urls = { ours: String(stage.urls[0]), bare: bare.url }
  const measured = { create: { ours: [] as number[], bare: [] as number[] }, list: { ours: [] as number[], bare: [] as number[] }, bytes: { ours: 0, bare: 0 } }
  // Round 0 warms up, and brings each unit its first registrations.
  for (const kind of ['create', 'list'] as const) {
    for (let round = 0; round <= rounds; round++) {
      const made = { ours: kind === 'create' ? creates() : lists, bare: kind === 'create' ? creates() : lists }
      if (kind === 'create' && round === 0) made.ours.push(...creates(), ...creates()), made.bare.push(...creates(), ...creates())
      for (const who of ['ours', 'bare'] as const) {
        const { perSecond, bytes } = await load(urls[who], made[who])
        if (round > 0) measured[kind][who].push(perSecond)
        if (kind === 'list') measured.bytes[who] = bytes
      }
    }
  }
  await bare.stop()
  await stage.stop()
  const finding = (kind: 'create' | 'list', what: string): Finding => {
    const { ours, bare: against } = measured[kind]
    const ratio = median(ours.map((rate, round) => rate / (against[round] ?? NaN)))
    return { what: `${what}, ${name}`, ours: `${median(ours).toFixed(0)}/s`, against: `bare Fastify ${median(against).toFixed(0)}/s`, value: ratio, goal: { atLeast: 0.6 } }
  }
  console.log(`  ${name}: a page has ${(measured.bytes.ours / perRound.list).toFixed(0)} bytes, the bare one ${(measured.bytes.bare / perRound.list).toFixed(0)}`)
  return [finding('create', 'registrations made'), finding('list', 'pages of 100 read')]
}

using directory = benchDirectory()
const findings = await rates(null, { kind: 'sqlite', path: join(directory.path, 'bare.db') }, 'SQLite')
const server = await startPostgres({ durable: true })
const newLocation = async (): Promise<DatabaseLocation> => ({ kind: 'postgresql', url: await server.newDatabase() })
findings.push(...(await rates(await newLocation(), await newLocation(), 'PostgreSQL')))
await server.stop()
report(findings)
