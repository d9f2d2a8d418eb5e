import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeToken, type MadeToken } from '../../build/demo/demo-token.ts'
import { buildApp } from '../../central/app.ts'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { revocationNotChecked } from '../../central/auth/ca/revocation/revocation-checker.ts'
import { createTrustStore } from '../../central/auth/ca/trust-store.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { openCentralDatabase } from '../../central/database/open.ts'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { startNodeKeyProcess } from '../../electron/browser/node-key-process.ts'
import { createHost } from '../../electron/host/index.ts'
import { createFileLog } from '../../electron/shell-common/file-log.ts'
import { bridgeContract } from '../../shared/contract/index.ts'
import type { CaKeyState } from '../../shared/contract/ca-key.contract.ts'
import { createClient } from '../../shared/wire/client.ts'
import { createTransportPair } from '../../shared/wire/transport.ts'
import { nextCreditCode, recoveryPublicKey } from '../support/central-service.ts'
import { until } from '../support/key-service-rig.ts'
import { makeTestKeys } from '../support/softhsm.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from '../support/shell-ports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const clock = { now: () => new Date() }

export interface LockStageSecrets {
  readonly pin: string
  readonly password: string
}

/** A workstation with a CA lock, its key process, and a central service on loopback, each with its log in a file. Whatever is said between them is kept. */
export async function setLockStage({ pin, password }: LockStageSecrets, { submitNeedsSignature = false, withOtherUnit = false } = {}) {
  const keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  const folder = keys.store.directory
  const data = join(folder, 'workstation')
  mkdirSync(data)
  const requests: { method: string; url: string; token: string | undefined }[] = []
  const answers: string[] = []

  const database = await openCentralDatabase({ kind: 'sqlite', path: join(data, '..', 'central.db') })
  const personal = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
  const auth = { audience: '', trust: createTrustStore(keys.ca.trustBundlePem), revocation: revocationNotChecked, secureCookies: false, caNeedsPassword: false, submitNeedsSignature }
  const log = (entry: Readonly<Record<string, unknown>>) => appendFileSync(join(folder, 'central.log'), `${JSON.stringify(entry)}\n`)
  const app = await buildApp({ database, personal, clock, version: '0.0.0', tls: null, auth, log, attachments: { folder: join(data, '..', 'attachments'), quotaBytes: 2 ** 30 } })
  app.addHook('onRequest', async ({ method, url, headers }) => void requests.push({ method, url, token: headers.authorization?.slice('Bearer '.length) }))
  app.addHook('onSend', async (_request, _reply, payload) => void answers.push(String(payload)))
  await app.listen({ host: '127.0.0.1', port: 0 })
  // Only now known; CA locks sign it.
  auth.audience = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const context = { db: database.db, epoch: database.epoch, clock, personal }

  async function addUnit(name: string, username: string): Promise<{ token: MadeToken; accountId: string; organizationId: string }> {
    const creditCode = nextCreditCode()
    const token = await makeToken(keys.store, keys.ca, { label: username, pin, company: name, organizationCode: creditCode, algorithm: 'P-256' })
    const unit = { name, kind: 'contractor' as const, creditCode, address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey }
    const organizationId = await createOrganization(context, unit)
    const accountId = await createAccount(context, { organizationId, username, displayName: username, role: 'clerk', password })
    await bindCertificate(context.db, { issuer: readCertificate(token.certificate).issuerText, companyCode: creditCode }, accountId, clock.now())
    return { token, accountId, organizationId }
  }
  const unit = await addUnit('甲修缮有限公司', 'zhang')
  // SoftHSM shows only the tokens that are there when a key process loads it.
  const other = withOtherUnit ? await addUnit('乙修缮有限公司', 'li') : undefined

  const host = await createHost({
    shell: 'browser', version: '0.0.0', clock, log: createFileLog(join(data, 'workstation.log')),
    paths: { data, resources: join(root, 'resources') },
    config: { centralUrl: auth.audience, centralCa: null, allowPlainHttp: true, tokenDriver: keys.faultyModule },
    secrets: await openKeyFileSecrets(data),
    startKeyProcess: () => startNodeKeyProcess(join(root, 'electron/host/ca-key/key-process.ts')),
    dialogs: dialogsCancelled,
    startRosterReader,
    startFaceScan,
    printing: printingUnavailable,
  })
  /** Every frame that the page sees. */
  const seen: string[] = []
  const [ours, theirs] = createTransportPair()
  ours.onFrame((frame) => void seen.push(JSON.stringify(frame)))
  host.attach(theirs)
  const client = createClient(bridgeContract, ours)
  const page = client.call
  let lock: CaKeyState = await page.caKey.state({})
  client.on('caKey', 'changed', (state) => void (lock = state))

  return {
    keys, folder, data, context, addUnit, unit, other, page, requests, answers, seen,
    lock: () => lock,
    /** Where the central service listens, as locks sign it. */
    audience: () => auth.audience,
    lockShows: () => until('the lock shows', () => lock.certificates.length > 0),
    withKey: (token = unit.token, given = pin) => ({ certificateId: token.certificateId, pin: given, confirmFinalTry: false }),
    /** Of the running key process: its ids. */
    keyProcesses: () => execFileSync('pgrep', ['-P', String(process.pid), '-f', 'key-process.ts'], { encoding: 'utf8' }).trim().split('\n').map(Number),
    close: async () => {
      await host.close()
      await app.close()
      await database.close()
      keys.remove()
    },
  }
}

export type LockStage = Awaited<ReturnType<typeof setLockStage>>
