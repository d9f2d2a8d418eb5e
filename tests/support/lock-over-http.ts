import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { caLoginFormat, loginPurpose, signedStatementText, submissionPurpose } from '../../shared/domain/ca-login-bytes.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { makeLeaf, signText, textExtension, type CertificateShape, type TestAuthority } from './certificates.ts'
import { audience, newDeviceId, sha256, type Central, type Reply } from './central-service.ts'

export type Lock = Awaited<ReturnType<typeof makeLeaf>>
export interface SessionOfLock {
  readonly token: string
  readonly deviceId: string
}

/** What a workstation with a CA lock does at a central service. */
export function locksAt(central: Central) {
  async function prove(lock: Lock, purpose: string, deviceId: string) {
    const { body, headers } = await central.send('createChallenge', { body: { deviceId } })
    const [cid, nonce] = [String(body['cid']), String(body['nonce'])]
    const text = signedStatementText({ audience, cid, nonce, deviceId, purpose, certificateSha256: sha256(lock.der), alg: 'ES256' })
    const proof = { fmt: caLoginFormat, cid, alg: 'ES256', unverifiedCertificate: lock.der.toString('base64url'), signature: await signText(text, lock.keys) }
    return { proof, cookie: String(headers['set-cookie']).split(';')[0] ?? '' }
  }

  const authorized = ({ token, deviceId }: SessionOfLock) => ({ 'authorization': `Bearer ${token}`, 'device-id': deviceId })

  return {
    issue: (code: string, issuer: TestAuthority = central.ca, shape: CertificateShape = {}): Promise<Lock> =>
      makeLeaf(issuer, { ...shape, more: [textExtension('1.2.156.10260.4.1.4', code)] }),
    bind: (lock: Lock, code: string, accountId: string) =>
      bindCertificate(central.db, { issuer: readCertificate(lock.der).issuerText, companyCode: code }, accountId, central.clock.now()),
    signIn: async (lock: Lock, deviceId = newDeviceId()): Promise<Reply & { readonly session: SessionOfLock }> => {
      const { proof, cookie } = await prove(lock, loginPurpose, deviceId)
      const reply = await central.send('signInWithCaKey', { body: { ...proof, deviceId }, headers: { cookie } })
      return { ...reply, session: { token: String(reply.body['token']), deviceId } }
    },
    submit: async (lock: Lock, session: SessionOfLock, operations: unknown[]): Promise<Reply> => {
      const { proof, cookie } = await prove(lock, submissionPurpose(sha256(Buffer.from(canonicalJson(operations)))), session.deviceId)
      return central.send('pushOperations', { body: { operations, proof }, headers: { ...authorized(session), cookie } })
    },
    readSession: (session: SessionOfLock): Promise<Reply> => central.send('readSession', { headers: authorized(session) }),
    /** In the order they were written. */
    audit: async (...kinds: string[]) => {
      const rows = await central.db.selectFrom('audit_event').selectAll().where('kind', 'in', kinds).orderBy('at').execute()
      return rows.map(({ kind, device_id, account_id, details_json }) => ({ kind, deviceId: device_id, accountId: account_id, details: JSON.parse(details_json) as Record<string, unknown> }))
    },
  }
}
