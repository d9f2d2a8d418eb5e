import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DatabaseLocation } from '../../central/database/open.ts'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { openStorage } from '../../central/storage.ts'
import { createCentralClient, type CentralClient } from '../../electron/host/central/central-client.ts'
import { nextCreditCode, password, recoveryPublicKey } from './central-service.ts'
import { makeAuthority } from './certificates.ts'

const program = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Whom it becomes where the tests run as root. */
  readonly uid?: number
  /** Dies by its own kill -9 at the first commit after `wake`. */
  readonly dies?: 'before' | 'after'
}

/** The central service's own program at an address that stays, in a process that tests kill; its operator sits here. */
export async function makeKillableCentral(database: (data: string) => DatabaseLocation = (data) => ({ kind: 'sqlite', path: join(data, 'central.db') })) {
  const folder = mkdtempSync(join(tmpdir(), 'killable-central-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  const cas = join(folder, 'cas.pem')
  writeFileSync(cas, (await makeAuthority({})).pem)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const location = database(data)
  const env = {
    ...(process.env as Record<string, string>),
    CENTRAL_DATA: data, CENTRAL_PORT: String(port), CENTRAL_AUDIENCE: url, CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_TRUSTED_CAS: cas,
    CENTRAL_APPROVES_AUTOMATICALLY: '0',
    ...(location.kind === 'postgresql' ? { DATABASE_URL: location.url } : {}),
  }
  const storage = await openStorage({ location, keysFile: join(data, 'personal-keys.json') })
  const context = { db: storage.database.db, epoch: storage.database.epoch, clock: { now: () => new Date() }, personal: storage.personal }
  const clients: CentralClient[] = []
  let child: ChildProcess | undefined
  let lines: Interface | undefined
  let ended: Promise<unknown> = Promise.resolve()

  async function stop(signal: NodeJS.Signals): Promise<void> {
    child?.kill(signal)
    await ended
  }

  return {
    folder, data, url, location, context,
    db: storage.database.db,
    start: async ({ env: more = {}, uid, dies }: StartOptions = {}): Promise<void> => {
      const preload = dies ? ['--import', program('dying-at-commit.ts')] : []
      child = spawn(process.execPath, [...preload, program('../../central/server.ts')], {
        env: { ...env, ...more, ...(dies ? { DIES: dies } : {}) }, stdio: ['ignore', 'pipe', 'pipe'], ...(uid === undefined ? {} : { uid, gid: uid }),
      })
      let said = ''
      child.stderr?.setEncoding('utf8').on('data', (text: string) => void (said += text))
      ended = once(child, 'close')
      lines = createInterface(child.stdout as NodeJS.ReadableStream)
      const opened = once(lines, 'line')
      await Promise.race([opened, ended.then(() => Promise.reject(new Error(said.trim())))])
    },
    kill: () => stop('SIGKILL'),
    /** Settles when it has ended, by whosever hand. */
    ended: () => ended,
    signal: (name: NodeJS.Signals) => void child?.kill(name),
    /** It says that it has heard: a request sent right after a signal may overtake it. */
    wake: async (): Promise<void> => {
      const heard = lines && once(lines, 'line')
      child?.kill('SIGUSR2')
      await heard
    },
    addUnit: async (): Promise<{ id: string; username: string }> => {
      const unit = { name: '甲修缮有限公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey } as const
      const id = await createOrganization(context, unit)
      const username = `clerk-${randomUUID()}`
      await createAccount(context, { organizationId: id, username, displayName: username, role: 'unit-admin', password })
      return { id, username }
    },
    /** A workstation's way to it, signed in. */
    client: async (username: string): Promise<CentralClient> => {
      const deviceId = `device-${randomUUID()}`
      const client = createCentralClient({ centralUrl: url, centralCa: null, allowPlainHttp: true, tokenDriver: null }, () => deviceId)
      clients.push(client)
      client.useSession((await client.signInWithPassword({ username, password, deviceId })).token)
      return client
    },
    close: async (): Promise<void> => {
      for (const client of clients) client.close()
      await stop('SIGKILL')
      await storage.database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type KillableCentral = Awaited<ReturnType<typeof makeKillableCentral>>

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
