import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { chooseAccount } from '../../central/auth/account-choice.ts'
import { insertAccount } from '../../central/auth/accounts.repository.ts'
import type { AuthContext } from '../../central/auth/auth-context.ts'
import { createChallenge, signInWithCaKey } from '../../central/auth/ca-sign-in.ts'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { signInWithPassword } from '../../central/auth/password-sign-in.ts'
import { authenticate } from '../../central/auth/session.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { caLoginFormat, signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { makeAuthority, makeLeaf, signText, textExtension, type CertificateShape } from './certificates.ts'
import { hashedOnce } from './hashed-once.ts'

export const audience = 'https://central.test'
export const workstation = 'device-0123456789abcdef'
export const otherWorkstation = 'device-fedcba9876543210'
export const password = '正确的密码-1'
export type Lock = Awaited<ReturnType<typeof makeLeaf>>
const codeOid = '1.2.156.10260.4.1.4'

/** The sign-in of a central service on a real database, with a CA it trusts and a clock that tests set. */
export async function startSignInService(location: DatabaseLocation = { kind: 'sqlite', path: ':memory:' }) {
  const { db, epoch, close } = await openCentralDatabase(location)
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const root = await makeAuthority({})
  const ca = await makeAuthority({ pathLength: 0 }, root)
  const clock = { at: Date.now(), now: () => new Date(clock.at), pass: (seconds: number) => void (clock.at += seconds * 1000) }
  const auth = { audience, trust: createTrustStore(`${ca.pem}\n${root.pem}`), revocation: revocationNotChecked, caNeedsPassword: false, submitNeedsSignature: false, secureCookies: true }
  const context: AuthContext = { db, clock, auth, epoch, personal }

  async function addOrganization(): Promise<string> {
    const id = randomUUID()
    const at = clock.now().toISOString()
    const contact_phone_sealed = personal.seal('021-00000000', { column: 'organization.contact_phone', rowId: id })
    const texts = { name: '甲修缮公司', credit_code: id, address: '', contact_name: '', contact_phone_sealed, recovery_public_key: '' }
    const row = { id, version: 1, seq: 0, changed_seq: 0, kind: 'contractor' as const, ...texts, created_at: at, updated_at: at }
    await db.insertInto('organization').values(row).execute()
    return id
  }

  /** In the order they were written. */
  async function audit(): Promise<{ kind: string; accountId: string | null; details: Record<string, string> }[]> {
    const rows = await db.selectFrom('audit_event').selectAll().orderBy('at').execute()
    return rows.map(({ kind, account_id, details_json }) => ({ kind, accountId: account_id, details: JSON.parse(details_json) as Record<string, string> }))
  }

  async function addAccount(organizationId: string, username: string): Promise<string> {
    const id = randomUUID()
    await insertAccount(db, { id, organizationId, username, displayName: username, role: 'clerk', passwordHash: await hashedOnce(password), passwordByOperator: false }, clock.now())
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
    close,
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
