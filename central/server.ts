import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { revocationNotChecked } from './auth/ca/revocation.ts'
import { createTrustStore } from './auth/ca/trust-store.ts'
import { readConfig } from './config.ts'
import { openCentralDatabase } from './database/open.ts'
import { createPersonalData } from './personal-data/personal-data.ts'
import { readOrMakePersonalKeys } from './personal-data/personal-keys.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env)
  mkdirSync(dirname(config.keysFile), { recursive: true, mode: 0o700 })
  if (config.location.kind === 'sqlite') mkdirSync(dirname(config.location.path), { recursive: true, mode: 0o700 })
  const personal = createPersonalData(readOrMakePersonalKeys(config.keysFile))
  const database = await openCentralDatabase(config.location)
  const app = await buildApp({
    database,
    personal,
    clock: { now: () => new Date() },
    version: manifest.version,
    tls: config.tls,
    auth: {
      audience: config.audience,
      trust: createTrustStore(config.trustedCas),
      revocation: revocationNotChecked,
      caNeedsPassword: config.caNeedsPassword,
      secureCookies: config.tls !== null,
    },
    log: (entry) => console.error(JSON.stringify({ at: new Date().toISOString(), ...entry })),
  })
  await app.listen({ host: config.host, port: config.port })
  const { port } = app.server.address() as AddressInfo
  // Read by whoever started us.
  console.log(JSON.stringify({ url: `${config.tls ? 'https' : 'http'}://${config.host}:${port}`, epoch: database.epoch }))

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await app.close()
    await database.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

main().catch((error: unknown) => {
  const { code, message } = error as { code?: string; message?: string }
  console.error(code === 'EADDRINUSE' ? `端口已被占用，请用 CENTRAL_PORT 指定另一个端口。` : (message ?? String(error)))
  process.exit(1)
})
