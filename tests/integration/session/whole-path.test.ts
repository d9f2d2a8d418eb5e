import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { buildApp } from '../../../central/app.ts'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { revocationNotChecked } from '../../../central/auth/ca/revocation/revocation-checker.ts'
import { createTrustStore } from '../../../central/auth/ca/trust-store.ts'
import { bindCertificate } from '../../../central/auth/certificate-bindings.repository.ts'
import { openCentralDatabase, type CentralDatabase } from '../../../central/database/open.ts'
import { resetPassword } from '../../../central/operator/access-operations.ts'
import { createAccount, createOrganization } from '../../../central/operator/operations.ts'
import { createPersonalData } from '../../../central/personal-data/personal-data.ts'
import { openKeyFileSecrets } from '../../../electron/browser/key-file-secrets.ts'
import { startNodeKeyProcess } from '../../../electron/browser/node-key-process.ts'
import { createHost, type Host } from '../../../electron/host/index.ts'
import { bridgeContract, type BridgeClient } from '../../../shared/contract/index.ts'
import type { CaKeyState } from '../../../shared/contract/ca-key.contract.ts'
import type { SessionState } from '../../../shared/contract/session.contract.ts'
import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import { createClient } from '../../../shared/wire/client.ts'
import { createTransportPair } from '../../../shared/wire/transport.ts'
import { nextCreditCode, password, recoveryPublicKey } from '../../support/central-service.ts'
import { failureOf, until } from '../../support/key-service-rig.ts'
import { testLog } from '../../support/local-unit.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'
import { makeTestKeys, type TestKeys } from '../../support/softhsm.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from '../../support/shell-ports.ts'

const pin = '20260101'
const clock = { now: () => new Date() }
const root = fileURLToPath(new URL('../../..', import.meta.url))

let keys: TestKeys
let token: MadeToken
let central: Awaited<ReturnType<typeof startCentral>>
let host: Host
let page: BridgeClient
let session: SessionState
let sync: SyncStatus
let lock: CaKeyState
let clerk: string

/** As it runs, at an address that stays the same over a restart: CA locks sign it. */
async function startCentral(folder: string) {
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const port = await freePort()
  const audience = `http://127.0.0.1:${port}`
  const auth = { audience, trust: createTrustStore(keys.ca.trustBundlePem), revocation: revocationNotChecked, secureCookies: false }
  let database: CentralDatabase
  let app: Awaited<ReturnType<typeof buildApp>>
  const start = async ({ caNeedsPassword = false, submitNeedsSignature = false } = {}) => {
    database = await openCentralDatabase({ kind: 'sqlite', path: join(folder, 'central.db') })
    const attachments = { folder: join(folder, 'attachments'), quotaBytes: 2 ** 30 }
    app = await buildApp({ database, personal, clock, version: '0.0.0', tls: null, log: () => undefined, attachments, auth: { ...auth, caNeedsPassword, submitNeedsSignature } })
    await app.listen({ host: '127.0.0.1', port })
  }
  const stop = async () => {
    await app.close()
    await database.close()
  }
  await start()
  return { audience, start, stop, db: () => database.db, context: () => ({ db: database.db, epoch: database.epoch, clock, personal }) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A unit with two clerks, both of whom its lock opens. */
async function addUnit(creditCode: string): Promise<string> {
  const context = central.context()
  const unit = { name: '甲修缮有限公司', kind: 'contractor' as const, creditCode, address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey }
  const organizationId = await createOrganization(context, unit)
  const [clerk, colleague] = [await addClerk('zhang', organizationId), await addClerk('li', organizationId)]
  const lock = { issuer: readCertificate(token.certificate).issuerText, companyCode: creditCode }
  for (const account of [clerk, colleague]) await bindCertificate(context.db, lock, account, clock.now())
  return clerk
}
const addClerk = (username: string, organizationId: string) =>
  createAccount(central.context(), { organizationId, username, displayName: username, role: 'clerk', password })

async function startHost(data: string): Promise<void> {
  mkdirSync(data, { recursive: true })
  host = await createHost({
    shell: 'browser', version: '0.0.0', clock, log: testLog(),
    paths: { data, resources: join(root, 'resources') },
    config: { centralUrl: central.audience, centralCa: null, allowPlainHttp: true, tokenDriver: keys.faultyModule },
    secrets: await openKeyFileSecrets(data),
    startKeyProcess: () => startNodeKeyProcess(join(root, 'electron/host/ca-key/key-process.ts')),
    dialogs: dialogsCancelled,
    startRosterReader,
    startFaceScan,
    printing: printingUnavailable,
  })
  const [ours, theirs] = createTransportPair()
  host.attach(theirs)
  const client = createClient(bridgeContract, ours)
  client.on('session', 'changed', (state) => (session = state))
  client.on('caKey', 'changed', (state) => (lock = state))
  client.on('sync', 'changed', (status) => (sync = status))
  page = client.call
  lock = await page.caKey.state({})
}

const lockShows = () => until('the lock shows', () => lock.certificates.length > 0)
const withKey = () => ({ certificateId: token.certificateId, pin, confirmFinalTry: false })
const connection = () => (session.phase === 'signed-in' ? session.connection : session.phase)
const choose = async (accountId: string, given: string | null) => void (session = await page.session.chooseAccount({ accountId, password: given }))

async function signInByLock(): Promise<Extract<SessionState, { phase: 'choosing-account' }>> {
  const answer = await page.session.signInWithKey(withKey())
  if (answer.phase !== 'choosing-account') throw new Error(`expected a choice of accounts, got ${answer.phase}`)
  return answer
}

beforeEach(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  const creditCode = nextCreditCode()
  token = await makeToken(keys.store, keys.ca, { label: 'key', pin, company: '甲修缮有限公司', organizationCode: creditCode, algorithm: 'P-256' })
  central = await startCentral(keys.store.directory)
  clerk = await addUnit(creditCode)
  await startHost(join(keys.store.directory, 'workstation'))
  await lockShows()
})
afterEach(async () => {
  await host.close()
  await central.stop()
  keys.remove()
})

it('from the lock to the central service and back, through a pulled key, a dead line and an ended session, each write arrives once', { timeout: 60_000 }, async () => {
  // The clerk's password once a device.
  expect((await signInByLock()).accounts.map(({ needsPassword }) => needsPassword)).toEqual([true, true])
  expect((await failureOf(page.session.chooseAccount({ accountId: clerk, password: null }))).code).toBe('ca-needs-password')
  await choose(clerk, password)
  expect(connection()).toBe('online')
  await page.session.signOut({})
  expect((await signInByLock()).accounts.find(({ id }) => id === clerk)).toMatchObject({ needsPassword: false })
  await choose(clerk, null)
  // One's own new password, set here, is no reason to ask for it here.
  session = await page.session.changePassword({ password, newPassword: '自己的新密码-1' })
  await page.session.signOut({})
  expect((await signInByLock()).accounts.find(({ id }) => id === clerk)).toMatchObject({ needsPassword: false })
  await choose(clerk, null)
  await until('the first sync', () => sync.phase === 'idle')

  // Pulled: locked by itself, and what is being typed is kept behind the lock.
  const form = await page.registrations.begin({ idCardNo: idCardNoOf(1) })
  keys.inject('removed')
  await until('the lock screen', () => session.phase === 'locked')
  // The driver named at the start is the only one: SoftHSM itself, installed here too, would still see the lock.
  expect((await page.caKey.refresh({})).certificates).toEqual([])
  const kept = await page.registrations.keepDraft({ id: form.id, revision: form.revision, values: personValues(1) })
  expect((await failureOf(page.registrations.list({ query: '', page: 1, pageSize: 10 }))).code).toBe('locked')
  keys.mend('removed')
  await lockShows()
  session = await page.session.unlockWithKey(withKey())
  expect(connection()).toBe('online')
  expect((await page.registrations.open({ id: form.id })).values.name).toBe(personValues(1).name)

  // The line is dead: submitted all the same, and it waits.
  await central.stop()
  await page.registrations.submit({ id: form.id, revision: kept.revision, values: personValues(1) })
  sync = await page.sync.syncNow({})
  expect(sync).toMatchObject({ phase: 'offline', queued: 1 })

  // It is back and knows the session no more: the queue waits for the clerk.
  await central.start()
  await central.db().deleteFrom('session').execute()
  sync = await page.sync.syncNow({})
  expect(connection()).toBe('sign-in-needed')
  expect(sync.queued).toBe(1)
  session = await page.session.unlockWithKey(withKey())
  await until('the queue is sent', () => sync.phase === 'idle' && sync.queued === 0)
  expect(connection()).toBe('online')
  const arrived = await central.db().selectFrom('registration').select('id').execute()
  expect(arrived).toEqual([{ id: form.id }])
  expect(await central.db().selectFrom('person').select('id').execute()).toHaveLength(1)
  expect((await page.registrations.list({ query: '', page: 1, pageSize: 10 })).rows).toMatchObject([{ id: form.id, syncState: 'uploaded' }])
})

it('where the password was reset meanwhile, the clerk at work is told that the new one is wanted, and goes on with it', { timeout: 60_000 }, async () => {
  session = await page.session.signInWithPassword({ username: 'zhang', password })
  await until('the first sync', () => sync.phase === 'idle')
  await resetPassword(central.context(), clerk, '管理员设的密码-1')
  sync = await page.sync.syncNow({})
  expect(sync).toMatchObject({ phase: 'waiting-for-sign-in', problem: { code: 'session-password-changed' } })
  expect(connection()).toBe('sign-in-needed')
  expect((await failureOf(page.session.unlockWithPassword({ password }))).code).toBe('session-password-changed')
  session = await page.session.unlockWithPassword({ password: '管理员设的密码-1' })
  await until('the sync after it', () => sync.phase === 'idle' && sync.problem === null)
  expect(connection()).toBe('online')
})

it('where the operator wants lock and password together, a locked unit opens again, each half by itself being refused', { timeout: 60_000 }, async () => {
  await central.stop()
  await central.start({ caNeedsPassword: true })
  await signInByLock()
  await choose(clerk, password)
  session = await page.session.lock({})

  expect((await failureOf(page.session.unlockWithPassword({ password }))).code).toBe('password-needs-ca')
  // As a page calls it that knows of no password here.
  expect((await failureOf(page.session.unlockWithKey(withKey()))).code).toBe('ca-needs-password')
  expect((await failureOf(page.session.unlockWithPassword({ password: '不对的密码' }))).code).toBe('own-password-wrong')
  expect(connection()).toBe('locked')
  const pins = keys.logins()
  session = await page.session.unlockWithPassword({ password })
  expect(session).toMatchObject({ phase: 'signed-in', way: 'ca-key', connection: 'online' })
  expect(keys.logins()).toBe(pins)

  await page.session.lock({})
  expect(await page.session.unlockWithKey({ ...withKey(), password })).toMatchObject({ phase: 'signed-in', connection: 'online' })
})

it('where the operator wants each submission signed, the open lock signs it, and a session of the password waits for the lock', { timeout: 60_000 }, async () => {
  await central.stop()
  await central.start({ submitNeedsSignature: true })
  const submit = async (number: number) => {
    const { id, revision } = await page.registrations.begin({ idCardNo: idCardNoOf(number) })
    await page.registrations.submit({ id, revision, values: personValues(number) })
    sync = await page.sync.syncNow({})
  }
  await signInByLock()
  await choose(clerk, password)
  await until('the first sync', () => sync.phase === 'idle')
  await submit(1)
  expect(sync).toMatchObject({ phase: 'idle', queued: 0 })
  const pins = keys.logins()
  await submit(2)
  // The PIN of the sign-in serves for the day.
  expect([sync.queued, keys.logins()]).toEqual([0, pins])
  await page.session.signOut({})

  session = await page.session.signInWithPassword({ username: 'zhang', password })
  await submit(3)
  expect(sync).toMatchObject({ phase: 'waiting-for-key', queued: 1, problem: { code: 'submission-needs-key' } })
  // It never left: 保存 takes it back, and it is submitted once more.
  const [row] = (await page.registrations.list({ query: '', page: 1, pageSize: 10 })).rows.filter(({ syncState }) => syncState === 'queued')
  const form = await page.registrations.open({ id: row?.id ?? '' })
  const saved = await page.registrations.save({ id: form.id, revision: form.revision, values: form.values })
  expect([saved.syncState, (await page.sync.syncNow({})).queued]).toEqual(['local-only', 0])
  await page.registrations.submit({ id: form.id, revision: saved.revision, values: form.values })
  sync = await page.sync.syncNow({})
  expect(sync).toMatchObject({ phase: 'waiting-for-key', queued: 1 })
  // What others did still comes in, and the session is as good as before.
  expect(connection()).toBe('online')
  // A colleague's lock proves the unit as well: it signs for whoever is signed in, and nobody signs in by it.
  await central.db().deleteFrom('certificate_binding_account').where('account_id', '=', clerk).execute()
  expect((await failureOf(page.session.unlockWithKey(withKey()))).code).toBe('different-account')
  session = await page.session.openSigningKey(withKey())
  expect(session).toMatchObject({ phase: 'signed-in', way: 'password', account: { id: clerk } })
  await until('the queue is sent', () => sync.phase === 'idle' && sync.queued === 0)
  expect(await central.db().selectFrom('registration').select('id').execute()).toHaveLength(3)
  keys.inject('removed')
  await until('the lock is gone', () => lock.certificates.length === 0)
  await submit(4)
  expect([session.phase, sync.phase]).toEqual(['signed-in', 'waiting-for-key'])
  const signed = await central.db().selectFrom('audit_event').select('account_id').where('kind', '=', 'submission-signed').execute()
  expect(signed).toEqual([{ account_id: clerk }, { account_id: clerk }, { account_id: clerk }])
})
