import { isAbsolute } from 'node:path'
import * as v from 'valibot'
import type { TrustStore } from '../trust-store.ts'

/** Where to ask about the certificates that one pinned CA has issued. At least one of the two is there. */
export interface RevocationSource {
  readonly ocsp: string | null
  /** URL, or absolute path of a file. */
  readonly crl: string | null
}

/**
 * By fingerprint of the CA. All addresses come from the operator: one taken from a certificate would let a stranger make
 * the service call any host (SSRF).
 */
export type RevocationSources = ReadonlyMap<string, RevocationSource>

const isAddress = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
}

const entry = v.pipe(
  v.strictObject(
    {
      issuer: v.pipe(v.string('issuer应为CA证书的SHA-256指纹'), v.regex(/^[0-9a-f]{64}$/, 'issuer应为CA证书的SHA-256指纹（64位小写十六进制，不带冒号）')),
      ocsp: v.optional(v.pipe(v.string('ocsp应为网址'), v.check(isAddress, 'ocsp应为http或https网址'))),
      crl: v.optional(v.pipe(v.string('crl应为网址或路径'), v.check((text) => isAddress(text) || isAbsolute(text), 'crl应为http或https网址，或文件的绝对路径'))),
    },
    '应为对象，只含issuer、ocsp、crl',
  ),
  v.check(({ ocsp, crl }) => ocsp !== undefined || crl !== undefined, 'ocsp与crl至少设置一项'),
)

/** @returns the sources, or what is wrong with the file, as the rest of a line that the operator reads */
export function parseRevocationSources(text: string, trust: TrustStore): { readonly sources: RevocationSources } | { readonly wrong: string } {
  const json = parseJson(text)
  if (json === undefined) return { wrong: '不是JSON文件' }
  const parsed = v.safeParse(v.pipe(v.array(entry, '应为数组'), v.minLength(1, '数组不能为空')), json)
  if (!parsed.success) {
    const [{ path, message }] = parsed.issues
    const index = path?.[0]?.key
    return { wrong: typeof index === 'number' ? `第${index + 1}项：${message}` : message }
  }
  const sources = new Map<string, RevocationSource>()
  for (const [index, { issuer, ocsp = null, crl = null }] of parsed.output.entries()) {
    if (!trust.authorities.some(({ sha256 }) => sha256 === issuer)) return { wrong: `第${index + 1}项：issuer不是CENTRAL_TRUSTED_CAS中的证书` }
    if (sources.has(issuer)) return { wrong: `第${index + 1}项：issuer重复` }
    sources.set(issuer, { ocsp, crl })
  }
  return { sources: forEveryEdition(sources, trust) }
}

/** A CA that renewed its certificate and kept its key is pinned twice, and answers for both alike. */
function forEveryEdition(named: RevocationSources, { authorities }: TrustStore): RevocationSources {
  const sources = new Map(named)
  for (const { sha256, subject, keyBits } of authorities) {
    const edition = authorities.find((other) => named.has(other.sha256) && other.subject.equals(subject) && other.keyBits.equals(keyBits))
    const source = edition && named.get(edition.sha256)
    if (source && !sources.has(sha256)) sources.set(sha256, source)
  }
  return sources
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
