import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRevocationSources, type RevocationSources } from './auth/ca/revocation/revocation-sources.ts'
import { createTrustStore, type TrustStore } from './auth/ca/trust-store.ts'
import { isPosterOrigin } from '../shared/domain/poster-code.ts'
import type { DatabaseLocation } from './database/open.ts'
import type { PosterOptions } from './modules/poster-codes/poster-codes.service.ts'
import { parseSettings, refuse, serviceSettings, storageSettings, type Environment, type ServiceSettings, type StorageSettings } from './settings.ts'

/** Where the data lies and what opens its personal columns. */
export interface StorageConfig {
  readonly location: DatabaseLocation
  readonly keysFile: string
}

export interface CentralConfig extends StorageConfig {
  readonly host: string
  readonly port: number
  readonly audience: string
  /** Null: plain http on loopback. */
  readonly tls: { readonly key: string; readonly cert: string } | null
  readonly trust: TrustStore
  /** Null: revocation is not asked about. */
  readonly revocation: { readonly sources: RevocationSources; readonly grace: boolean } | null
  readonly trustedProxies: readonly string[]
  readonly caNeedsPassword: boolean
  readonly submitNeedsSignature: boolean
  readonly attachments: { readonly folder: string; readonly quotaBytes: number }
  readonly approvesAutomatically: boolean
  readonly identityCheckRequired: boolean
  readonly posters: PosterOptions
  /** 建设程序审批系统: null where no folder is looked into, and no address asked. */
  readonly approvalFeed: { readonly folder: string | null; readonly http: { readonly url: string; readonly token: string | null } | null; readonly minutes: number }
}

/** What an operator command needs. @throws Error whose message is one line that says which setting is wrong */
export function readStorageConfig(environment: Environment): StorageConfig {
  return storageOf(parseSettings(storageSettings, environment))
}

/** @throws Error whose message is one line that says which setting is wrong */
export function readConfig(environment: Environment): CentralConfig {
  const settings = parseSettings(serviceSettings, environment)
  const tls = readTls(settings)
  if (!tls) checkPlainHttp(settings)
  const trust = readTrust(settings.CENTRAL_TRUSTED_CAS)
  return {
    ...storageOf(settings),
    host: settings.CENTRAL_HOST,
    port: settings.CENTRAL_PORT,
    audience: audienceOf(settings.CENTRAL_AUDIENCE, tls !== null),
    tls,
    trust,
    revocation: readRevocation(settings, trust),
    trustedProxies: settings.CENTRAL_TRUSTED_PROXIES,
    caNeedsPassword: settings.CENTRAL_CA_NEEDS_PASSWORD,
    submitNeedsSignature: settings.CENTRAL_SUBMIT_NEEDS_SIGNATURE,
    attachments: { folder: settings.CENTRAL_ATTACHMENTS ?? join(settings.CENTRAL_DATA, 'attachments'), quotaBytes: settings.CENTRAL_ATTACHMENTS_QUOTA },
    approvesAutomatically: settings.CENTRAL_APPROVES_AUTOMATICALLY,
    identityCheckRequired: settings.CENTRAL_IDENTITY_CHECK,
    posters: readPosters(settings, tls !== null),
    approvalFeed: readFeed(settings),
  }
}

function storageOf({ CENTRAL_DATA, DATABASE_URL, CENTRAL_KEYS }: StorageSettings): StorageConfig {
  return {
    location: DATABASE_URL ? { kind: 'postgresql', url: DATABASE_URL } : { kind: 'sqlite', path: join(CENTRAL_DATA, 'central.db') },
    keysFile: CENTRAL_KEYS ?? join(CENTRAL_DATA, 'personal-keys.json'),
  }
}

function checkPlainHttp({ CENTRAL_ALLOW_PLAIN_HTTP, CENTRAL_HOST }: ServiceSettings): void {
  if (!CENTRAL_ALLOW_PLAIN_HTTP) refuse('CENTRAL_TLS_CERT', '请与CENTRAL_TLS_KEY一起设置服务器证书（开发时可设CENTRAL_ALLOW_PLAIN_HTTP=1，仅限本机）')
  if (!['127.0.0.1', '::1', 'localhost'].includes(CENTRAL_HOST)) refuse('CENTRAL_HOST', '不加密的http仅限本机，请设为127.0.0.1')
}

function readTls({ CENTRAL_TLS_CERT, CENTRAL_TLS_KEY }: ServiceSettings): CentralConfig['tls'] {
  if (!CENTRAL_TLS_CERT && !CENTRAL_TLS_KEY) return null
  if (!CENTRAL_TLS_CERT) return refuse('CENTRAL_TLS_CERT', '已设置CENTRAL_TLS_KEY，还缺证书')
  if (!CENTRAL_TLS_KEY) return refuse('CENTRAL_TLS_KEY', '已设置CENTRAL_TLS_CERT，还缺私钥')
  const cert = readText('CENTRAL_TLS_CERT', CENTRAL_TLS_CERT)
  const key = readText('CENTRAL_TLS_KEY', CENTRAL_TLS_KEY)
  const certificate = orRefuse('CENTRAL_TLS_CERT', '不是PEM证书', () => new X509Certificate(cert))
  const privateKey: KeyObject = orRefuse('CENTRAL_TLS_KEY', '不是未加密的PEM私钥', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) refuse('CENTRAL_TLS_KEY', '与CENTRAL_TLS_CERT不是一对')
  return { cert, key }
}

function readTrust(file: string): TrustStore {
  const bundle = readText('CENTRAL_TRUSTED_CAS', file)
  return orRefuse('CENTRAL_TRUSTED_CAS', `${file} 中没有可用的PEM证书`, () => createTrustStore(bundle))
}

function readRevocation({ CENTRAL_REVOCATION: file, CENTRAL_REVOCATION_GRACE: grace }: ServiceSettings, trust: TrustStore): CentralConfig['revocation'] {
  if (file === undefined) return grace ? refuse('CENTRAL_REVOCATION_GRACE', '需与CENTRAL_REVOCATION一起设置') : null
  const read = parseRevocationSources(readText('CENTRAL_REVOCATION', file), trust)
  return 'wrong' in read ? refuse('CENTRAL_REVOCATION', `${file} ${read.wrong}`) : { sources: read.sources, grace }
}

function readFeed({ CENTRAL_FEED_FOLDER, CENTRAL_FEED_URL: url, CENTRAL_FEED_TOKEN: tokenFile, CENTRAL_FEED_MINUTES: minutes }: ServiceSettings): CentralConfig['approvalFeed'] {
  const folder = CENTRAL_FEED_FOLDER ?? null
  if (url === undefined) return tokenFile === undefined ? { folder, http: null, minutes } : refuse('CENTRAL_FEED_TOKEN', '需与CENTRAL_FEED_URL一起设置')
  const token = tokenFile === undefined ? null : readText('CENTRAL_FEED_TOKEN', tokenFile).trim()
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) refuse('CENTRAL_FEED_TOKEN', `${String(tokenFile)} 应只有一行令牌`)
  return { folder, http: { url, token }, minutes }
}

/** Phones of workers send personal data there: encrypted wherever the service itself is. */
function readPosters({ CENTRAL_PUBLIC_URL, CENTRAL_POSTER_DAYS: days, CENTRAL_AUDIENCE }: ServiceSettings, encrypted: boolean): PosterOptions {
  const publicUrl = CENTRAL_PUBLIC_URL ?? audienceOf(CENTRAL_AUDIENCE, encrypted)
  if (encrypted && !publicUrl.toLowerCase().startsWith('https:')) refuse('CENTRAL_PUBLIC_URL', '应为https地址')
  if (!isPosterOrigin(publicUrl)) refuse('CENTRAL_PUBLIC_URL', '请设置手机访问本服务的地址，如 https://register.example.com')
  return { publicUrl, days }
}

/** Exactly an origin: a path would be signed by nobody. */
function audienceOf(text: string, encrypted: boolean): string {
  const example = encrypted ? 'https://central.example.com' : 'http://127.0.0.1:8080'
  const url = URL.canParse(text) ? new URL(text) : undefined
  const schemes = encrypted ? ['https:'] : ['http:', 'https:']
  const isOrigin = url !== undefined && schemes.includes(url.protocol) && `${url.origin}/` === url.href
  return isOrigin ? url.origin : refuse('CENTRAL_AUDIENCE', `应为不带路径的地址，如 ${example}`)
}

function readText(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return refuse(name, `无法读取 ${file}（${String((error as NodeJS.ErrnoException).code)}）`)
  }
}

/** What the libraries say is English, and of a key it may say too much. */
function orRefuse<T>(name: string, message: string, read: () => T): T {
  try {
    return read()
  } catch {
    return refuse(name, message)
  }
}
