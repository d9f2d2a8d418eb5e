import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import * as x509 from '@peculiar/x509'

/** One authority of the demo CA, kept as `<path>.crt` and `<path>.key` (PEM). */
export interface StoredAuthority {
  readonly certificate: x509.X509Certificate
  readonly privateKey: CryptoKey
}

export interface AuthorityDescription {
  commonName: string
  years: number
  /** How many authorities may stand below it (RFC 5280 pathLenConstraint). */
  pathLength: number
  /** Absent: it signs itself. */
  issuer?: StoredAuthority
}

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes it anew where it is missing, has expired, or was issued by another authority than the one given. */
export async function loadOrMakeAuthority(path: string, description: AuthorityDescription): Promise<StoredAuthority> {
  if (!existsSync(`${path}.crt`)) return make(path, description)
  const stored = await load(path)
  const issuerKey = description.issuer?.certificate.publicKey ?? stored.certificate.publicKey
  const holds = await stored.certificate.verify({ publicKey: issuerKey, date: new Date() }, crypto)
  return holds ? stored : make(path, description)
}

async function load(path: string): Promise<StoredAuthority> {
  const [certificatePem, keyPem] = await Promise.all([readFile(`${path}.crt`, 'utf8'), readFile(`${path}.key`, 'utf8')])
  return {
    certificate: new x509.X509Certificate(certificatePem),
    privateKey: await crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(keyPem), p256, true, ['sign']),
  }
}

async function make(path: string, { commonName, years, pathLength, issuer }: AuthorityDescription): Promise<StoredAuthority> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const subject = [{ C: ['CN'] }, { O: ['Demo CA'] }, { CN: [commonName] }]
  const notBefore = new Date(Date.now() - 24 * 3600 * 1000)
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject,
      issuer: issuer?.certificate.subjectName ?? new x509.Name(subject),
      publicKey,
      signingKey: issuer?.privateKey ?? privateKey,
      signingAlgorithm: p256,
      notBefore,
      notAfter,
      extensions: [
        new x509.BasicConstraintsExtension(true, pathLength, true),
        new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer?.certificate.publicKey ?? publicKey, false, crypto),
      ],
    },
    crypto,
  )
  const keyPem = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
  // The key first and each in one piece: a start that is broken off leaves a pair, or nothing that counts as one.
  await writeWhole(`${path}.key`, keyPem, 0o600)
  await writeWhole(`${path}.crt`, certificate.toString('pem'), 0o644)
  return { certificate, privateKey }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.part`, text, { mode })
  await rename(`${path}.part`, path)
}
