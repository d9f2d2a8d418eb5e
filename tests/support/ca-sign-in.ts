import { createHash, randomBytes } from 'node:crypto'
import { caLoginFormat } from '../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { sha256Hex } from '../../central/auth/hashes.ts'
import type { Challenge } from '../../central/auth/ca/checks/challenge-known.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { signatureVerifiers } from '../../central/auth/ca/signature-verifiers.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { verifyCaSignature, type CaAnswer, type CaSignatureRules, type ProvenKey } from '../../central/auth/ca/verify-ca-signature.ts'
import { makeAuthority, makeLeaf, signText, textExtension, type TestAuthority } from './certificates.ts'

export const audience = 'https://central.test'
export const deviceId = 'device-0123456789abcdef'
export const cookie = 'the-cookie-of-this-connection'
export const companyCode = '91310000MA1FL0AA0X'
export const codeOid = '1.2.156.10260.4.1.4'

export interface SignedFields {
  format: string
  audience: string
  cid: string
  nonce: string
  deviceId: string
  purpose: string
  certificateSha256: string
  alg: string
}

export type Leaf = Awaited<ReturnType<typeof makeLeaf>>

/** A service that has given out one challenge, a CA it trusts, and a lock that CA issued. */
export async function startSignIn(setUp: { root?: TestAuthority; intermediate?: TestAuthority; trust?: string } = {}) {
  const root = setUp.root ?? (await makeAuthority({}))
  const intermediate = setUp.intermediate ?? (await makeAuthority({ pathLength: 0 }, root))
  const lock = await makeLeaf(intermediate, { more: [textExtension(codeOid, companyCode)] })
  const challenge: Challenge = {
    cid: randomBytes(16).toString('base64url'),
    nonce: randomBytes(32).toString('base64url'),
    deviceId,
    connectionHash: sha256Hex(cookie),
    expiresAt: new Date(Date.now() + 120_000),
  }
  const given = new Map([[challenge.cid, challenge]])
  const rules: CaSignatureRules = {
    audience,
    purpose: 'login',
    trust: createTrustStore(setUp.trust ?? `${intermediate.pem}\n${root.pem}`),
    revocation: revocationNotChecked,
    verifiers: signatureVerifiers,
    take: async (cid) => {
      const taken = given.get(cid)
      given.delete(cid)
      return taken
    },
    now: () => new Date(),
  }

  /** What the lock's workstation would send, with some signed fields changed before signing. */
  async function answer(signed: Partial<SignedFields> = {}, leaf: Leaf = lock): Promise<CaAnswer> {
    const fields: SignedFields = {
      format: caLoginFormat,
      audience,
      cid: challenge.cid,
      nonce: challenge.nonce,
      deviceId,
      purpose: 'login',
      certificateSha256: createHash('sha256').update(leaf.der).digest('hex'),
      alg: leaf.keys.publicKey.algorithm.name === 'ECDSA' ? 'ES256' : 'RS256',
      ...signed,
    }
    return {
      fmt: caLoginFormat,
      cid: challenge.cid,
      alg: fields.alg,
      unverifiedCertificate: leaf.der.toString('base64url'),
      signature: await signText(Object.values(fields).join('\n'), leaf.keys),
      deviceId,
      connectionCookie: cookie,
    }
  }

  return { root, intermediate, lock, challenge, rules, given, answer }
}

/** The code a sign-in is refused with, and `signed-in` where it is not. Anything but an AppError is thrown on. */
export async function outcomeOf(attempt: Promise<ProvenKey>): Promise<string> {
  try {
    await attempt
    return 'signed-in'
  } catch (error) {
    if (error instanceof AppError) return typeof error.details.reason === 'string' ? `${error.code}: ${error.details.reason}` : error.code
    throw error
  }
}

export const verdict = (answer: CaAnswer, rules: CaSignatureRules): Promise<string> => outcomeOf(verifyCaSignature(answer, rules))
