import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { openStorage } from '../../central/storage.ts'
import { nextCreditCode, password, recoveryPublicKey } from '../support/central-service.ts'
import { makeAuthority } from '../support/certificates.ts'
import { against, atMost, benchDirectory, report } from './measure.ts'
import { installPeers } from './sync-peers/install-peers.ts'
import type { Run } from './sync-peers/messages.ts'
import { startClient, startServer, type ClientProgram, type ServerProgram } from './sync-peers/programs.ts'

// The same forms brought to the other side and from there to a second machine, by two means: the workstation's sync to the central
// service's own program (local file encrypted, both sides synced to the disk), and PouchDB to express-pouchdb (leveldb, not synced,
// not encrypted). Client and server are processes of their own on either side, plain HTTP over loopback; every round has new
// stores, and the round before the first is not counted.
const documents = 10_000
const rounds = 3
const singles = 20

interface Side {
  readonly server: ServerProgram
  readonly client: ClientProgram
  /** Times in ms, a round each; `cpu`: of client and server together. */
  readonly push: number[]
  readonly pull: number[]
  readonly pushCpu: number[]
  readonly pullCpu: number[]
  readonly one: number[]
}
const sideOf = async (server: ServerProgram, client: string): Promise<Side> => ({
  server, client: await startClient(client), push: [], pull: [], pushCpu: [], pullCpu: [], one: [],
})

using directory = benchDirectory()
installPeers()
const account = await setUpService(join(directory.path, 'central'))
const sides = { ours: await sideOf(account.server, 'workstation.ts'), pouch: await sideOf(await startPouch(join(directory.path, 'pouch')), 'pouch-client.ts') }
try {
  for (let round = 0; round <= rounds; round++) {
    const count = round === 0 ? Math.ceil(documents / 5) : documents
    const unit = account.units[round]
    if (!unit) throw new RangeError('a unit for each round')
    // There and back again, so that none always runs in the wake of the other.
    for (const name of round % 2 === 0 ? (['ours', 'pouch'] as const) : (['pouch', 'ours'] as const)) {
      const folder = join(directory.path, `${name}-${round}`)
      mkdirSync(folder)
      await oneRound(sides[name], { folder, url: sides[name].server.url, password, ...unit }, round, count)
    }
  }
} finally {
  for (const { client, server } of Object.values(sides)) await Promise.all([client.stop(), server.stop()])
}

const { ours, pouch } = sides
report([
  against('push', ours.push, 'PouchDB', pouch.push, { bound: atMost(1) }),
  against('pull', ours.pull, 'PouchDB', pouch.pull, { bound: atMost(0.5) }),
  against('push-cpu', ours.pushCpu, 'PouchDB', pouch.pushCpu),
  against('pull-cpu', ours.pullCpu, 'PouchDB', pouch.pullCpu),
  against('one-there', ours.one, 'PouchDB', pouch.one),
])

async function oneRound(side: Side, run: Run, round: number, count: number): Promise<void> {
  const { client } = side
  const from = 1_000_000 * (round + 1)
  await client.ask({ kind: 'fill', run, from, count })
  const push = await withCpu(side, () => client.ask({ kind: 'push', run }))
  const pull = await withCpu(side, () => client.ask({ kind: 'pull', run, count }))
  const one = await client.ask({ kind: 'one-by-one', run, from: from + count, times: singles })
  await client.ask({ kind: 'close' })
  if (round === 0) return
  side.push.push(...push.took)
  side.pull.push(...pull.took)
  side.pushCpu.push(push.cpu)
  side.pullCpu.push(pull.cpu)
  side.one.push(...one)
}

async function withCpu({ client, server }: Side, task: () => Promise<number[]>): Promise<{ took: number[]; cpu: number }> {
  const before = client.cpu() + server.cpu()
  const took = await task()
  return { took, cpu: client.cpu() + server.cpu() - before }
}

/** A central service as an operator sets it up, with a unit of one clerk for each round. */
async function setUpService(folder: string): Promise<{ server: ServerProgram; units: Pick<Run, 'organizationId' | 'username'>[] }> {
  const { database, personal } = await openStorage({ location: { kind: 'sqlite', path: join(folder, 'central.db') }, keysFile: join(folder, 'personal-keys.json') })
  const context = { db: database.db, epoch: database.epoch, clock: { now: () => new Date() }, personal }
  const units: Pick<Run, 'organizationId' | 'username'>[] = []
  for (let round = 0; round <= rounds; round++) {
    const unit = { name: '甲修缮有限公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey } as const
    const organizationId = await createOrganization(context, unit)
    const username = `clerk-${randomUUID()}`
    await createAccount(context, { organizationId, username, displayName: username, role: 'clerk', password })
    units.push({ organizationId, username })
  }
  await database.close()
  const cas = join(folder, 'cas.pem')
  writeFileSync(cas, (await makeAuthority({})).pem)
  const server = await startServer(['central/server.ts'], {
    CENTRAL_DATA: folder, CENTRAL_PORT: '0', CENTRAL_AUDIENCE: 'http://127.0.0.1:8080', CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_TRUSTED_CAS: cas,
  })
  return { server, units }
}

async function startPouch(folder: string): Promise<ServerProgram> {
  mkdirSync(folder)
  return startServer(['tests/bench/sync-peers/pouch-server.ts'], { PEER_DATA: folder })
}
