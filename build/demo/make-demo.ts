import { generateKeyPair, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { reviewRegistration, setReviewer, setReviewScope } from '../../central/operator/review-operations.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { readOrMakePersonalKeys } from '../../central/personal-data/personal-keys.ts'
import type { ServiceContext, Who } from '../../central/service-context.ts'
import { writeOnce } from '../../central/write-once.ts'
import { openDemoCa, type DemoCa } from './demo-ca.ts'
import { makeToken, openTokenStore } from './demo-token.ts'
import { addProjects } from './projects.ts'
import { demoRoster } from './roster.ts'
import { demoPassword, demoPin, demoUnits, type DemoUnit } from './units.ts'

const day = 24 * 3600 * 1000

/** Where the parts of a demonstration lie in its folder. */
export function demoPaths(folder: string) {
  return {
    ca: join(folder, 'ca'),
    keyStore: join(folder, 'ca-locks'),
    recoveryKeys: join(folder, 'recovery-keys'),
    centralData: join(folder, 'central'),
    centralDatabase: join(folder, 'central', 'central.db'),
    personalKeys: join(folder, 'central', 'personal-keys.json'),
    tlsCertificate: join(folder, 'tls', 'server.pem'),
    tlsKey: join(folder, 'tls', 'server.key'),
    trustedCas: join(folder, 'tls', 'trusted-cas.pem'),
    rootCa: join(folder, 'tls', 'root.pem'),
  }
}

export const demoDatabase = (folder: string, postgresUrl: string | null): DatabaseLocation =>
  postgresUrl === null ? { kind: 'sqlite', path: demoPaths(folder).centralDatabase } : { kind: 'postgresql', url: postgresUrl }

/**
 * Fills an empty folder: a CA, locks, units, accounts, and a roster that went the way every registration goes: written
 * by a clerk's account, decided by the operator. Nothing is put into the database past the service's own rules.
 * @param postgresUrl of an empty database; null: SQLite in the folder
 */
export async function makeDemo(folder: string, postgresUrl: string | null = null): Promise<void> {
  const paths = demoPaths(folder)
  const ca = await openDemoCa(paths.ca)
  mkdirSync(paths.centralData, { recursive: true, mode: 0o700 })
  // The slowest parts, side by side: making RSA keys.
  const [locks, recoveryKeys] = await Promise.all([makeLocks(paths.keyStore, ca), makeRecoveryKeys(paths.recoveryKeys)])
  const database = await openCentralDatabase(demoDatabase(folder, postgresUrl))
  try {
    const personal = createPersonalData(readOrMakePersonalKeys(paths.personalKeys))
    const context: ServiceContext = { db: database.db, epoch: database.epoch, clock: { now: () => new Date() }, personal }
    const clerks = new Map<DemoUnit['key'], Who>()
    for (const unit of demoUnits) clerks.set(unit.key, await addUnit(context, unit, recoveryKeys.get(unit.key) ?? '', locks.get(unit.key)))
    await addReviewers(context, clerks)
    await addRoster(context, clerks)
    await addProjects(context, clerks)
  } finally {
    await database.close()
  }
}

async function makeLocks(directory: string, ca: DemoCa): Promise<Map<DemoUnit['key'], Uint8Array>> {
  const store = openTokenStore(directory)
  const certificates = new Map<DemoUnit['key'], Uint8Array>()
  for (const { key, name, creditCode, lock } of demoUnits) {
    const dates = lock.expired ? { notBefore: new Date(Date.now() - 395 * day), notAfter: new Date(Date.now() - 30 * day) } : {}
    const { label, algorithm } = lock
    const made = await makeToken(store, ca, { label, pin: demoPin, company: name, organizationCode: creditCode, algorithm, withEncryptionPair: true, ...dates })
    certificates.set(key, made.certificate)
  }
  return certificates
}

/** @returns public halves as SPKI PEM; the private ones stay in the folder, where a unit would lock them away. */
async function makeRecoveryKeys(directory: string): Promise<Map<DemoUnit['key'], string>> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const pairs = await Promise.all(demoUnits.map(async ({ key }) => ({ key, ...(await promisify(generateKeyPair)('rsa', { modulusLength: 3072 })) })))
  for (const { key, privateKey } of pairs) {
    writeFileSync(join(directory, `${key}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  }
  return new Map(pairs.map(({ key, publicKey }) => [key, String(publicKey.export({ type: 'spki', format: 'pem' }))]))
}

/** @returns who registers the unit's people: its first account */
async function addUnit(context: ServiceContext, unit: DemoUnit, recoveryPublicKey: string, lock: Uint8Array | undefined): Promise<Who> {
  const { name, kind, creditCode, address, contactName, contactPhone } = unit
  const organizationId = await createOrganization(context, { name, kind, creditCode, address, contactName, contactPhone, recoveryPublicKey })
  const accountIds = new Map<string, string>()
  for (const { username, displayName, role, reviewsRegistrations } of unit.accounts) {
    const id = await createAccount(context, { organizationId, password: demoPassword, username, displayName, role })
    accountIds.set(username, id)
    if (reviewsRegistrations) await setReviewer(context, id, true)
  }
  for (const username of lock ? unit.lock.boundTo : []) {
    const issuer = readCertificate(Buffer.from(lock ?? [])).issuerText
    await bindCertificate(context.db, { issuer, companyCode: unit.creditCode }, accountIds.get(username) ?? '', context.clock.now())
  }
  return { organizationId, accountId: accountIds.get(unit.accounts[0]?.username ?? '') ?? '', deviceId: 'demo-data-of-npm-start' }
}

/** The implementing unit reviews what the two others hand in. */
async function addReviewers(context: ServiceContext, clerks: ReadonlyMap<DemoUnit['key'], Who>): Promise<void> {
  const reviewer = clerks.get('implementer')
  for (const [key, { organizationId }] of clerks) if (reviewer && key !== 'implementer') await setReviewScope(context, reviewer.organizationId, organizationId, true)
}

async function addRoster(context: ServiceContext, clerks: ReadonlyMap<DemoUnit['key'], Who>): Promise<void> {
  for (const { unit, values, review } of demoRoster()) {
    const who = clerks.get(unit)
    if (!who) continue
    const id = randomUUID()
    await writeOnce(context, who, { kind: 'create', opId: randomUUID(), registration: { id, personType: 'manager', values } })
    if (review !== 'pending') await reviewRegistration(context, id, review === 'approved' ? { approve: true } : { approve: false, comment: review.refused })
  }
}
