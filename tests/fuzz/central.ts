import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { createAccount, createOrganization } from '../../central/operator/operations.ts'
import { reviewRegistration } from '../../central/operator/review-operations.ts'
import { inTransaction } from '../../central/database/transaction.ts'
import { listOwnRegistrations, toRegistrationResource } from '../../central/modules/registrations/registration.repository.ts'
import { withdrawRegistration } from '../../central/modules/registrations/registrations.service.ts'
import type { Who } from '../../central/service-context.ts'
import { openStorage } from '../../central/storage.ts'
import type { RegistrationResource } from '../../shared/api/resources.ts'
import { nextCreditCode, password, recoveryPublicKey } from '../support/central-service.ts'
import { makeAuthority } from '../support/certificates.ts'
import { createNursery, type Child } from './children.ts'
import type { CrashPoint, FromCentral, ToCentral } from './messages.ts'
import type { Programs } from './programs.ts'

export interface FuzzAccount {
  readonly organizationId: string
  readonly accountId: string
  readonly username: string
}

export interface CentralProgram {
  /** Null while it is dead. */
  url(): string | null
  agent(): Agent
  start(): Promise<void>
  kill(): Promise<void>
  dieAt(point: CrashPoint): void
  readonly dead: () => boolean
  addUnit(accounts: number): Promise<FuzzAccount[]>
  /** Whoever decides elsewhere. */
  review(id: string, approve: boolean): Promise<void>
  withdraw(who: FuzzAccount, id: string, version: number): Promise<void>
  /** What its database holds of a unit, read without it. */
  rows(organizationId: string): Promise<RegistrationResource[]>
  /** ID numbers with more than one live registration. */
  doubled(): Promise<number>
  close(): Promise<void>
}

/** The central service as it runs, on SQLite, in a process that can be killed; its operator and its reader sit here. */
export async function startCentralProgram(folder: string, programs: Programs, fault: (message: string) => void): Promise<CentralProgram> {
  const cas = join(folder, 'cas.pem')
  writeFileSync(cas, (await makeAuthority({})).pem)
  const env = { CENTRAL_DATA: folder, CENTRAL_PORT: '0', CENTRAL_AUDIENCE: 'http://127.0.0.1:8080', CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_TRUSTED_CAS: cas, CENTRAL_APPROVES_AUTOMATICALLY: '0' }
  const { database, personal } = await openStorage({ location: { kind: 'sqlite', path: join(folder, 'central.db') }, keysFile: join(folder, 'personal-keys.json') })
  const clock = { now: () => new Date() }
  const context = { db: database.db, epoch: database.epoch, clock, personal }
  const nursery = createNursery<ToCentral, FromCentral>(programs.central, programs.compiled)
  let child: Child<ToCentral, FromCentral> | undefined
  let url: string | null = null
  let agent = new Agent({ keepAlive: true })
  const opened = new Map<string, { sealed: string; resource: RegistrationResource }>()

  return {
    url: () => url,
    agent: () => agent,
    dead: () => !child || child.ended(),
    start: async () => {
      const next = await nursery.take()
      next.onMessage((message) => message.kind === 'fault' && fault(`central: ${message.message}`))
      const answered = next.next('opened')
      next.send({ kind: 'open', env })
      url = (await answered).url
      child = next
      agent.destroy()
      agent = new Agent({ keepAlive: true })
    },
    kill: async () => {
      child?.kill()
      await child?.exited
    },
    dieAt: (point) => child?.send({ kind: 'die', point }),
    addUnit: async (accounts) => {
      const unit = { name: '甲修缮有限公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey } as const
      const organizationId = await createOrganization(context, unit)
      const made: FuzzAccount[] = []
      for (let index = 0; index < accounts; index++) {
        const username = `clerk-${randomUUID()}`
        made.push({ organizationId, username, accountId: await createAccount(context, { organizationId, username, displayName: username, role: 'clerk', password }) })
      }
      return made
    },
    review: (id, approve) => reviewRegistration(context, id, approve ? { approve } : { approve, comment: '请补充材料' }),
    withdraw: async ({ organizationId, accountId }, id, version) => {
      const who: Who = { organizationId, accountId, deviceId: 'another-program-0123456789' }
      await inTransaction(context.db, (trx) => withdrawRegistration(context, trx, who, { id, baseVersion: version }))
    },
    rows: async (organizationId) => {
      const rows = await listOwnRegistrations(context.db, organizationId, '', 10_000)
      return rows.map((row) => {
        const sealed = JSON.stringify(row)
        const known = opened.get(row.id)
        if (known?.sealed === sealed) return known.resource
        const resource = toRegistrationResource(row, personal)
        opened.set(row.id, { sealed, resource })
        return resource
      })
    },
    doubled: async () => {
      const live = context.db.selectFrom('registration').select('id_card_no_hash').where('status', 'in', ['pending', 'active'])
      return (await live.groupBy('id_card_no_hash').having((eb) => eb.fn.countAll(), '>', 1).execute()).length
    },
    close: async () => {
      await nursery.close()
      agent.destroy()
      await database.close()
    },
  }
}
