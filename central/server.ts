import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { attachmentContext, buildApp } from './app.ts'
import { createRevocationChecker } from './auth/ca/revocation/create-revocation-checker.ts'
import { revocationNotChecked } from './auth/ca/revocation/revocation-checker.ts'
import { readConfig, type CentralConfig } from './config.ts'
import { programVersion } from './program-version.ts'
import { fileDrop } from './modules/approval-feed/file-drop.ts'
import { httpPull } from './modules/approval-feed/http-pull.ts'
import { startApprovalFeed } from './modules/approval-feed/run-feed.ts'
import { startFailure } from './start-failure.ts'
import { openStorage } from './storage.ts'
import { startSweeping } from './sweep.ts'

const clock = { now: () => new Date() }
const log = (entry: Readonly<Record<string, unknown>>) => console.error(JSON.stringify({ at: clock.now().toISOString(), ...entry }))

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const { database, personal } = await openStorage(config)
  const stored = { database, personal, clock, log, attachments: config.attachments }
  const app = await buildApp({
    ...stored,
    version: programVersion(),
    // Beside this program in what was built.
    workerPage: fileURLToPath(new URL('../worker-page', import.meta.url)),
    tls: config.tls,
    trustedProxies: config.trustedProxies,
    approvesAutomatically: config.approvesAutomatically,
    identityCheckRequired: config.identityCheckRequired,
    posters: config.posters,
    auth: {
      audience: config.audience,
      trust: config.trust,
      revocation: config.revocation ? createRevocationChecker({ ...config.revocation, db: database.db, clock, log }) : revocationNotChecked,
      caNeedsPassword: config.caNeedsPassword,
      submitNeedsSignature: config.submitNeedsSignature,
      secureCookies: config.tls !== null,
    },
  })
  await app.listen({ host: config.host, port: config.port })
  const stopSweeping = startSweeping(attachmentContext(stored))
  const { folder, http, minutes } = config.approvalFeed
  const feeds = [...(folder === null ? [] : [fileDrop(folder)]), ...(http === null ? [] : [httpPull(http.url, http.token)])]
  const stopFeed = startApprovalFeed({ db: database.db, epoch: database.epoch, clock, personal }, feeds, { minutes, log })
  warnOfUnchecked(config)
  const { address, family, port } = app.server.address() as AddressInfo
  const host = family === 'IPv6' ? `[${address}]` : address
  // Read by whoever started us.
  console.log(JSON.stringify({ url: `${config.tls ? 'https' : 'http'}://${host}:${port}`, epoch: database.epoch }))

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    stopSweeping()
    await stopFeed()
    await app.close()
    await database.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

function warnOfUnchecked({ trust: { authorities }, revocation }: CentralConfig): void {
  const withoutSource = authorities.filter(({ sha256 }) => !revocation?.sources.has(sha256)).length
  if (withoutSource > 0) log({ level: 'warn', message: 'certificates of some pinned CAs are not checked for revocation', withoutSource, pinned: authorities.length })
}

main().catch((error: unknown) => {
  console.error(startFailure(error))
  process.exit(1)
})
