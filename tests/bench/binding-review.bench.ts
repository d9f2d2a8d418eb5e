import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { decideAll } from '../../central/modules/binding-reviews/decide-bindings.ts'
import { backends, startBackend } from '../support/central-backends.ts'
import { startCentral, type Central } from '../support/central-service.ts'
import { fillBindings, type FilledBindings } from './central/fill-bindings.ts'
import { against, alternate, atMost, isWanted, report, type Figure } from './measure.ts'

// 项目人员登记绑定审核 at the central service, in this process, on both databases: a batch of 500 against one transaction with the
// same rows, a prepared statement a row; and 1,000 projects with 200,000 people against 10 projects with 2,000.
const figures: Figure[] = []

async function stageOf(location: Parameters<typeof startCentral>[0], projects: number, each: number, waiting: number) {
  const central = await startCentral(location)
  const reviewer = await central.newReviewer()
  const unit = await central.addUnit()
  const filled = await fillBindings(central, { implementerCode: reviewer.unit.creditCode, unitId: unit.id, projects, each, waiting })
  const call = (name: Parameters<typeof reviewer.call>[0], body: object) => reviewer.call(name, { body })
  return { central, reviewer, unit, filled, call, clerk: await central.signIn(unit.username) }
}
type Stage = Awaited<ReturnType<typeof stageOf>>

const peopleOf = ({ filled }: Stage, query = '') => ({ projectId: filled.projectIds[0], status: 'pending', query, personType: null, cursor: null, limit: 20 })

/** The same rows as a batch leaves, in one transaction. */
async function bareDecisions(central: Central, { unit, reviewer }: Stage, ids: readonly string[]): Promise<void> {
  const at = new Date().toISOString()
  await central.db.transaction().execute(async (trx) => {
    for (const id of ids) {
      await sql`update organization set seq = seq + 1 where id = ${unit.id}`.execute(trx)
      await sql`update binding set status = 'approved', version = version + 1, updated_at = ${at}, decided_at = ${at} where id = ${id} and version = 1`.execute(trx)
      await sql`insert into binding_event (id, binding_id, at, action, status, comment, organization_id, account_id) values (${randomUUID()}, ${id}, ${at}, 'approve', 'approved', '', ${reviewer.unit.id}, ${reviewer.unit.accountId})`.execute(trx)
      await sql`insert into audit_event (id, at, kind, organization_id, account_id, device_id, details_json) values (${randomUUID()}, ${at}, 'bench', ${unit.id}, ${reviewer.unit.accountId}, 'bench', ${JSON.stringify({ bindingId: id })})`.execute(trx)
      await sql`insert into applied_write (organization_id, idempotency_key, account_id, payload_hash, outcome_json, applied_at) values (${reviewer.unit.id}, ${randomUUID()}, ${reviewer.unit.accountId}, 'x', ${JSON.stringify({ kind: 'applied', receipt: { id, version: 2, bindingStatus: 'approved' } })}, ${at})`.execute(trx)
    }
  })
}

async function decideMany({ central, reviewer }: Stage, ids: readonly string[]): Promise<void> {
  const who = { accountId: reviewer.unit.accountId, organizationId: reviewer.unit.id, deviceId: reviewer.deviceId }
  const results = await decideAll(central.context, who, ids.map((id) => ({ decision: 'approved' as const, opId: randomUUID(), id, baseVersion: 1, registrationVersion: 1, attachmentsSeq: null })))
  if (results.some(({ outcome }) => outcome !== 'applied')) throw new Error('not every decision was taken')
}

/** Five hundred who wait, others each time. */
const nextBatch = (filled: FilledBindings) => filled.waiting.splice(0, 500)

for (const name of backends) {
  const on = name === 'SQLite' ? 'sqlite' : 'postgresql'
  const backend = await startBackend(name)
  if (isWanted(`batch-${on}`)) {
    const stage = await stageOf(await backend.newLocation(), 1, 10_000, 10_000)
    const batches = await alternate({ ours: () => decideMany(stage, nextBatch(stage.filled)), bare: () => bareDecisions(stage.central, stage, nextBatch(stage.filled)) }, 8)
    figures.push(against(`batch-${on}`, batches.ours, 'one transaction', batches.bare, { bound: atMost(2) }))
    await stage.central.close()
  }
  if (!['counts', 'list', 'search', 'changes'].some((what) => isWanted(`${what}-${on}`))) {
    await backend.stop()
    continue
  }
  const [many, few] = [await stageOf(await backend.newLocation(), 1_000, 200, 40), await stageOf(await backend.newLocation(), 10, 200, 40)]
  const asked: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
    counts: (stage) => stage.call('searchReviewedProjects', { projectNo: '', name: '', status: null, page: 1, pageSize: 10 }),
    list: (stage) => stage.call('searchReviewedPeople', peopleOf(stage)),
    search: (stage) => stage.call('searchReviewedPeople', peopleOf(stage, 'ouyang')),
    changes: (stage) => stage.clerk.changes(stage.filled.lastSeq - 100, { limit: '100' }),
  }
  for (const [what, ask] of Object.entries(asked)) {
    if (!isWanted(`${what}-${on}`)) continue
    const times = await alternate({ many: () => ask(many), few: () => ask(few) }, 50)
    figures.push(against(`${what}-${on}`, times.many, 'with 2,000 people', times.few, { bound: atMost(1.5) }))
  }
  await many.central.close()
  await few.central.close()
  await backend.stop()
}
report(figures)
