import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createCentralClient, type CentralClient } from '../../../electron/host/central/central-client.ts'
import { indexName } from '../../../electron/host/database/names.ts'
import { newId } from '../../../electron/host/database/new-id.ts'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { enqueue } from '../../../electron/host/database/outbox.repository.ts'
import { insertRecord } from '../../../electron/host/database/record.repository.ts'
import { createRecordSearch, indexRecord } from '../../../electron/host/database/search.repository.ts'
import { createRegistrationsService } from '../../../electron/host/services/registrations/registrations.service.ts'
import { startSyncEngine, type SyncEngine } from '../../../electron/host/sync/sync-engine.ts'
import { readRegions } from '../../../electron/host/unit-workspace.ts'
import { testLog, unitKey } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import type { Run } from './messages.ts'
import { serveAsks, timed } from './serve-asks.ts'

// The workstation's own sync: encrypted file with FULL synchronisation, outbox, engine, the client of the central service.
interface Machine {
  readonly local: LocalDatabase
  readonly client: CentralClient
  readonly engine: SyncEngine
  readonly registrations: ReturnType<typeof createRegistrationsService>
  connect(): Promise<void>
  close(): Promise<void>
}

const clock = { now: () => new Date() }
const regions = readRegions(new URL('../../../resources', import.meta.url).pathname)
const open = new Map<string, Promise<Machine>>()

function machineOf(run: Run, name: 'first' | 'second'): Promise<Machine> {
  const path = join(run.folder, `${name}.db`)
  const machine = open.get(path) ?? openMachine(path, run)
  open.set(path, machine)
  return machine
}

async function openMachine(path: string, run: Run): Promise<Machine> {
  const deviceId = randomUUID()
  const log = testLog()
  const local = await openLocalDatabase(path, unitKey)
  const client = createCentralClient({ centralUrl: run.url, centralCa: null, allowPlainHttp: true, tokenDriver: null }, () => deviceId)
  const engine = await startSyncEngine({ local, central: client, organizationId: run.organizationId, clock, log, rowsChanged: () => undefined }, { pullEvery: 3_600_000 })
  const registrations = createRegistrationsService({
    local, search: createRecordSearch(local.file), central: client, regions, clock, changed: () => undefined, wakeSync: () => undefined,
  })
  return {
    local, client, engine, registrations,
    connect: async () => {
      const { token } = await client.signInWithPassword({ username: run.username, password: run.password, deviceId })
      client.useSession(token)
    },
    close: async () => {
      await engine.stop()
      client.close()
      await local.close()
    },
  }
}

/** From the moment the engine may begin until it has told that an exchange is over. */
function exchange(engine: SyncEngine): Promise<void> {
  const over = new Promise<void>((resolve, reject) => {
    engine.onChange(({ phase, problem }) => {
      if (phase === 'idle') resolve()
      else if (phase !== 'syncing') reject(new Error(`${phase} ${problem?.code ?? ''}`))
    })
  })
  engine.resume()
  return over
}

/** What 提交 leaves in the file, many at once. */
async function submitMany({ db }: LocalDatabase, from: number, count: number): Promise<void> {
  for (let begin = from; begin < from + count; begin += 500) {
    await db.transaction().execute(async (trx) => {
      for (let number = begin; number < Math.min(begin + 500, from + count); number++) {
        const [now, values] = [clock.now(), personValues(number)]
        const [id, at] = [newId(now), now.toISOString()]
        await insertRecord(trx, {
          id, person_type: 'manager', version: null, base: null, body: values, id_card_no: values.idCardNo, state: 'queued', review_status: 'unsubmitted', employment_status: 'employed',
          face_enrolled: 0, return_code: null, return_comment: null, updated_at: at,
        })
        await indexRecord(trx, id, values, indexName(values.name), at)
        await enqueue(trx, { op_id: newId(now), record_id: id, kind: 'create', patch: values, base_version: null, created_at: at })
      }
    })
  }
}

const numberOf = ({ file }: LocalDatabase, what: string) => file.prepare(`select count(*) from ${what}`).pluck().get() as number

serveAsks({
  fill: async ({ run, from, count }) => {
    const { local, connect } = await machineOf(run, 'first')
    await submitMany(local, from, count)
    await connect()
    return []
  },
  push: async ({ run }) => {
    const { local, engine } = await machineOf(run, 'first')
    const took = await timed(() => exchange(engine))
    const left = [numberOf(local, 'outbox'), numberOf(local, "record where state <> 'uploaded'")]
    if (left.some((each) => each > 0)) throw new Error(`not pushed: ${left.join(', ')}`)
    return [took]
  },
  pull: async ({ run, count }) => {
    const { local, engine, connect } = await machineOf(run, 'second')
    await connect()
    const took = await timed(() => exchange(engine))
    const pulled = numberOf(local, "record where state = 'uploaded'")
    if (pulled !== count) throw new Error(`${pulled} of ${count} pulled`)
    return [took]
  },
  'one-by-one': async ({ run, from, times }) => {
    const [first, second] = [await machineOf(run, 'first'), await machineOf(run, 'second')]
    // What came of the pushes is told to the first one too.
    await first.engine.syncNow()
    const took: number[] = []
    for (let number = from; number < from + times; number++) {
      const values = personValues(number)
      const { id, revision } = await first.registrations.begin({ idCardNo: values.idCardNo })
      took.push(
        await timed(async () => {
          await first.registrations.submit({ id, values, revision })
          await first.engine.syncNow()
          await second.engine.syncNow()
        }),
      )
      await second.registrations.open({ id })
    }
    return took
  },
  close: async () => {
    for (const machine of open.values()) await (await machine).close()
    open.clear()
    return []
  },
})
