import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pkcs11 from 'pkcs11js'
import type { DemoCa } from './demo-ca.ts'

/** SoftHSM's module as Debian installs it. */
export const softHsmModule = '/usr/lib/softhsm/libsofthsm2.so'

/** A folder of software keys that stand in for CA locks. */
export interface TokenStore {
  readonly directory: string
  readonly configFile: string
  readonly modulePath: string
  /** For every process that is to see these tokens. */
  readonly env: { readonly SOFTHSM2_CONF: string }
}

/** @throws Error with the line to run where SoftHSM is not installed */
export function openTokenStore(directory: string): TokenStore {
  if (!existsSync(softHsmModule)) throw new Error('SoftHSM is missing. Run: apt-get install -y softhsm2')
  const tokens = join(directory, 'tokens')
  mkdirSync(tokens, { recursive: true, mode: 0o700 })
  const configFile = join(directory, 'softhsm2.conf')
  writeFileSync(configFile, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`, { mode: 0o600 })
  return { directory, configFile, modulePath: softHsmModule, env: { SOFTHSM2_CONF: configFile } }
}

export interface TokenRequest {
  readonly label: string
  readonly pin: string
  readonly company: string
  readonly organizationCode: string
  readonly algorithm: 'RSA-2048' | 'P-256'
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Adds the encryption pair that real locks carry beside the signing one. */
  readonly withEncryptionPair?: boolean
  /** A key pair without any certificate. */
  readonly withoutCertificate?: boolean
  /** Called when the token shows and nothing is on it yet. */
  readonly whileEmpty?: () => Promise<void>
}

export interface MadeToken {
  readonly serial: string
  /** As the workstation names it: `<serial>/<CKA_ID>`. */
  readonly certificateId: string
  readonly certificate: Uint8Array
  readonly certificateSha256: string
}

/**
 * Makes a token with its key pair on it and a certificate of the demo CA beside the key. The store must be the one this
 * process has SOFTHSM2_CONF set to: the module reads it once.
 */
export async function makeToken(store: TokenStore, ca: DemoCa, request: TokenRequest): Promise<MadeToken> {
  initializeToken(store, request)
  await request.whileEmpty?.()
  return withLibrary(store, async (library) => {
    const slot = library.C_GetSlotList(true).find((each) => library.C_GetTokenInfo(each).label.trim() === request.label)
    if (!slot) throw new Error(`SoftHSM does not show the token ${request.label}`)
    const serial = library.C_GetTokenInfo(slot).serialNumber.trim()
    const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION)
    library.C_Login(session, pkcs11.CKU_USER, request.pin)
    try {
      const id = randomBytes(8)
      const certificate = await addPair(library, session, id, ca, request, 'sign')
      if (request.withEncryptionPair) await addPair(library, session, randomBytes(8), ca, request, 'encrypt')
      return {
        serial,
        certificateId: `${serial}/${id.toString('hex')}`,
        certificate,
        certificateSha256: createHash('sha256').update(certificate).digest('hex'),
      }
    } finally {
      library.C_Logout(session)
      library.C_CloseSession(session)
    }
  })
}

function initializeToken(store: TokenStore, { label, pin }: TokenRequest): void {
  const made = spawnSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', randomBytes(8).toString('hex')], {
    env: { ...process.env, ...store.env },
    encoding: 'utf8',
  })
  if (made.error) throw new Error('softhsm2-util is missing. Run: apt-get install -y softhsm2')
  if (made.status !== 0) throw new Error(`softhsm2-util: ${made.stderr}`)
}

async function withLibrary<T>(store: TokenStore, task: (library: pkcs11.PKCS11) => Promise<T>): Promise<T> {
  process.env['SOFTHSM2_CONF'] = store.configFile
  const library = new pkcs11.PKCS11()
  library.load(store.modulePath)
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  try {
    return await task(library)
  } finally {
    library.C_Finalize()
    library.close()
  }
}

async function addPair(
  library: pkcs11.PKCS11,
  session: pkcs11.Handle,
  id: Buffer,
  ca: DemoCa,
  { company, organizationCode, algorithm, notBefore, notAfter, withoutCertificate }: TokenRequest,
  usage: 'sign' | 'encrypt',
): Promise<Uint8Array> {
  const { publicKey } = algorithm === 'P-256' ? generateP256(library, session, id) : generateRsa(library, session, id)
  const publicKeySpki = algorithm === 'P-256' ? p256Spki(library, session, publicKey) : rsaSpki(library, session, publicKey)
  const dates = { ...(notBefore ? { notBefore } : {}), ...(notAfter ? { notAfter } : {}) }
  const certificate = await ca.issueSigningCertificate({ publicKeySpki, company, organizationCode, usage, ...dates })
  if (withoutCertificate) return certificate
  library.C_CreateObject(session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
    { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
    { type: pkcs11.CKA_TOKEN, value: true },
    { type: pkcs11.CKA_PRIVATE, value: false },
    { type: pkcs11.CKA_ID, value: id },
    { type: pkcs11.CKA_SUBJECT, value: Buffer.from([0x30, 0x00]) },
    { type: pkcs11.CKA_VALUE, value: Buffer.from(certificate) },
  ])
  return certificate
}

const privateTemplate = (id: Buffer): pkcs11.Template => [
  { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
  { type: pkcs11.CKA_TOKEN, value: true },
  { type: pkcs11.CKA_PRIVATE, value: true },
  { type: pkcs11.CKA_SENSITIVE, value: true },
  { type: pkcs11.CKA_EXTRACTABLE, value: false },
  { type: pkcs11.CKA_SIGN, value: true },
  { type: pkcs11.CKA_ID, value: id },
]

function generateRsa(library: pkcs11.PKCS11, session: pkcs11.Handle, id: Buffer): pkcs11.KeyPair {
  return library.C_GenerateKeyPair(
    session,
    { mechanism: pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN },
    [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PUBLIC_KEY },
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_MODULUS_BITS, value: 2048 },
      { type: pkcs11.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
      { type: pkcs11.CKA_VERIFY, value: true },
      { type: pkcs11.CKA_ID, value: id },
    ],
    privateTemplate(id),
  )
}

/** DER object identifier of P-256, as CKA_EC_PARAMS wants it. */
const p256Parameters = Buffer.from('06082a8648ce3d030107', 'hex')

function generateP256(library: pkcs11.PKCS11, session: pkcs11.Handle, id: Buffer): pkcs11.KeyPair {
  return library.C_GenerateKeyPair(
    session,
    { mechanism: pkcs11.CKM_EC_KEY_PAIR_GEN },
    [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PUBLIC_KEY },
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_EC_PARAMS, value: p256Parameters },
      { type: pkcs11.CKA_VERIFY, value: true },
      { type: pkcs11.CKA_ID, value: id },
    ],
    privateTemplate(id),
  )
}

function attribute(library: pkcs11.PKCS11, session: pkcs11.Handle, object: pkcs11.Handle, type: number): Buffer {
  const [found] = library.C_GetAttributeValue(session, object, [{ type }])
  if (!found) throw new Error('SoftHSM did not tell a public key')
  return found.value
}

// SubjectPublicKeyInfo from what PKCS#11 tells of a public key; DER by hand, as three nested lengths need no library.

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length < 0x80 ? [content.length] : content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const integer = (bytes: Buffer) => der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
const bitString = (bytes: Buffer) => der(0x03, Buffer.from([0]), bytes)

function rsaSpki(library: pkcs11.PKCS11, session: pkcs11.Handle, key: pkcs11.Handle): Uint8Array {
  const modulus = attribute(library, session, key, pkcs11.CKA_MODULUS)
  const exponent = attribute(library, session, key, pkcs11.CKA_PUBLIC_EXPONENT)
  const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex')
  return der(0x30, algorithm, bitString(der(0x30, integer(modulus), integer(exponent))))
}

function p256Spki(library: pkcs11.PKCS11, session: pkcs11.Handle, key: pkcs11.Handle): Uint8Array {
  // CKA_EC_POINT is an OCTET STRING around the point: 04 41 04 x y.
  const point = attribute(library, session, key, pkcs11.CKA_EC_POINT).subarray(-65)
  const algorithm = der(0x30, Buffer.from('06072a8648ce3d0201', 'hex'), p256Parameters)
  return der(0x30, algorithm, bitString(point))
}
