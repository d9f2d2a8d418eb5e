import type { BindingDecision } from '../../../shared/api/binding-reviews.ts'
import type { BindingReceipt } from '../../../shared/api/bindings.ts'
import { appendAudits } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { keptQuery } from '../../database/kept-query.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { forgetPictureOf } from '../faces/face-data.repository.ts'
import { actionOf } from './decide-one.ts'

/** A decision that nothing stands against, of a unit whose row is held. */
export interface Taken {
  readonly decision: BindingDecision
  /** 审核意见; '' where approved. */
  readonly comment: string
  /** Whose person it is. */
  readonly organizationId: string
  /** In that unit's feed. */
  readonly seq: number
}

const moving = keptQuery<{ id: string; before: number; version: number; status: 'approved' | 'refused'; comment: string | null; seq: number; at: string }, { id: string }>((db, value) =>
  db
    .updateTable('binding')
    .set({ status: value('status'), review_comment: value('comment'), version: value('version'), seq: value('seq'), updated_at: value('at'), decided_at: value('at') })
    .where('id', '=', value('id'))
    .where('version', '=', value('before'))
    .returning('id'),
)

/**
 * What `moveOne` does to one binding, for decisions of one reviewer on many: with what they leave in each binding's history and in the audit of each unit: rows of one table in one statement.
 * @returns receipts in the same order; undefined where the binding was at another version
 */
export async function writeDecisions(context: ServiceContext, trx: CentralDb, who: Who, taken: readonly Taken[]): Promise<(BindingReceipt | undefined)[]> {
  const now = context.clock.now()
  const at = now.toISOString()
  const receipts: (BindingReceipt | undefined)[] = []
  for (const { decision: { id, baseVersion, decision }, comment, seq } of taken) {
    const receipt = { id, version: baseVersion + 1, bindingStatus: decision }
    const moved = await moving(trx, { id, before: baseVersion, version: receipt.version, status: decision, comment: decision === 'refused' ? comment : null, seq, at })
    receipts.push(moved.length > 0 ? receipt : undefined)
  }
  const written = taken.filter((_, index) => receipts[index])
  if (written.length === 0) return receipts
  for (const { decision: { id }, organizationId } of await withPicture(trx, written)) await forgetPictureOf(trx, organizationId, id)
  await trx
    .insertInto('binding_event')
    .values(
      written.map(({ decision: { id, decision }, comment }) => ({
        id: newId(now), binding_id: id, at, action: actionOf({ decision }), status: decision, comment,
        organization_id: who.organizationId, account_id: who.accountId,
      })),
    )
    .execute()
  for (const [organizationId, ofUnit] of Map.groupBy(written, (each) => each.organizationId)) {
    const { accountId, deviceId } = who
    const events = ofUnit.map(({ decision: { id, decision } }) => ({ kind: `binding-${actionOf({ decision })}`, organizationId, accountId, deviceId, details: { bindingId: id } }))
    await appendAudits(context.personal, trx, events, now)
  }
  return receipts
}

/** Those approved of whose face a picture is there: few, or none. */
async function withPicture(trx: CentralDb, written: readonly Taken[]): Promise<readonly Taken[]> {
  const approved = written.filter(({ decision }) => decision.decision === 'approved').map(({ decision }) => decision.id)
  if (approved.length === 0) return []
  const rows = await trx.selectFrom('face_data').select('binding_id').where('binding_id', 'in', approved).where('picture_sealed', 'is not', null).execute()
  const ids = new Set(rows.map(({ binding_id }) => binding_id))
  return written.filter(({ decision }) => ids.has(decision.id))
}
