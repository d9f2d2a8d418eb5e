import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { signatureVerifiers } from '../../central/auth/ca/signature-verifiers.ts'
import { rawSm2Signature } from '../../central/auth/ca/sm2.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { verifyCaSignature, type CaAnswer, type CaSignatureRules } from '../../central/auth/ca/verify-ca-signature.ts'
import { sha256Hex } from '../../central/auth/hashes.ts'
import { signedStatementText, type SignedStatement } from '../../shared/domain/ca-login-bytes.ts'
import { cookie, startSignIn } from '../support/ca-sign-in.ts'
import { makeAuthority, makeLeaf, rsa, textExtension } from '../support/certificates.ts'
import { against, alternate, atMost, report } from './measure.ts'

// What the central service does to a signature at each sign-in, all checks of docs/ca-key.md, against the one RSA
// verification that no implementation can do without.
const root = await makeAuthority({ keyAlgorithm: rsa() })
const intermediate = await makeAuthority({ keyAlgorithm: rsa(), pathLength: 0 }, root)
const signIn = await startSignIn({ root, intermediate })
const lock = await makeLeaf(intermediate, { keyAlgorithm: rsa(), more: [textExtension('1.2.156.10260.4.1.4', '91310000MA1FL0AA0X')] })
const answer = await signIn.answer({}, lock)
const statement = { audience: signIn.rules.audience, cid: answer.cid, nonce: signIn.challenge.nonce, deviceId: answer.deviceId, purpose: 'login', certificateSha256: readCertificate(lock.der).sha256, alg: 'RS256' } as const
const [text, signature, key] = [Buffer.from(signedStatementText(statement)), Buffer.from(answer.signature, 'base64url'), createPublicKey(new X509Certificate(lock.der).publicKey.export({ type: 'spki', format: 'pem' }))]

interface Vectors {
  root: string
  intermediate: string
  leaf: string
  statement: SignedStatement
  signatureDer: string
}
const vectors = JSON.parse(readFileSync(new URL('../fixtures/sm2-vectors.json', import.meta.url), 'utf8')) as Vectors
const sm2Rules: CaSignatureRules = {
  audience: vectors.statement.audience, purpose: 'login', trust: createTrustStore(vectors.intermediate + vectors.root), revocation: revocationNotChecked, verifiers: signatureVerifiers,
  now: () => new Date(), take: async () => ({ ...vectors.statement, connectionHash: sha256Hex(cookie), expiresAt: new Date(Date.now() + 60_000) }),
}
const sm2Answer: CaAnswer = {
  ...answer, cid: vectors.statement.cid, deviceId: vectors.statement.deviceId, alg: 'SM2SM3', unverifiedCertificate: new X509Certificate(vectors.leaf).raw.toString('base64url'),
  signature: rawSm2Signature(Buffer.from(vectors.signatureDer, 'hex')).toString('base64url'),
}

const rules: CaSignatureRules = { ...signIn.rules, take: async () => signIn.challenge }
const times = await alternate(
  {
    bare: () => {
      if (!verify('sha256', text, key, signature)) throw new Error('the bare verification says no')
    },
    whole: () => verifyCaSignature(answer, rules),
    sm2: () => verifyCaSignature(sm2Answer, sm2Rules),
  },
  1_000,
)
report([
  against('rsa-2048', times.whole, 'bare RSA verification', times.bare, { bound: atMost(30) }),
  against('sm2', times.sm2, 'bare RSA verification', times.bare, { bound: atMost(40, 'ms') }),
])
