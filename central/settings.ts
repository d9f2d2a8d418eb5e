import { isIP } from 'node:net'
import * as v from 'valibot'
import { isPosterOrigin, usualPosterDays } from '../shared/domain/poster-code.ts'

/**
 * The settings of the central service, as environment variables. An empty one counts as absent: service managers write
 * those. Each message is the rest of the line `NAME：…` that the operator reads.
 */
const path = v.optional(v.pipe(v.string(), v.minLength(1)))
const needed = (message: string) => v.pipe(v.optional(v.string(), ''), v.minLength(1, message))
const flag = v.pipe(v.optional(v.string(), '0'), v.picklist(['0', '1'], '应为0或1'), v.transform((text) => text === '1'))

/** On unless it is switched off. */
const flagOn = v.pipe(v.optional(v.string(), '1'), v.picklist(['0', '1'], '应为0或1'), v.transform((text) => text === '1'))

const isAddressRange = (text: string) => {
  const [address = '', bits, ...rest] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return rest.length === 0 && (bits === undefined ? longest > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= longest)
}

/** A password in an address would stand in logs of whatever lies in between. */
const isFeedAddress = (text: string) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && username === '' && password === ''
}

const storage = {
  /** Folder of the embedded database and of the key file. */
  CENTRAL_DATA: needed('请设置数据文件夹'),
  /** postgresql://…; absent: SQLite in CENTRAL_DATA. */
  DATABASE_URL: v.optional(v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//, '应以 postgresql:// 开头（不设置则使用内置的SQLite）'))),
  /** JSON file with the keys of personal columns; default: personal-keys.json in CENTRAL_DATA. */
  CENTRAL_KEYS: path,
}

export const storageSettings = v.object(storage)

export const serviceSettings = v.object({
  ...storage,
  /** Folder of the attachments, sealed; default: attachments in CENTRAL_DATA. Processes over one database share it. */
  CENTRAL_ATTACHMENTS: path,
  /** GB of attachments that one unit may keep. */
  CENTRAL_ATTACHMENTS_QUOTA: v.pipe(v.optional(v.string(), '20'), v.regex(/^[1-9]\d{0,5}$/, '应为1至999999的整数，单位GB'), v.transform((text) => Number(text) * 2 ** 30)),
  CENTRAL_HOST: v.optional(v.string(), '127.0.0.1'),
  /** 0: whichever is free. */
  CENTRAL_PORT: v.pipe(v.optional(v.string(), '8443'), v.regex(/^\d{1,5}$/, '应为0至65535的整数'), v.transform(Number), v.maxValue(65_535, '应为0至65535的整数')),
  /** The https origin that workstations are configured with: CA locks sign it. */
  CENTRAL_AUDIENCE: needed('请设置工作站访问本服务的地址，如 https://central.example.com'),
  CENTRAL_TLS_CERT: path,
  CENTRAL_TLS_KEY: path,
  /** Plain http, on loopback only, for development. */
  CENTRAL_ALLOW_PLAIN_HTTP: flag,
  /** PEM bundle of the intermediate and root CAs that issue CA locks. */
  CENTRAL_TRUSTED_CAS: needed('请设置受信任CA证书（PEM）的文件'),
  /** JSON file that says for which of these CAs revocation is asked about where; default: it is not asked about. */
  CENTRAL_REVOCATION: path,
  /** Operator switch: a sign-in may stand on an answer of the last 24 hours where a CA gives none now. */
  CENTRAL_REVOCATION_GRACE: flag,
  /** Reverse proxies whose X-Forwarded-For is believed, as addresses or ranges with commas between; default: none. */
  CENTRAL_TRUSTED_PROXIES: v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== '')),
    v.check((parts) => parts.every(isAddressRange), '应为以逗号分隔的IP地址或网段，如 10.0.0.1,192.168.0.0/16'),
  ),
  /** Operator switch: CA lock and password together. */
  CENTRAL_CA_NEEDS_PASSWORD: flag,
  /** Operator switch: a signature of the CA lock for each submission. */
  CENTRAL_SUBMIT_NEEDS_SIGNATURE: flag,
  /** Operator switch, on by default: registrations are approved by themselves. 0: accounts with 登记审核 decide. */
  CENTRAL_APPROVES_AUTOMATICALLY: flagOn,
  /** Operator switch: nobody is submitted to a project before an identity check has passed, by face or without (ADR 0043). */
  CENTRAL_IDENTITY_CHECK: v.pipe(v.optional(v.string(), 'required'), v.picklist(['required', 'not-required'], '应为 required 或 not-required'), v.transform((text) => text === 'required')),
  /** Origin under which workers' phones reach this service: posters carry it; default: CENTRAL_AUDIENCE. */
  CENTRAL_PUBLIC_URL: v.optional(v.pipe(v.string(), v.check((text) => isPosterOrigin(text) && URL.canParse(text), '应为不带路径的地址，如 https://register.example.com'))),
  /** Days for which a poster's code is good. */
  CENTRAL_POSTER_DAYS: v.pipe(v.optional(v.string(), String(usualPosterDays)), v.regex(/^[1-9]\d{0,3}$/, '应为1至9999的整数，单位天'), v.transform(Number)),
  /** Folder in which the 建设程序审批系统 leaves its files (docs/approval-feed.md); default: none is looked into. */
  CENTRAL_FEED_FOLDER: path,
  /** Address that is asked for its records (docs/approval-feed.md): https, or http on loopback; default: none. */
  CENTRAL_FEED_URL: v.optional(v.pipe(v.string(), v.check(isFeedAddress, '应为https地址（http仅限本机），且不含用户名和密码'))),
  /** File with the token that is given to it; default: none is given. */
  CENTRAL_FEED_TOKEN: path,
  /** Minutes between two looks for what the 建设程序审批系统 has. */
  CENTRAL_FEED_MINUTES: v.pipe(v.optional(v.string(), '5'), v.regex(/^[1-9]\d{0,3}$/, '应为1至9999的整数，单位分钟'), v.transform(Number)),
})

export type StorageSettings = v.InferOutput<typeof storageSettings>
export type ServiceSettings = v.InferOutput<typeof serviceSettings>

export type Environment = Readonly<Record<string, string | undefined>>

/** @throws Error whose message is one line that says which setting is wrong */
export function parseSettings<S extends typeof storageSettings | typeof serviceSettings>(schema: S, environment: Environment): v.InferOutput<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, text]) => text !== undefined && text !== ''))
  const parsed = v.safeParse(schema, given)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  return refuse(v.getDotPath(issue) ?? '', issue.message)
}

export function refuse(name: string, message: string): never {
  throw new Error(`${name}：${message}`)
}
