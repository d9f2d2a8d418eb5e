import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { accountSchema, instantSchema, organizationSchema } from '../../../shared/contract/common.ts'
import type { Clock, Log, SecretStore } from '../ports.ts'
import type { OfflinePass } from '../services/session/offline-unlock.ts'
import type { SessionDevice } from '../services/session/session-ports.ts'
import { writeDurably } from './durable-file.ts'

const online = { lastOnlineAt: instantSchema, serverTime: instantSchema }
const passSchema = v.strictObject({
  account: accountSchema,
  organization: organizationSchema,
  certificate: v.nullable(v.strictObject({ ...online, sha256: v.string(), spki: v.string(), isOfOne: v.exactOptional(v.boolean()) })),
  password: v.nullable(v.strictObject({ ...online, salt: v.string(), hash: v.string() })),
}) satisfies v.GenericSchema<unknown, OfflinePass>

const deviceSchema = v.strictObject({
  format: v.literal(2),
  deviceId: v.string(),
  lastUsername: v.nullable(v.string()),
  /** Driver file that the clerk chose. */
  tokenDriver: v.nullable(v.string()),
  passes: v.array(passSchema),
  lastSeenAt: v.optional(v.nullable(instantSchema), null),
})
type DeviceState = v.InferOutput<typeof deviceSchema>

/** Its passes had one date for both ways of signing in; the next online sign-in brings new ones. */
const format1Schema = v.pipe(
  v.strictObject({ ...deviceSchema.entries, format: v.literal(1), passes: v.array(v.unknown()) }),
  v.transform((earlier): DeviceState => ({ ...earlier, format: 2, passes: [] })),
)

export interface Device extends SessionDevice {
  tokenDriver(): string | null
  rememberTokenDriver(path: string | null): Promise<void>
}

/**
 * What this machine remembers between runs besides the units' files, sealed by the secret store. A file that cannot be
 * read is set aside and a new one begun: it holds only what the next online sign-in brings again.
 */
export async function openDevice(dataDirectory: string, secrets: SecretStore, clock: Clock, log: Log): Promise<Device> {
  const path = join(dataDirectory, 'device.sealed')
  const known = await readState(path, secrets, clock, log)
  let state: DeviceState = known ?? { format: 2, deviceId: randomBytes(18).toString('base64url'), lastUsername: null, tokenDriver: null, passes: [], lastSeenAt: null }
  let lastWrite: Promise<unknown> = Promise.resolve()
  if (!known) await change(() => ({}))

  /** One after another: each change starts from what the one before it left. */
  function change(task: (from: DeviceState) => Partial<DeviceState>): Promise<void> {
    const run = lastWrite.then(async () => {
      const next = { ...state, ...task(state) }
      writeDurably(path, await secrets.seal(Buffer.from(JSON.stringify(next))))
      state = next
    })
    lastWrite = run.catch(() => undefined)
    return run
  }

  return {
    deviceId: () => state.deviceId,
    lastUsername: () => state.lastUsername,
    passes: () => state.passes,
    tokenDriver: () => state.tokenDriver,
    rememberTokenDriver: (tokenDriver) => change(() => ({ tokenDriver })),
    lastSeenAt: () => state.lastSeenAt,
    seeAt: (lastSeenAt) => change(() => ({ lastSeenAt })),
    rememberPass: (pass, lastUsername, lastSeenAt) =>
      change((from) => ({
        lastUsername: lastUsername ?? from.lastUsername,
        lastSeenAt,
        passes: [...from.passes.filter(({ account }) => account.id !== pass.account.id), pass],
      })),
    changePasses: async (task) => {
      // Asked at each online sign-in, and nearly always nothing changes.
      if (!isDeepStrictEqual(task(state.passes), state.passes)) await change((from) => ({ passes: task(from.passes) }))
    },
  }
}

async function readState(path: string, secrets: SecretStore, clock: Clock, log: Log): Promise<DeviceState | undefined> {
  if (!existsSync(path)) return undefined
  try {
    const text = Buffer.from(await secrets.unseal(readFileSync(path))).toString('utf8')
    return v.parse(v.pipe(v.string(), v.parseJson(), v.variant('format', [deviceSchema, format1Schema])), text)
  } catch (error) {
    log.error('device file set aside', error)
    renameSync(path, `${path}.damaged-${clock.now().toISOString().replace(/[:.]/g, '-')}`)
    return undefined
  }
}
