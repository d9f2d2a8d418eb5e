import 'reflect-metadata'
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { loadOrMakeAuthority, type StoredAuthority } from './stored-authority.ts'

/**
 * A certification authority for demonstrations and tests: a root and an intermediate of its own, which stand in for
 * SHECA's. It vouches for nobody and its keys lie in plain files, so no production service may pin it.
 */
export interface DemoCa {
  readonly rootPem: string
  readonly intermediatePem: string
  /** What the central service pins: intermediate, then root. */
  readonly trustBundlePem: string
  /** DER of the certificate of one key of a CA lock. */
  issueSigningCertificate(request: KeyCertificateRequest): Promise<Uint8Array>
  /** A certificate for an https server. The chain is the server's certificate, then the intermediate's. */
  issueServerCertificate(hosts: readonly string[]): Promise<{ certificateChainPem: string; privateKeyPem: string }>
}

export interface KeyCertificateRequest {
  /** SubjectPublicKeyInfo of the key on the lock, DER; RSA or P-256. */
  readonly publicKeySpki: Uint8Array
  /** 单位名称, as organizationName of the subject. */
  readonly company: string
  /** 统一社会信用代码, as 一证通 certificates carry it. Absent: a certificate that names no unit. */
  readonly organizationCode?: string
  /** Default: the company. */
  readonly commonName?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** A CA lock holds a pair of each. Default `sign`. */
  readonly usage?: 'sign' | 'encrypt'
  /** Added to the usual ones. */
  readonly extensions?: readonly x509.Extension[]
}

/** Extension in which 法人一证通 certificates carry the unit's code, a DER UTF8String. */
export const organizationCodeOid = '1.2.156.10260.4.1.4'

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 3600 * 1000

/** Opens the authority in this folder, or makes one there. Keys are files that only their owner can read (0600). */
export async function openDemoCa(directory: string): Promise<DemoCa> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const root = await loadOrMakeAuthority(join(directory, 'root'), { commonName: 'Demo CA Root', years: 10, pathLength: 1 })
  const intermediate = await loadOrMakeAuthority(join(directory, 'intermediate'), {
    commonName: 'Demo CA Intermediate', years: 5, pathLength: 0, issuer: root,
  })
  const [rootPem, intermediatePem] = [root.certificate.toString('pem'), intermediate.certificate.toString('pem')]
  return {
    rootPem,
    intermediatePem,
    trustBundlePem: `${intermediatePem}\n${rootPem}\n`,
    issueSigningCertificate: (request) => issueKeyCertificate(intermediate, request),
    issueServerCertificate: (hosts) => issueServerCertificate(intermediate, hosts),
  }
}

async function issueKeyCertificate(issuer: StoredAuthority, request: KeyCertificateRequest): Promise<Uint8Array> {
  const { company, organizationCode, commonName = company, usage = 'sign' } = request
  const codeExtension = organizationCode === undefined ? [] : [new x509.Extension(organizationCodeOid, false, utf8String(organizationCode))]
  const certificate = await issue(issuer, {
    publicKey: new x509.PublicKey(new Uint8Array(request.publicKeySpki)),
    subject: [{ C: ['CN'] }, { O: [company] }, { CN: [commonName] }],
    notBefore: request.notBefore ?? new Date(Date.now() - day),
    notAfter: request.notAfter ?? new Date(Date.now() + 365 * day),
    extensions: [...usageExtensions(usage), ...codeExtension, ...(request.extensions ?? [])],
  })
  return new Uint8Array(certificate.rawData)
}

/** As in the 双证书 practice of Chinese CAs: one certificate signs, the other only receives keys. */
function usageExtensions(usage: 'sign' | 'encrypt'): x509.Extension[] {
  const { digitalSignature, nonRepudiation, keyEncipherment } = x509.KeyUsageFlags
  if (usage === 'encrypt') return [new x509.KeyUsagesExtension(keyEncipherment, true)]
  return [
    new x509.KeyUsagesExtension(digitalSignature | nonRepudiation, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
  ]
}

async function issueServerCertificate(issuer: StoredAuthority, hosts: readonly string[]) {
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const certificate = await issue(issuer, {
    publicKey: new x509.PublicKey(await crypto.subtle.exportKey('spki', keys.publicKey)),
    subject: [{ CN: [hosts[0] ?? 'localhost'] }],
    notBefore: new Date(Date.now() - day),
    // Browsers refuse server certificates that live longer than 398 days.
    notAfter: new Date(Date.now() + 397 * day),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }))),
    ],
  })
  const privateKeyPem = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return { certificateChainPem: `${certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`, privateKeyPem }
}

interface Issue {
  publicKey: x509.PublicKey
  subject: x509.JsonName
  notBefore: Date
  notAfter: Date
  extensions: x509.Extension[]
}

async function issue(issuer: StoredAuthority, { publicKey, subject, notBefore, notAfter, extensions }: Issue): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create(
    {
      publicKey,
      subject,
      issuer: issuer.certificate.subjectName,
      notBefore,
      notAfter,
      signingKey: issuer.privateKey,
      signingAlgorithm: p256,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey, false, crypto),
        ...extensions,
      ],
    },
    crypto,
  )
}

function utf8String(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > 127) throw new RangeError('too long for a short-form DER length')
  return new Uint8Array([0x0c, bytes.length, ...bytes])
}
