import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { openDemoCa } from '../demo/demo-ca.ts'
import { openTokenStore } from '../demo/demo-token.ts'
import { openLockHub, type LockHub } from '../demo/lock-hub.ts'
import { demoPaths, makeDemo } from '../demo/make-demo.ts'
import { demoUnlinkedProjectNos } from '../demo/projects.ts'
import { demoRoster } from '../demo/roster.ts'
import { demoPassword, demoPin, demoUnits } from '../demo/units.ts'

/** A demonstration that is ready to be started: what its programs are told. */
export interface Demo {
  readonly folder: string
  /** Environment of the central service. */
  readonly centralEnv: Readonly<Record<string, string>>
  /** Of PostgreSQL; null: SQLite in the folder. */
  readonly postgresUrl: string | null
  /** Where workstations reach it, and what CA locks sign. */
  readonly centralUrl: string
  /** PEM file that its certificate must chain to. */
  readonly centralCaFile: string
  readonly locks: LockHub
  /** PKCS#11 module that shows them. */
  readonly tokenDriver: string
  /** Environment of whatever loads that module. */
  readonly env: Readonly<Record<string, string>>
}

/** Raised when what lies in the folder changes its form. */
const format = '2'

/**
 * Makes the demonstration where there is none yet, in one piece: a start that is broken off in the middle leaves none.
 * @param port where the workstation reaches the central service
 * @param postgresUrl of a database that belongs to this folder, empty at first; null: SQLite
 * @throws Error with the line to run
 */
export async function prepareDemo(data: string, port: number, postgresUrl: string | null = null): Promise<Demo> {
  const folder = join(data, 'demo')
  if (!existsSync(folder)) await makeWhole(data, folder, postgresUrl)
  if (readFileSync(join(folder, 'format'), 'utf8') !== format) throw new Error('The demo data is of another version. Run: npm start -- --fresh')
  const paths = demoPaths(folder)
  const centralUrl = `https://127.0.0.1:${port}`
  await writeTlsFiles(folder)
  // Its configuration is written anew: it names the folder, which may have been moved.
  const locks = openLockHub(openTokenStore(paths.keyStore))
  return {
    folder,
    postgresUrl,
    centralUrl,
    centralCaFile: paths.rootCa,
    locks,
    tokenDriver: locks.modulePath,
    env: locks.env,
    centralEnv: {
      CENTRAL_DATA: paths.centralData,
      CENTRAL_AUDIENCE: centralUrl,
      CENTRAL_TLS_CERT: paths.tlsCertificate,
      CENTRAL_TLS_KEY: paths.tlsKey,
      CENTRAL_TRUSTED_CAS: paths.trustedCas,
      ...(postgresUrl === null ? {} : { DATABASE_URL: postgresUrl }),
    },
  }
}

async function makeWhole(data: string, folder: string, postgresUrl: string | null): Promise<void> {
  // Locks, keys and database belong together: with other ones what the workstation keeps could not be opened.
  if (existsSync(join(data, 'workstation'))) throw new Error(`${folder} is gone, but what the workstation keeps with it is not. Run: npm start -- --fresh`)
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  await makeDemo(unfinished, postgresUrl)
  writeFileSync(join(unfinished, 'format'), format)
  renameSync(unfinished, folder)
}

/** The server's certificate lives for a year; a new one at each start never runs out. */
async function writeTlsFiles(folder: string): Promise<void> {
  const paths = demoPaths(folder)
  const ca = await openDemoCa(paths.ca)
  const { certificateChainPem, privateKeyPem } = await ca.issueServerCertificate(['127.0.0.1', 'localhost'])
  mkdirSync(dirname(paths.tlsKey), { recursive: true, mode: 0o700 })
  writeFileSync(paths.tlsKey, privateKeyPem, { mode: 0o600 })
  writeFileSync(paths.tlsCertificate, certificateChainPem)
  writeFileSync(paths.trustedCas, ca.trustBundlePem)
  writeFileSync(paths.rootCa, ca.rootPem)
}

/** Who can sign in, and with what. */
export function describeDemo(demo: Demo): string {
  const elsewhere = demoRoster().find(({ unit }) => unit === 'implementer')
  const units = demoUnits.flatMap(({ name, accounts, lock }) => [
    `  ${name}`,
    `    CA lock ${lock.label}: ${lock.expired ? 'its certificate has expired' : `PIN ${demoPin}`}`,
    `    accounts ${accounts.map(({ username, displayName }) => `${username} (${displayName})`).join(', ')}: password ${demoPassword}`,
  ])
  return [
    `Central service: ${demo.centralUrl}`,
    'Demo accounts (everybody and everything in them is invented):',
    ...units,
    `  To pull a lock out: touch ${join(relative('.', demo.locks.unplugged), demoUnits[0]?.lock.label ?? '')}    To plug it in again: rm the same`,
    `  Registered at another unit than the first: ${elsewhere?.values.name} ${elsewhere?.values.idCardNo}`,
    `  Projects that the first unit takes part in and has not in its list: ${demoUnlinkedProjectNos.join(', ')}`,
  ].join('\n')
}
