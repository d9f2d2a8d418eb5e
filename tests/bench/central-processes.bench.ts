import { startPostgres } from '../support/postgres.ts'
import { verifyAuditChain } from '../../central/audit/verify-chain.ts'
import { creating, setStage, type BenchClerk } from './central/central-stage.ts'
import { lanes, load } from './central/http-load.ts'
import { median, report } from './measure.ts'

// Two processes of the central service on one PostgreSQL against one of them alone, twenty requests at once in all: the rate is
// stated, as two processes, the database and the sender share the cores; what is bounded is that no result is wrong.
const [rounds, perRound] = [5, 800]
const server = await startPostgres({ durable: true })
const stage = await setStage({ kind: 'postgresql', url: await server.newDatabase() }, { units: lanes, processes: 2 })
const urls = stage.urls as [string, string]
let person = 0
const requests = (count: number) => Array.from({ length: count }, () => creating(stage.clerks[person % lanes] as BenchClerk, person++))

/** At both halves of the requests at once. */
async function both(count: number): Promise<number> {
  const started = performance.now()
  await Promise.all(urls.map((url) => load(url, requests(count / 2), lanes / 2)))
  return (1_000 * count) / (performance.now() - started)
}

await both(2_000)
const rates = { both: [] as number[], one: [] as number[] }
for (let round = 0; round < rounds; round++) {
  rates.both.push(await both(perRound))
  rates.one.push((await load(urls[0], requests(perRound))).perSecond)
}

const { db } = stage.database
const counts = await Promise.all((['registration', 'person', 'applied_write'] as const).map(async (table) => (await db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n))
const seqs = await db.selectFrom('registration').select(['organization_id', 'seq']).execute()
const distinctSeqs = new Set(seqs.map(({ organization_id, seq }) => `${organization_id} ${seq}`)).size
const { complaints } = await verifyAuditChain(db, stage.personal)
const wrong = [...counts, distinctSeqs].filter((count) => count !== person).length + complaints.length
await stage.stop()
await server.stop()

const ratios = rates.both.map((rate, round) => rate / (rates.one[round] ?? NaN))
report([
  { name: 'two', value: median(rates.both), unit: '/s', peer: { name: 'one process', value: median(rates.one) }, spread: [Math.min(...ratios), Math.max(...ratios)] },
  { name: 'wrong', value: wrong, unit: 'wrong', bound: { unit: 'wrong', atMost: 0 } },
])
