import type { Transaction } from 'kysely'
import type { BindingDecision, BindingDecisionResult } from '../../../shared/api/binding-reviews.ts'
import { bindingReceipt, type BindingReceipt } from '../../../shared/api/bindings.ts'
import { reasonProblem } from '../../../shared/domain/reasons.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { Database } from '../../database/database.ts'
import { inSavepoint } from '../../database/savepoint.ts'
import { inTransaction } from '../../database/transaction.ts'
import { statusOf } from '../../http/problem-status.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { keepReceiptsOf, usedKeys, writeOnceOfWithin } from '../../write-once.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { decideOne, problemOf } from './decide-one.ts'
import { writeDecisions, type Taken } from './write-decisions.ts'

/**
 * Decides on many people at once, in one transaction: the disk is waited for once. Each decision is whole or refused by itself and under a key of its
 * own. Whatever nothing stands against is written together; what is left is looked at one by one, and that says why it is refused.
 */
export function decideAll(context: ServiceContext, who: Who, decisions: readonly BindingDecision[]): Promise<BindingDecisionResult[]> {
  return inTransaction(context.db, async (trx) => {
    const plain = await decidePlain(context, trx, who, decisions)
    const results: BindingDecisionResult[] = []
    for (const decision of decisions) {
      const receipt = plain.get(decision)
      results.push(receipt ? { opId: decision.opId, outcome: 'applied', receipt } : await decideByItself(context, trx, who, decision))
    }
    return results
  })
}

async function decideByItself(context: ServiceContext, trx: Transaction<Database>, who: Who, decision: BindingDecision): Promise<BindingDecisionResult> {
  try {
    const receipt = await writeOnceOfWithin(context, trx, who, { ...keyed(decision), receipt: bindingReceipt, apply: () => decideOne(context, trx, who, decision) })
    return { opId: decision.opId, outcome: 'applied', receipt }
  } catch (error) {
    if (!(error instanceof AppError) || statusOf(error.code) === 500) throw error
    return { opId: decision.opId, outcome: 'refused', problem: { code: error.code, retriable: error.retriable, details: { ...error.details } } }
  }
}

const keyed = ({ opId, ...content }: BindingDecision) => ({ key: opId, content: { kind: 'decide-binding', ...content } })

async function decidePlain(context: ServiceContext, trx: Transaction<Database>, who: Who, decisions: readonly BindingDecision[]): Promise<ReadonlyMap<BindingDecision, BindingReceipt>> {
  const candidates = candidatesOf(decisions)
  const units = await unitsOf(trx, who, candidates.map(({ id }) => id))
  const ofUnits = Map.groupBy(candidates, ({ id }) => units.get(id) ?? null)
  ofUnits.delete(null)
  const numbers = new Map<BindingDecision, number>()
  // In one order for all who hold several units, before anything is looked at.
  for (const organizationId of [...ofUnits.keys()].filter((id) => id !== null).sort()) {
    const ofUnit = ofUnits.get(organizationId) ?? []
    const last = await nextSeq(trx, organizationId, ofUnit.length)
    ofUnit.forEach((decision, index) => numbers.set(decision, last - ofUnit.length + 1 + index))
  }
  if (numbers.size === 0) return new Map()
  const used = await usedKeys(trx, who, candidates.map(({ opId }) => opId))
  const standing = await standingsOf(trx, [...numbers.keys()].map(({ id }) => id))
  const taken = [...numbers].flatMap(([decision, seq]): Taken[] => {
    const found = standing.get(decision.id)
    if (!found || used.has(decision.opId) || problemOf(decision, found) || (decision.decision === 'approved' && found.registrationStatus === 'pending')) return []
    return [{ decision, comment: decision.decision === 'refused' ? decision.reason.trim() : '', organizationId: units.get(decision.id) ?? '', seq }]
  })
  if (taken.length === 0) return new Map()
  return inSavepoint(trx, () => write(context, trx, who, taken)).catch((error: unknown) => {
    // Somebody else has claimed one of the keys meanwhile.
    if (!isUniqueViolation(error)) throw error
    return new Map<BindingDecision, BindingReceipt>()
  })
}

/** Those that share neither key nor person with one before them: the others wait for their turn. */
function candidatesOf(decisions: readonly BindingDecision[]): BindingDecision[] {
  const seen = new Set<string>()
  return decisions.filter((decision) => {
    const marks = [`key ${decision.opId}`, `id ${decision.id}`]
    const isFirst = !marks.some((mark) => seen.has(mark))
    for (const mark of marks) seen.add(mark)
    return isFirst && (decision.decision === 'approved' || reasonProblem(decision.reason) === null)
  })
}

async function write(context: ServiceContext, trx: Transaction<Database>, who: Who, taken: readonly Taken[]): Promise<ReadonlyMap<BindingDecision, BindingReceipt>> {
  const receipts = await writeDecisions(context, trx, who, taken)
  const written = taken.flatMap(({ decision }, index) => {
    const receipt = receipts[index]
    return receipt ? [{ decision, receipt }] : []
  })
  if (written.length > 0) await keepReceiptsOf(context, trx, who, written.map(({ decision, receipt }) => ({ write: keyed(decision), receipt })))
  return new Map(written.map(({ decision, receipt }) => [decision, receipt]))
}

/** Whose people these are, of those on projects of which the caller's unit is the 实施单位. */
async function unitsOf(trx: Transaction<Database>, who: Who, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('binding as b')
    .innerJoin('project as p', 'p.id', 'b.project_id')
    .innerJoin('organization as i', 'i.credit_code', 'p.implementer_credit_code')
    .select(['b.id', 'b.organization_id'])
    .where('b.id', 'in', ids)
    .where('i.id', '=', who.organizationId)
    .where('p.withdrawn_at', 'is', null)
    .execute()
  return new Map(rows.map(({ id, organization_id }) => [id, organization_id]))
}

async function standingsOf(trx: Transaction<Database>, ids: readonly string[]) {
  const rows = await trx
    .selectFrom('binding as b')
    .leftJoin('registration as r', 'r.id', 'b.registration_id')
    .leftJoin('attachment_change as c', (join) => join.onRef('c.organization_id', '=', 'b.organization_id').onRef('c.owner_id', '=', 'b.registration_id'))
    .select(['b.id', 'b.status', 'b.version', 'r.version as registrationVersion', 'r.status as registrationStatus', 'c.seq as attachmentsSeq'])
    .where('b.id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, ...row }) => [id, { ...row, attachmentsSeq: Number(row.attachmentsSeq ?? 0) }]))
}
