import { randomUUID } from 'node:crypto'
import { applyDelivery } from '../../central/modules/approval-feed/apply-record.ts'
import type { FeedOutcome } from '../../central/modules/approval-feed/feed-record.ts'
import type { ServiceContext } from '../../central/service-context.ts'
import { nextCreditCode, type Central, type Unit } from './central-service.ts'
import { idCardNoOf, personName } from './people.ts'

interface FedCentral {
  readonly context: ServiceContext
  readonly clock: { pass(seconds: number): void }
}

let numbers = 0
/** A 报建编号 that no other test has. */
export const newProjectNo = () => `2103HK${String(++numbers).padStart(4, '0')}`

type Record = { sourceId: string; kind: string; version: number; withdrawn?: boolean; body?: unknown }

/** Records as the approval system writes them; each call another source id unless one is given. */
export const feedRecords = {
  project: (projectNo: string, implementer: Pick<Unit, 'creditCode'>, more: Readonly<{ name?: string; status?: string; sourceId?: string; version?: number }> = {}): Record => ({
    sourceId: more.sourceId ?? randomUUID(), kind: 'project', version: more.version ?? 1,
    body: { projectNo, name: more.name ?? '某小区屋面及相关设施改造工程', status: more.status ?? 'active', implementerCreditCode: implementer.creditCode },
  }),
  party: (projectNo: string, { creditCode }: Pick<Unit, 'creditCode'>, more: Readonly<{ sourceId?: string; version?: number }> = {}): Record => ({
    sourceId: more.sourceId ?? randomUUID(), kind: 'party', version: more.version ?? 1, body: { projectNo, creditCode, name: '甲修缮有限公司', kind: 'contractor' },
  }),
  manager: (projectNo: string, { creditCode }: Pick<Unit, 'creditCode'>, person: number, more: Readonly<{ sourceId?: string; version?: number; post?: string }> = {}): Record => ({
    sourceId: more.sourceId ?? randomUUID(), kind: 'manager', version: more.version ?? 1,
    body: { projectNo, creditCode, name: personName(person), idCardNo: idCardNoOf(person), post: more.post ?? '项目经理' },
  }),
  withdrawal: ({ sourceId, kind }: Pick<Record, 'sourceId' | 'kind'>, version: number): Record => ({ sourceId, kind, version, withdrawn: true }),
}

/** The clock goes on, so that the lines of the log have an order. */
export function deliver(central: FedCentral, record: unknown): Promise<FeedOutcome> {
  central.clock.pass(1)
  return applyDelivery(central.context, 'file', record)
}

/** A project in which this unit takes part, and its id. */
export async function fileProject(central: FedCentral & Pick<Central, 'db'>, unit: Pick<Unit, 'creditCode'>, projectNo = newProjectNo(), name?: string): Promise<{ id: string; projectNo: string }> {
  await deliver(central, feedRecords.party(projectNo, unit))
  await deliver(central, feedRecords.project(projectNo, { creditCode: nextCreditCode() }, name === undefined ? {} : { name }))
  const { id } = await central.db.selectFrom('project').select('id').where('project_no', '=', projectNo).executeTakeFirstOrThrow()
  return { id, projectNo }
}
