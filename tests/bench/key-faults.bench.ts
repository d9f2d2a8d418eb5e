import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { makeToken } from '../../build/demo/demo-token.ts'
import { keyDeadlines } from '../../electron/host/ca-key/key-connection.ts'
import { failureOf, startKeys, until } from '../support/key-service-rig.ts'
import { longestGapsDuring, type Gaps } from '../support/loop-gap.ts'
import { makeTestKeys } from '../support/softhsm.ts'
import { against, atMost, report } from './measure.ts'

// A CA lock's library that hangs with the PIN: what the host feels of it while it hangs, and how soon after the end of the
// process that it is killed with another one serves.
const rounds = 7
const keys = await makeTestKeys()
Object.assign(process.env, keys.env)
const pin = '12345678'
const token = await makeToken(keys.store, keys.ca, { label: 'bench', pin, company: '甲修缮公司', organizationCode: '91310000MA1FL0000X', algorithm: 'P-256' })
// A look at the keys would be behind the sign-in anyway; here none begins a process before the hang does.
const { service, starts } = startKeys(keys.faultyModule, { deadlines: { ...keyDeadlines, login: 2_000 }, pollEvery: 3_600_000 })

const gaps: Gaps[] = []
const restarts: number[] = []
const bareStarts: number[] = []
for (let round = 0; round <= rounds; round++) {
  await until('the key shows', () => service.state().phase === 'ready')
  await service.refresh()
  const before = starts.length
  keys.inject('hang-login')
  const felt = await longestGapsDuring(async () => {
    const { code } = await failureOf(service.login(token.certificateId, pin, false))
    if (code !== 'key-hung') throw new Error(`not a hang: ${code}`)
  })
  const killed = performance.now()
  keys.mend('hang-login')
  await until('another process is ready', () => starts.length > before && service.state().phase === 'ready')
  // The first compiles what the later ones run.
  if (round === 0) continue
  gaps.push(felt)
  restarts.push(performance.now() - killed)
  const bare = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  bareStarts.push(performance.now() - bare)
}
service.close()
keys.remove()

const slowest = (times: readonly number[]) => Math.max(...times)
report([
  // A host that waits for the library stands still in each round; what the machine does to it, in some.
  against('longest-gap', gaps.map((each) => each.ours), 'idle thread beside it', gaps.map((each) => each.idle), { bound: atMost(50, 'ms') }),
  { name: 'restart-slowest', value: slowest(restarts), unit: 'ms', peer: { name: 'empty Node process', value: slowest(bareStarts) }, bound: atMost(1_000, 'ms') },
])
