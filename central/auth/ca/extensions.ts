import { AppError } from '../../../shared/errors/app-error.ts'
import type { Certificate } from './certificate.ts'
import { DerError, derTag, readDer, readOid, type DerValue } from './der.ts'

const oids = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37' } as const

/** RFC 5280, 4.2.1.3; undefined where the extension is absent. @throws AppError `ca-certificate-malformed` */
export function usages(certificate: Certificate): { digitalSignature: boolean; keyCertSign: boolean; cRLSign: boolean } | undefined {
  const value = extensionValue(certificate, oids.keyUsage, derTag.bitString)
  if (!value) return undefined
  const bits = value.content[1] ?? 0
  return { digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0, cRLSign: (bits & 0x02) !== 0 }
}

/** Object identifiers of RFC 5280, 4.2.1.12; undefined where the extension is absent. @throws AppError `ca-certificate-malformed` */
export function extendedUsages(certificate: Certificate): string[] | undefined {
  return readExtension(certificate, oids.extendedKeyUsage, (value) => expectTag(value, derTag.sequence).parts.map(readOid))
}

/** cA of RFC 5280, 4.2.1.9. @throws AppError `ca-certificate-malformed` */
export function isAuthority(certificate: Certificate): boolean {
  const [first] = extensionValue(certificate, oids.basicConstraints, derTag.sequence)?.parts ?? []
  return first?.tag === derTag.boolean && first.content[0] === 0xff
}

/** How many authorities may stand below this one; Infinity where it sets no limit. @throws AppError `ca-certificate-malformed` */
export function pathLength(certificate: Certificate): number {
  const limit = extensionValue(certificate, oids.basicConstraints, derTag.sequence)?.parts.find(({ tag }) => tag === derTag.integer)
  if (!limit) return Infinity
  // Of more than one octet it is either negative or longer than any path.
  return limit.content.length === 1 && (limit.content[0] ?? 0) < 0x80 ? (limit.content[0] ?? 0) : 0
}

function extensionValue(certificate: Certificate, oid: string, tag: number): DerValue | undefined {
  return readExtension(certificate, oid, (value) => expectTag(value, tag))
}

function readExtension<T>({ extensions }: Certificate, oid: string, read: (value: DerValue) => T): T | undefined {
  const extension = extensions.get(oid)
  if (!extension) return undefined
  try {
    return read(readDer(extension.value))
  } catch (error) {
    if (error instanceof DerError) throw new AppError('ca-certificate-malformed', {}, { cause: error })
    throw error
  }
}

function expectTag(value: DerValue, tag: number): DerValue {
  if (value.tag !== tag) throw new DerError('unexpected type')
  return value
}
