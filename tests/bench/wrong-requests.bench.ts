import { join } from 'node:path'
import { setFuzzStage } from '../security/fuzz-stage.ts'
import { wrongRequests } from '../security/request-fuzz.ts'
import type { RawRequest } from '../security/raw-http.ts'
import { seeded } from '../security/mutations.ts'
import { against, alone, atMost, benchDirectory, report } from './measure.ts'

// How long anybody waits at a central service that is being abused: wrong requests on every route, eight at a time, in
// no order, against a health check alone.
using directory = benchDirectory()
const stage = await setFuzzStage({ kind: 'sqlite', path: join(directory.path, 'central.db') })

const requests: RawRequest[] = []
for (const operation of stage.operations) {
  // Each right password costs what it is meant to cost, and nothing here is about that.
  if (operation.name === 'signInWithPassword') continue
  for (const right of await stage.rightCalls(operation.name)) {
    const session = stage.needsSession(operation.name) ? await stage.session() : {}
    requests.push(...Object.values(wrongRequests(operation, right, session, requests.length, { bodies: 200, addresses: 100, headers: 150 })).flat())
  }
}
const random = seeded(1)
const inNoOrder = requests.map((request) => ({ request, at: random() })).sort((a, b) => a.at - b.at).map(({ request }) => request)

async function timesOf(all: readonly RawRequest[], atOnce: number): Promise<number[]> {
  const left = [...all]
  const times: number[] = []
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let request = left.pop(); request; request = left.pop()) {
      const started = performance.now()
      await stage.http.send(request)
      times.push(performance.now() - started)
    }
  }))
  return times
}

const health: RawRequest = { what: 'right', method: 'GET', path: '/healthz', headers: {} }
await timesOf(Array.from({ length: 500 }, () => health), 1)
const undisturbed = await timesOf(Array.from({ length: 2_000 }, () => health), 1)
const abused = await timesOf(inNoOrder, 8)
await stage.close()

report([
  alone('p99', abused, { bound: atMost(250, 'ms'), part: 0.99 }),
  against('p50', abused, 'health check alone', undisturbed),
  { name: 'sent', value: abused.length, unit: 'requests' },
])
