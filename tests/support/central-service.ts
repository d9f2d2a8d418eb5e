import { createHash, generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { attachmentContext, buildApp, type CentralOptions } from '../../central/app.ts'
import { insertAccount } from '../../central/auth/accounts.repository.ts'
import type { AuthConfig } from '../../central/auth/auth-context.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'
import { sweepAttachments } from '../../central/modules/attachments/waste.service.ts'
import { createOrganization } from '../../central/operator/operations.ts'
import { setReviewer, setReviewScope } from '../../central/operator/review-operations.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { centralApi, type RouteName } from '../../shared/api/index.ts'
import type { RouteSpec } from '../../shared/api/route.ts'
import { creditCodeCheckCharacter } from '../../shared/domain/credit-code.ts'
import type { AccountRole, OrganizationKind } from '../../shared/domain/statuses.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { makeAuthority, type TestAuthority } from './certificates.ts'
import { hashedOnce } from './hashed-once.ts'
import { personValues } from './people.ts'

export const audience = 'https://central.test'
export const password = '正确的测试密码-1'
export const recoveryPublicKey = String(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }))

/** Of 100,000; drawn once, so that programs that share a database hardly ever meet. */
let creditCodes = randomInt(100_000)

/** Each call another right code. */
export function nextCreditCode(): string {
  const first17 = `91310000MA1F${String(creditCodes++ % 100_000).padStart(5, '0')}`
  return first17 + creditCodeCheckCharacter(first17)
}

/** What came back over HTTP. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // Tests look into it as they please.
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
}

export interface Call {
  body?: unknown
  params?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
}

export interface Unit {
  readonly id: string
  readonly creditCode: string
  readonly accountId: string
  readonly username: string
}

/**
 * A central service on a real database, spoken to over HTTP. Its clock stands unless a test moves it, and registrations wait for
 * a review unless a test has them approved automatically.
 */
export async function startCentral(location: DatabaseLocation, changes: Partial<Pick<CentralOptions, 'limits' | 'submissionsPerCode' | 'workerPage' | 'tls' | 'trustedProxies' | 'attachments' | 'approvesAutomatically' | 'identityCheckRequired'>> & Partial<Pick<AuthConfig, 'revocation' | 'caNeedsPassword' | 'submitNeedsSignature'>> & { alsoTrusted?: readonly TestAuthority[] } = {}) {
  const database = await openCentralDatabase(location)
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const root = await makeAuthority({})
  const ca: TestAuthority = await makeAuthority({ pathLength: 0 }, root)
  const clock = { at: Date.now(), now: () => new Date(clock.at), pass: (seconds: number) => void (clock.at += seconds * 1000) }
  const log: Readonly<Record<string, unknown>>[] = []
  const { revocation = revocationNotChecked, caNeedsPassword = false, submitNeedsSignature = false, limits = {}, alsoTrusted = [], approvesAutomatically = false, identityCheckRequired = true, ...others } = changes
  const unlimited = Object.fromEntries(Object.keys(centralApi).map((name) => [name, 1e6]))
  const attachmentsFolder = mkdtempSync(join(tmpdir(), 'central-attachments-'))
  const stored = { database, personal, clock, log: (entry: Readonly<Record<string, unknown>>) => void log.push(entry), attachments: others.attachments ?? { folder: attachmentsFolder, quotaBytes: 2 ** 30 } }
  const app = await buildApp({
    approvesAutomatically, identityCheckRequired, version: '0.0.0', tls: null, limits: { ...unlimited, ...limits }, ...others, ...stored,
    auth: { audience, trust: createTrustStore([ca, root, ...alsoTrusted].map(({ pem }) => pem).join('\n')), revocation, caNeedsPassword, submitNeedsSignature, secureCookies: true },
  })
  const context = { db: database.db, epoch: database.epoch, clock, personal, approvesAutomatically, identityCheckRequired }

  async function addUnit(name = '甲修缮有限公司', kind: OrganizationKind = 'contractor'): Promise<Unit> {
    const creditCode = nextCreditCode()
    const id = await createOrganization(context, {
      name, kind, creditCode, address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey,
    })
    const username = `clerk-${randomUUID()}`
    const accountId = await addAccount(id, username)
    return { id, creditCode, accountId, username }
  }

  const addAccount = async (organizationId: string, username: string, role: AccountRole = 'clerk'): Promise<string> => {
    const id = randomUUID()
    await insertAccount(database.db, { id, organizationId, username, displayName: username, role, passwordHash: await hashedOnce(password), passwordByOperator: false }, clock.now())
    return id
  }

  /** A reviewer of an implementing unit, signed in, and the units that are in its review scope. */
  async function newReviewer(...reviewed: readonly Unit[]) {
    const unit = await addUnit('实施单位', 'implementer')
    await setReviewer(context, unit.accountId, true)
    for (const { id } of reviewed) await setReviewScope(context, unit.id, id, true)
    return { unit, ...(await signIn(app, unit.username, newDeviceId())) }
  }

  return {
    newReviewer,
    location, app, database, attachmentsFolder,
    /** What the hourly sweep does about them. */
    sweepAttachments: () => sweepAttachments(attachmentContext(stored)),
    db: database.db, personal, clock, log, ca, root, context, addUnit, addAccount,
    send: (name: RouteName, call?: Call, from?: string) => send(app, name, call, from),
    signIn: (username: string, deviceId = newDeviceId()) => signIn(app, username, deviceId),
    /** A unit and its 单位管理员, signed in. */
    newAdmin: async (name?: string) => {
      const unit = await addUnit(name)
      await database.db.updateTable('account').set({ role: 'unit-admin' }).where('id', '=', unit.accountId).execute()
      return { unit, ...(await signIn(app, unit.username, newDeviceId())) }
    },
    /** A unit and its clerk, signed in. */
    newClerk: async (name?: string) => {
      const unit = await addUnit(name)
      return { unit, ...(await signIn(app, unit.username, newDeviceId())) }
    },
    close: async () => {
      await app.close()
      await database.close()
      rmSync(attachmentsFolder, { recursive: true, force: true })
    },
  }
}

export type Central = Awaited<ReturnType<typeof startCentral>>
export type Clerk = Awaited<ReturnType<typeof signIn>>

export const newDeviceId = () => `device-${randomUUID()}`
export const newKey = () => randomUUID()

async function signIn(app: FastifyInstance, username: string, deviceId: string) {
  const { body, status } = await send(app, 'signInWithPassword', { body: { username, password, deviceId } })
  if (status !== 201) throw new Error(`sign-in answered ${status}`)
  const authorized = { 'authorization': `Bearer ${String(body['token'])}`, 'device-id': deviceId }
  const call = (name: RouteName, { headers, ...rest }: Call = {}) =>
    send(app, name, { ...rest, headers: { ...authorized, ...((centralApi[name] as RouteSpec).idempotent ? { 'idempotency-key': newKey() } : {}), ...headers } })
  return {
    username, deviceId, authorized, call,
    /** Registers a person, by number or with these values. */
    register: (person: number | PersonValues, id: string = randomUUID(), headers: Record<string, string> = {}) =>
      call('createRegistration', { body: { id, personType: 'manager', values: typeof person === 'number' ? personValues(person) : person }, headers }),
    push: (operations: unknown[], signed: { proof?: unknown; cookie?: string } = {}) =>
      call('pushOperations', { body: { operations, ...(signed.proof ? { proof: signed.proof } : {}) }, ...(signed.cookie ? { headers: { cookie: signed.cookie } } : {}) }),
    changes: (after = 0, more: Record<string, string> = {}) => call('pullChanges', { query: { after: String(after), ...more } }),
  }
}

async function send(app: FastifyInstance, name: RouteName, { body, params = {}, query = {}, headers = {} }: Call = {}, remoteAddress = '127.0.0.1'): Promise<Reply> {
  const route: RouteSpec = centralApi[name]
  const url = route.path.replace(/\{(\w+)\}/g, (_whole, key: string) => params[key] ?? '')
  const reply = await app.inject({
    method: route.method, url, query, remoteAddress,
    headers: { ...(body === undefined ? {} : { 'content-type': route.takesBytes ?? 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  })
  return readReply(reply)
}

export function readReply(reply: { statusCode: number; headers: Record<string, unknown>; body: string }): Reply {
  const type = reply.headers['content-type']
  // Of HEAD there is no body.
  const isJson = typeof type === 'string' && type.includes('json') && reply.body !== ''
  return { status: reply.statusCode, headers: reply.headers, text: reply.body, body: isJson ? (JSON.parse(reply.body) as Record<string, unknown>) : {} }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
