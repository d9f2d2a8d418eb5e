import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { insertSession } from '../../../central/auth/sessions.repository.ts'
import type { DatabaseLocation } from '../../../central/database/open.ts'
import { createAccount, createOrganization } from '../../../central/operator/operations.ts'
import type { ServiceContext } from '../../../central/service-context.ts'
import type { PersonalData } from '../../../central/personal-data/personal-data.ts'
import { openStorage } from '../../../central/storage.ts'
import { install } from '../../support/central-program.ts'
import { newDeviceId, nextCreditCode, recoveryPublicKey } from '../../support/central-service.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'
import { wireBytes } from './http-load.ts'

/** A clerk of a unit of his own, signed in. */
export interface BenchClerk {
  readonly organizationId: string
  readonly accountId: string
  readonly deviceId: string
  readonly headers: Readonly<Record<string, string>>
}

export type Stage = Awaited<ReturnType<typeof setStage>>

export interface StageOptions {
  /** A clerk of each. */
  readonly units: number
  readonly processes?: number
  /** Of the embedded file: what is in it before the service runs. */
  readonly beforeStart?: (file: { path: string; personal: PersonalData; clerks: readonly BenchClerk[] }) => void
}

/** The central service as its own program over plain http, `processes` of them on one database. @param location null: an embedded file of its own */
export async function setStage(location: DatabaseLocation | null, { units, processes = 1, beforeStart }: StageOptions) {
  const installation = await install(location ?? { kind: 'sqlite', path: '' })
  const data = join(installation.folder, 'data')
  const path = join(data, 'central.db')
  const storage = await openStorage({ location: location ?? { kind: 'sqlite', path }, keysFile: join(data, 'personal-keys.json') })
  const context: ServiceContext = { db: storage.database.db, epoch: storage.database.epoch, clock: { now: () => new Date() }, personal: storage.personal }
  const clerks: BenchClerk[] = []
  for (let unit = 0; unit < units; unit++) clerks.push(await addClerk(context))
  beforeStart?.({ path, personal: storage.personal, clerks })
  const plain = { CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_TLS_CERT: '', CENTRAL_TLS_KEY: '', CENTRAL_AUDIENCE: 'http://127.0.0.1:8080' }
  const programs = await Promise.all(Array.from({ length: processes }, () => installation.start(plain)))
  return {
    ...storage, context, clerks, folder: data, urls: programs.map(({ url }) => url),
    stop: async () => {
      await Promise.all(programs.map((program) => program.stop()))
      await storage.database.close()
      installation.remove()
    },
  }
}

async function addClerk(context: ServiceContext): Promise<BenchClerk> {
  const organizationId = await createOrganization(context, {
    name: '甲修缮有限公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey,
  })
  const username = `clerk-${randomUUID()}`
  const accountId = await createAccount(context, { organizationId, username, displayName: username, role: 'clerk', password: randomUUID() })
  const account = await context.db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow()
  const deviceId = newDeviceId()
  const now = context.clock.now()
  const { token } = await insertSession(context.db, { account, deviceId, way: 'password', certificate: null, expiresAt: new Date(now.getTime() + 12 * 3_600_000) }, now)
  return { organizationId, accountId, deviceId, headers: { 'authorization': `Bearer ${token}`, 'device-id': deviceId, 'organization-id': organizationId } }
}

/** A form for the person of this number, under a new key. */
export function creating(clerk: BenchClerk, person: number): Buffer {
  const body = JSON.stringify({ id: randomUUID(), personType: 'manager', values: personValues(person) })
  return wireBytes({ method: 'POST', path: '/v1/registrations', headers: { ...clerk.headers, 'idempotency-key': randomUUID() }, body })
}

/** Whether the person of this number may be registered. */
export function checking(clerk: BenchClerk, person: number): Buffer {
  return wireBytes({ method: 'POST', path: '/v1/id-card-no-checks', headers: clerk.headers, body: JSON.stringify({ idCardNo: idCardNoOf(person) }) })
}

export const reading = (clerk: BenchClerk, path: string): Buffer => wireBytes({ method: 'GET', path, headers: clerk.headers })
