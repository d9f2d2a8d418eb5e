import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { DatabaseLocation } from './database/open.ts'

const flag = v.optional(v.pipe(v.picklist(['0', '1']), v.transform((text) => text === '1')), '0')
const path = v.pipe(v.string(), v.minLength(1))

const environmentSchema = v.pipe(
  v.object({
    /** Folder of the embedded database and of the key file. */
    CENTRAL_DATA: path,
    /** postgresql://…; absent: SQLite in CENTRAL_DATA. */
    DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//))),
    CENTRAL_HOST: v.optional(v.string(), '127.0.0.1'),
    CENTRAL_PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535)), '8443'),
    /** The https origin that workstations are configured with: CA locks sign it. */
    CENTRAL_AUDIENCE: v.pipe(v.string(), v.url()),
    CENTRAL_TLS_CERT: v.optional(path),
    CENTRAL_TLS_KEY: v.optional(path),
    /** Plain http, on loopback only, for development. */
    CENTRAL_ALLOW_PLAIN_HTTP: flag,
    /** PEM bundle of the intermediate and root CAs that issue CA locks. */
    CENTRAL_TRUSTED_CAS: path,
    /** JSON file with the keys of personal columns; default: personal-keys.json in CENTRAL_DATA. */
    CENTRAL_KEYS: v.optional(path),
    /** Operator switch: CA lock and password together. */
    CENTRAL_CA_NEEDS_PASSWORD: flag,
    /** Operator switch: a signature of the CA lock for each submission. */
    CENTRAL_SUBMIT_NEEDS_SIGNATURE: flag,
  }),
  v.check((env) => env.CENTRAL_ALLOW_PLAIN_HTTP || (env.CENTRAL_TLS_CERT !== undefined && env.CENTRAL_TLS_KEY !== undefined), 'CENTRAL_TLS_CERT and CENTRAL_TLS_KEY are missing (or CENTRAL_ALLOW_PLAIN_HTTP=1 for development)'),
  v.check((env) => !env.CENTRAL_ALLOW_PLAIN_HTTP || ['127.0.0.1', '::1', 'localhost'].includes(env.CENTRAL_HOST), 'plain http is for loopback only: set CENTRAL_HOST=127.0.0.1'),
  // The workstation's half of this switch does not exist yet: switched on it would refuse every submission.
  v.check((env) => !env.CENTRAL_SUBMIT_NEEDS_SIGNATURE, 'CENTRAL_SUBMIT_NEEDS_SIGNATURE=1 is not supported by this version'),
)

export interface CentralConfig {
  readonly location: DatabaseLocation
  readonly host: string
  readonly port: number
  readonly audience: string
  readonly tls: { readonly key: string; readonly cert: string } | null
  readonly trustedCas: string
  readonly keysFile: string
  readonly caNeedsPassword: boolean
}

/** @throws Error whose message is one line that says which setting is wrong */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): CentralConfig {
  const parsed = v.safeParse(environmentSchema, environment)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const name = v.getDotPath(issue)
    throw new Error(name ? `${name}: ${issue.message}` : issue.message)
  }
  const env = parsed.output
  return {
    location: env.DATABASE_URL ? { kind: 'postgresql', url: env.DATABASE_URL } : { kind: 'sqlite', path: join(env.CENTRAL_DATA, 'central.db') },
    host: env.CENTRAL_HOST,
    port: env.CENTRAL_PORT,
    audience: new URL(env.CENTRAL_AUDIENCE).origin,
    tls: env.CENTRAL_TLS_CERT && env.CENTRAL_TLS_KEY && !env.CENTRAL_ALLOW_PLAIN_HTTP ? { cert: readFileSync(env.CENTRAL_TLS_CERT, 'utf8'), key: readFileSync(env.CENTRAL_TLS_KEY, 'utf8') } : null,
    trustedCas: readFileSync(env.CENTRAL_TRUSTED_CAS, 'utf8'),
    keysFile: env.CENTRAL_KEYS ?? join(env.CENTRAL_DATA, 'personal-keys.json'),
    caNeedsPassword: env.CENTRAL_CA_NEEDS_PASSWORD,
  }
}
