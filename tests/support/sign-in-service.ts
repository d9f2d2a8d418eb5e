import { createHash, randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { chooseAccount } from '../../central/auth/account-choice.ts'
import { insertAccount } from '../../central/auth/accounts.repository.ts'
import type { AuditEvent, AuthContext } from '../../central/auth/auth-context.ts'
import { createChallenge, signInWithCaKey } from '../../central/auth/ca-sign-in.ts'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { signInWithPassword } from '../../central/auth/password-sign-in.ts'
import { authenticate } from '../../central/auth/session.ts'
import type { Database } from '../../central/auth/sign-in.tables.ts'
import { up } from '../../central/database/migrations/0002-sign-in.ts'
import { caLoginFormat, signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { makeAuthority, makeLeaf, signText, textExtension, type CertificateShape } from './certificates.ts'

export const audience = 'https://central.test'
export const workstation = 'device-0123456789abcdef'
export const otherWorkstation = 'device-fedcba9876543210'
export const password = '正确的密码-1'
export type Lock = Awaited<ReturnType<typeof makeLeaf>>
const codeOid = '1.2.156.10260.4.1.4'

async function openDatabase(): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: new Sqlite(':memory:') }) })
  await sql`pragma foreign_keys = on`.execute(db)
  await sql`create table organization (id text primary key not null, name text not null)`.execute(db)
  await up(db as Kysely<unknown>)
  return db
}

/** The sign-in of a central service on a real database, with a CA it trusts and a clock that tests set. */
export async function startSignInService() {
  const db = await openDatabase()
  const root = await makeAuthority({})
  const ca = await makeAuthority({ pathLength: 0 }, root)
  const audit: AuditEvent[] = []
  const clock = { at: Date.now(), now: () => new Date(clock.at), pass: (seconds: number) => void (clock.at += seconds * 1000) }
  const auth = { audience, trust: createTrustStore(`${ca.pem}\n${root.pem}`), revocation: revocationNotChecked, caNeedsPassword: false, secureCookies: true }
  const organizationOf = (id: string) => ({
    id, version: 1, name: `单位${id.slice(0, 4)}`, kind: 'contractor' as const, creditCode: '', address: '', contactName: '', contactPhone: '', recoveryPublicKey: '',
  })
  const context = {
    db, clock, auth, epoch: 'first',
    readOrganization: async (_db: Kysely<Database>, id: string) => organizationOf(id),
    audit: async (_db: Kysely<Database>, event: AuditEvent) => void audit.push(event),
  } satisfies AuthContext

  async function addOrganization(): Promise<string> {
    const id = randomUUID()
    await sql`insert into organization (id, name) values (${id}, '单位')`.execute(db)
    return id
  }

  async function addAccount(organizationId: string, username: string): Promise<string> {
    const id = randomUUID()
    await insertAccount(db, { id, organizationId, username, displayName: username, role: 'clerk', password }, clock.now())
    return id
  }

  /** A lock that this code names, issued by the trusted CA or another one. */
  const issueLock = (code: string, issuer = ca, shape: CertificateShape = {}): Promise<Lock> =>
    makeLeaf(issuer, { ...shape, more: [textExtension(codeOid, code)] })

  const bind = (lock: Lock, code: string, accountId: string): Promise<void> =>
    bindCertificate(db, { issuer: readCertificate(lock.der).issuerText, companyCode: code }, accountId, clock.now())

  async function answerTo(lock: Lock, deviceId = workstation) {
    const { challenge, connectionCookie } = await createChallenge(context, deviceId)
    const certificateSha256 = createHash('sha256').update(lock.der).digest('hex')
    const { cid, nonce } = challenge
    const text = signedStatementText({ audience, cid, nonce, deviceId, purpose: 'login', certificateSha256, alg: 'ES256' })
    const signature = await signText(text, lock.keys)
    return { fmt: caLoginFormat, cid, alg: 'ES256', unverifiedCertificate: lock.der.toString('base64url'), signature, deviceId, connectionCookie }
  }

  return {
    db, root, ca, audit, clock, auth, context, addOrganization, addAccount, issueLock, bind, answerTo,
    useLock: async (lock: Lock, deviceId = workstation) => signInWithCaKey(context, await answerTo(lock, deviceId)),
    choose: (choice: { ticket: string; accountId: string; password: string | null; deviceId?: string }, address = '10.0.0.1') =>
      chooseAccount(context, { deviceId: workstation, ...choice }, address),
    usePassword: (username: string, typed: string, { deviceId = workstation, address = '10.0.0.1' } = {}) =>
      signInWithPassword(context, { username, password: typed, deviceId }, address),
    request: (token: string, deviceId: string | undefined = workstation) => authenticate(context, { authorization: `Bearer ${token}`, deviceId }),
    close: () => db.destroy(),
  }
}

export type SignInService = Awaited<ReturnType<typeof startSignInService>>

/** The code a call is refused with; `ok` where it is not. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return (await refusalOf(call))?.code ?? 'ok'
}

export async function refusalOf(call: Promise<unknown>): Promise<AppError | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

export function choiceIn<T extends { outcome: string }>(reply: T): Extract<T, { outcome: 'choose-account' }> {
  if (reply.outcome !== 'choose-account') throw new Error(`expected a choice, got ${reply.outcome}`)
  return reply as Extract<T, { outcome: 'choose-account' }>
}

export function sessionIn<T extends { outcome: string }>(reply: T): Extract<T, { outcome: 'signed-in' }> {
  if (reply.outcome !== 'signed-in') throw new Error(`expected a session, got ${reply.outcome}`)
  return reply as Extract<T, { outcome: 'signed-in' }>
}
