import { caLoginFormat } from '../../../shared/domain/ca-login-bytes.ts'
import type { WorkstationConfig } from '../ports.ts'
import { createCentralHttp } from './central-http.ts'
import type { CentralPort } from './central-port.ts'

export interface CentralClient extends CentralPort {
  close(): void
}

export interface CentralClientOptions {
  /** ms for an ordinary call. */
  timeout?: number
  /** ms for a whole push or pull. */
  patience?: number
}

/** A clerk waits for the answer, and work goes on without it. */
const briefly = 4_000
/** A hundred forms over a poor line. */
const patiently = 60_000

/** The central service of this product behind CentralPort. */
export function createCentralClient(config: WorkstationConfig, deviceId: () => string, options: CentralClientOptions = {}): CentralClient {
  const { timeout, patience = patiently } = options
  let token: string | null = null
  /** Ties a challenge to this connection; the central service wants it back with the signature. */
  let challengeCookie: string | null = null
  const http = createCentralHttp(config, {
    ...(timeout === undefined ? {} : { timeout }),
    headers: () => ({ 'device-id': deviceId(), ...(token === null ? {} : { authorization: `Bearer ${token}` }) }),
  })

  return {
    audience: http.origin,
    createChallenge: async (device) => {
      const { value, headers } = await http.call('createChallenge', { body: { deviceId: device } })
      const cookies = headers['set-cookie']
      challengeCookie = cookies?.map((cookie) => cookie.split(';')[0]).join('; ') ?? null
      return { cid: value.cid, nonce: value.nonce }
    },
    signInWithCaKey: async (proof) => {
      const cookie: Record<string, string> = challengeCookie === null ? {} : { cookie: challengeCookie }
      challengeCookie = null
      return (await http.call('signInWithCaKey', { body: { fmt: caLoginFormat, ...proof }, headers: cookie })).value
    },
    chooseAccount: async (choice) => (await http.call('chooseAccount', { body: choice })).value,
    signInWithPassword: async (input) => (await http.call('signInWithPassword', { body: input })).value,
    useSession: (next) => void (token = next),
    suspendSession: async () => void (await http.call('suspendSession', {})),
    endSession: async () => void (await http.call('endSession', {})),
    readOrganization: async () => (await http.call('readOrganization', { patience: briefly })).value,
    checkIdCardNo: async (idCardNo) => (await http.call('checkIdCardNo', { body: { idCardNo }, patience: briefly })).value,
    readRegistration: async (id, signal) => (await http.call('readRegistration', { params: { id }, signal })).value,
    push: async (operations, signal) => (await http.call('pushOperations', { body: { operations }, patience, signal })).value,
    pull: async ({ after, epoch, limit }, signal) => {
      const query = { after: String(after), limit: String(limit), ...(epoch === null ? {} : { epoch }) }
      return (await http.call('pullChanges', { query, patience, signal })).value
    },
    close: () => http.close(),
  }
}

