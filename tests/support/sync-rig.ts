import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { buildApp } from '../../central/app.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { newEpoch, openCentralDatabase } from '../../central/database/open.ts'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { openAttachments, type OpenAttachments } from '../../electron/host/attachments/open-attachments.ts'
import type { UploadProgress } from '../../electron/host/attachments/upload-queue.ts'
import { createCentralClient, type CentralClient } from '../../electron/host/central/central-client.ts'
import { openFaces, type OpenFaces } from '../../electron/host/faces/open-faces.ts'
import { openLocalDatabase, type LocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { createRecordSearch } from '../../electron/host/database/search.repository.ts'
import { createRegistrationsService } from '../../electron/host/services/registrations/registrations.service.ts'
import { createBindingsService } from '../../electron/host/services/bindings/bindings.service.ts'
import { liveBindingsOf } from '../../electron/host/services/bindings/live-bindings.ts'
import { createTransfersService, type TransfersService } from '../../electron/host/services/transfers/transfers.service.ts'
import { startSyncEngine, type SyncEngine, type SyncOptions } from '../../electron/host/sync/sync-engine.ts'
import { readRegions } from '../../electron/host/unit-workspace.ts'
import type { RegistrationForm, RegistrationRow } from '../../shared/contract/registrations.contract.ts'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { dialogsSavingAt } from './attachment-files.ts'
import { nextCreditCode, password, recoveryPublicKey } from './central-service.ts'
import { makeAuthority } from './certificates.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { openTestSecrets, testLog, unitKey } from './local-unit.ts'
import { personValues } from './people.ts'
import { startFaceScan } from './shell-ports.ts'

const regions = readRegions(new URL('../../resources', import.meta.url).pathname)

export interface SyncUnit {
  readonly id: string
  readonly accountId: string
  readonly username: string
}

/** The central service as it runs, on SQLite and plain HTTP, with a line before it that can be spoilt. */
export async function startSyncRig() {
  let centralAhead = 0
  const clock = { now: () => new Date(Date.now() + centralAhead) }
  const folder = mkdtempSync(join(tmpdir(), 'sync-'))
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const trust = createTrustStore((await makeAuthority({})).pem)
  let files = 0
  const newFile = () => join(folder, `central-${++files}.db`)
  let service = await serve(newFile())
  const proxy = await startFaultProxy(service.url)
  const stations: Workstation[] = []

  async function serve(path: string) {
    const database = await openCentralDatabase({ kind: 'sqlite', path })
    const app = await buildApp({
      database, personal, clock, version: '0.0.0', tls: null, limits: { signInWithPassword: 1e6, checkIdCardNo: 1e6 }, log: () => undefined, attachments: { folder: `${path}-attachments`, quotaBytes: 2 ** 30 },
      auth: { audience: 'https://central.test', trust, revocation: revocationNotChecked, caNeedsPassword: false, submitNeedsSignature: false, secureCookies: false },
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { path, database, app, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` }
  }

  async function stop(): Promise<void> {
    await service.app.close()
    await service.database.close()
  }

  const context = () => ({ db: service.database.db, epoch: service.database.epoch, clock, personal })

  async function addAccount(organizationId: string): Promise<SyncUnit> {
    const username = `clerk-${randomUUID()}`
    return { id: organizationId, username, accountId: await createAccount(context(), { organizationId, username, displayName: username, role: 'clerk', password }) }
  }

  return {
    proxy,
    context,
    /** How far the central service's clock runs ahead. */
    centralAhead: (milliseconds: number) => void (centralAhead += milliseconds),
    addAccount,
    addUnit: async (name = '甲修缮有限公司'): Promise<SyncUnit> => {
      const organization = { name, kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey } as const
      return addAccount(await createOrganization(context(), organization))
    },
    /** A machine of this clerk, signed in and synced once unless told otherwise. */
    workstation: async (unit: SyncUnit, options: WorkstationOptions & { offline?: boolean } = {}): Promise<Workstation> => {
      const station = await openWorkstation(mkdtempSync(join(folder, 'station-')), unit, proxy, options)
      stations.push(station)
      if (!options.offline) await station.connect()
      return station
    },
    /** The very same machine after a restart of the program. */
    restart: async (station: Workstation): Promise<Workstation> => {
      await station.close()
      const next = await openWorkstation(station.folder, station.unit, proxy, station.options)
      stations.push(next)
      return next
    },
    /** Instead of what is there: a central service that knows nobody. */
    empty: async (): Promise<void> => {
      await stop()
      service = await serve(newFile())
      proxy.pointAt(service.url)
    },
    /** What the central service holds, by id. */
    registrations: () => service.database.db.selectFrom('registration').select(['id', 'organization_id', 'name', 'status', 'version']).orderBy('created_at').execute(),
    /** A copy for `restore`, as an operator makes it. */
    backUp: (): string => {
      const path = newFile()
      const file = new Sqlite(service.path)
      file.exec(`vacuum into '${path}'`)
      file.close()
      return path
    },
    /** The operator puts a copy in the place of what is there. */
    restore: async (path: string, options: { epoch?: 'new' | 'forgotten' } = {}): Promise<void> => {
      await stop()
      if (options.epoch !== 'forgotten') {
        const database = await openCentralDatabase({ kind: 'sqlite', path })
        await newEpoch(database.db)
        await database.close()
      }
      service = await serve(path)
      proxy.pointAt(service.url)
    },
    close: async () => {
      for (const station of stations) await station.close()
      await proxy.close()
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type SyncRig = Awaited<ReturnType<typeof startSyncRig>>

export interface WorkstationOptions extends SyncOptions {
  /** ms for the answer to a push or a pull. */
  patience?: number
  rowsChanged?: (ids: string[] | null) => void
  attachmentsChanged?: (recordId: string | null) => void
  uploadProgress?: (progress: UploadProgress) => void
  /** Keeps a question for news open, as the program does; else a test says itself when the line is used. */
  live?: { bindingsChanged?: () => void }
  /** What the clerk answers in the dialog of 下载. */
  savedAt?: string
}

export interface Workstation {
  readonly folder: string
  readonly unit: SyncUnit
  readonly options: WorkstationOptions
  readonly local: LocalDatabase
  readonly client: CentralClient
  readonly engine: SyncEngine
  readonly registrations: ReturnType<typeof createRegistrationsService>
  readonly attachments: OpenAttachments['service']
  readonly transfers: TransfersService
  readonly bindings: ReturnType<typeof createBindingsService>
  readonly faces: OpenFaces['service']
  /** Everything the engine told, oldest first. */
  readonly told: SyncStatus[]
  readonly log: readonly string[]
  /** How far the program's clock runs ahead. */
  ahead(milliseconds: number): void
  /** As this machine's clerk, or as somebody else at it. */
  signIn(username?: string): Promise<void>
  /** Signs in and syncs. */
  connect(): Promise<SyncStatus>
  sync(): Promise<SyncStatus>
  /** 新增 and 提交. */
  add(person: number, changes?: Partial<PersonValues>): Promise<string>
  edit(id: string, changes: Partial<PersonValues>, how?: 'submit' | 'save' | 'keepDraft'): Promise<void>
  values(id: string): Promise<PersonValues>
  form(id: string): Promise<RegistrationForm>
  rows(): Promise<RegistrationRow[]>
  row(id: string): Promise<RegistrationRow | undefined>
  /** As often as once: ends the program here. */
  close(): Promise<void>
}

/** The host's parts over the file of this folder, with the central service at this address. */
export async function openWorkstation(folder: string, unit: SyncUnit, proxy: Pick<FaultProxy, 'url'>, options: WorkstationOptions): Promise<Workstation> {
  let ahead = 0
  const ownClock = { now: () => new Date(Date.now() + ahead) }
  const log = testLog()
  const told: SyncStatus[] = []
  const local = await openLocalDatabase(join(folder, 'unit.db'), unitKey)
  const deviceId = `device-${folder.slice(-6)}-0123456789`.replaceAll(/[^\w-]/g, '_')
  const client = createCentralClient(
    { centralUrl: proxy.url, centralCa: null, allowPlainHttp: true, tokenDriver: null }, () => deviceId,
    options.patience === undefined ? {} : { patience: options.patience },
  )
  // Its file as the unit's, in the folder of the machine.
  const faces = openFaces({
    local, paths: { database: join(folder, 'faces.db'), key: join(folder, 'faces.key.json') }, account: { id: unit.accountId, username: unit.username, displayName: unit.username, role: 'clerk', reviewsRegistrations: false, faceSignIn: 'off' }, changed: () => undefined, wakeSync: () => undefined,
    ports: { secrets: await openTestSecrets(folder), startFaceScan, clock: ownClock, log },
  })
  const { attachmentsChanged = () => undefined, uploadProgress = () => undefined, savedAt = null } = options
  const engine = await startSyncEngine(
    {
      local, central: client, organizationId: unit.id, clock: ownClock, log, attachmentsChanged, faceDataOf: faces.faceDataOf, facesChanged: (ids) => faces.follow(ids),
      rowsChanged: (ids) => {
        options.rowsChanged?.(ids)
        if (ids) faces.follow(ids)
      },
    },
    {
      pullEvery: 3_600_000, random: () => 0, ...options,
      ...(options.live ? { news: { ask: (known, signal) => client.awaitNews(known, signal), bindingsChanged: options.live.bindingsChanged ?? null } } : {}),
    },
  )
  engine.onChange((status) => void told.push(status))
  const attachments = await openAttachments({
    local, folder: join(folder, 'attachments'), unitKey, central: client, ofUnit: true, changed: attachmentsChanged, progress: uploadProgress, random: () => 0.99,
    ports: { clock: ownClock, log, dialogs: dialogsSavingAt(() => savedAt) },
  })
  engine.onChange(({ phase }) => attachments.follow(phase))
  // Submissions wait for `sync`, so that a test says itself when the line is used.
  const registrations = createRegistrationsService({
    local, search: createRecordSearch(local.file), central: client, regions, clock: ownClock, changed: () => undefined, wakeSync: () => undefined,
  })
  const transfers = createTransfersService({
    local, central: client, bindings: liveBindingsOf(local), clock: ownClock, changed: () => undefined, requestsChanged: () => undefined, wakeSync: () => undefined,
  })
  const bindings = createBindingsService({
    local, unitName: '甲修缮有限公司', central: client, transfers, clock: ownClock, recordsChanged: () => undefined, changed: () => undefined, wakeSync: () => undefined,
  })
  let closed = false
  const form = (id: string) => Promise.resolve(registrations.open({ id }))
  const rows = async () => (await registrations.list({ query: '', page: 1, pageSize: 50 })).rows
  const signIn = async (username = unit.username) => {
    const session = await client.signInWithPassword({ username, password, deviceId })
    client.useSession(session.token)
  }
  return {
    folder, unit, options, local, client, engine, registrations, transfers, bindings, faces: faces.service, attachments: attachments.service, told, log: log.lines, form, rows, signIn,
    ahead: (milliseconds) => void (ahead += milliseconds),
    connect: async () => {
      await signIn()
      engine.resume()
      return engine.syncNow()
    },
    sync: () => engine.syncNow(),
    add: async (person, changes = {}) => {
      const values = personValues(person, changes)
      const begun = await registrations.begin({ idCardNo: values.idCardNo })
      await registrations.submit({ id: begun.id, values, revision: begun.revision })
      return begun.id
    },
    edit: async (id, changes, how = 'submit') => {
      const { values, revision } = await form(id)
      await registrations[how]({ id, values: { ...values, ...changes }, revision })
    },
    values: async (id) => (await form(id)).values,
    row: async (id) => (await rows()).find((row) => row.id === id),
    close: async () => {
      if (closed) return
      closed = true
      await engine.stop()
      await faces.close()
      await attachments.close()
      client.close()
      await local.close()
    },
  }
}
