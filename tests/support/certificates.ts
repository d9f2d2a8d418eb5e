import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { derTag, readDer } from '../../central/auth/ca/der.ts'
import { writeDer } from '../../central/auth/ca/revocation/der-writer.ts'

/** Certificates of every kind a CA should not issue, for tests that say what the central service makes of them. */
export interface TestAuthority {
  readonly certificate: x509.X509Certificate
  readonly keys: CryptoKeyPair
  readonly pem: string
}

const subtle = webcrypto.subtle as unknown as SubtleCrypto
const crypto = webcrypto as unknown as Crypto
export const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
export const rsa = (bits = 2048, hash = 'SHA-256') => ({ name: 'RSASSA-PKCS1-v1_5', modulusLength: bits, publicExponent: new Uint8Array([1, 0, 1]), hash })

export const makeKeys = (algorithm: typeof p256 | ReturnType<typeof rsa> = p256): Promise<CryptoKeyPair> =>
  subtle.generateKey(algorithm, true, ['sign', 'verify'])

const { digitalSignature, keyCertSign, cRLSign } = x509.KeyUsageFlags
const clientAuth = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])

export interface CertificateShape {
  name?: x509.JsonName
  keys?: CryptoKeyPair
  notBefore?: Date
  notAfter?: Date
  hash?: string
  /** Replaces the usual extensions. */
  extensions?: x509.Extension[]
  /** Added to them. */
  more?: x509.Extension[]
}

const yearsFromNow = (years: number) => new Date(Date.now() + years * 365 * 24 * 3600 * 1000)

async function certify(shape: Required<Pick<CertificateShape, 'name' | 'keys'>> & CertificateShape, issuer: TestAuthority | undefined) {
  const { name, keys, notBefore = yearsFromNow(-1), notAfter = yearsFromNow(1), hash = 'SHA-256', extensions = [], more = [] } = shape
  const signingKey = issuer?.keys.privateKey ?? keys.privateKey
  return x509.X509CertificateGenerator.create(
    {
      publicKey: keys.publicKey,
      subject: name,
      issuer: issuer?.certificate.subjectName ?? new x509.Name(name),
      notBefore,
      notAfter,
      signingKey,
      signingAlgorithm: { ...(signingKey.algorithm as unknown as typeof p256), hash },
      extensions: [...extensions, ...more],
    },
    crypto,
  )
}

/** A CA under `issuer`, or a root. */
export async function makeAuthority(shape: CertificateShape & { keyAlgorithm?: Parameters<typeof makeKeys>[0]; pathLength?: number }, issuer?: TestAuthority): Promise<TestAuthority> {
  const keys = shape.keys ?? (await makeKeys(shape.keyAlgorithm))
  const certificate = await certify(
    {
      extensions: [new x509.BasicConstraintsExtension(true, shape.pathLength, true), new x509.KeyUsagesExtension(keyCertSign | cRLSign, true)],
      ...shape,
      name: shape.name ?? [{ O: ['Test CA'] }, { CN: [issuer ? 'Intermediate' : 'Root'] }],
      keys,
    },
    issuer,
  )
  return { certificate, keys, pem: certificate.toString('pem') }
}

/** The certificate of a CA lock's key, and that key. */
export async function makeLeaf(issuer: TestAuthority | undefined, shape: CertificateShape & { keyAlgorithm?: Parameters<typeof makeKeys>[0] } = {}) {
  const keys = shape.keys ?? (await makeKeys(shape.keyAlgorithm))
  const certificate = await certify(
    { extensions: [new x509.KeyUsagesExtension(digitalSignature, true), clientAuth], ...shape, name: shape.name ?? [{ O: ['甲公司'] }, { CN: ['甲公司'] }], keys },
    issuer,
  )
  return { der: Buffer.from(certificate.rawData), keys }
}

/** An extension whose value is a DER string with this tag (default UTF8String). */
export function textExtension(oid: string, text: string, tag = 0x0c): x509.Extension {
  const bytes = Buffer.from(text, 'utf8')
  return new x509.Extension(oid, false, new Uint8Array([tag, bytes.length, ...bytes]))
}

/** Signs as a CA lock does: RS256 or raw ES256, base64url. */
export async function signText(text: string, { privateKey }: CryptoKeyPair): Promise<string> {
  const signature = await subtle.sign({ name: privateKey.algorithm.name, hash: 'SHA-256' }, privateKey, Buffer.from(text))
  return Buffer.from(signature).toString('base64url')
}

/** The same certificate with the other form of its issuer's ECDSA P-256 signature, which needs no key: n - s stands for s. */
export function otherForm(der: Uint8Array): Buffer<ArrayBuffer> {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const { parts: [toBeSigned, algorithm, bits] } = readDer(der)
  const [r, s] = readDer(bits?.content.subarray(1) ?? Buffer.alloc(0)).parts
  if (!toBeSigned || !algorithm || !r || !s) throw new Error('not a certificate with an ECDSA signature')
  const other = Buffer.from((order - BigInt(`0x${s.content.toString('hex')}`)).toString(16).padStart(64, '0'), 'hex')
  const shortest = other.subarray(other.findIndex((octet) => octet !== 0))
  const signature = writeDer(derTag.sequence, r.whole, writeDer(derTag.integer, Buffer.from((shortest[0] ?? 0) & 0x80 ? [0] : []), shortest))
  return Buffer.from(writeDer(derTag.sequence, toBeSigned.whole, algorithm.whole, writeDer(derTag.bitString, Buffer.from([0]), signature)))
}

export { x509 }
