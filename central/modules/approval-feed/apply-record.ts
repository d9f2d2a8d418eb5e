import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext } from '../../service-context.ts'
import { readRecord, type FeedOutcome, type FeedRecord, type StandingRecord } from './feed-record.ts'
import { endClosed } from '../bindings/end-bindings.ts'
import { bindManagers, placeOf, tellOfFiling, type Place } from '../bindings/filed-managers.ts'
import { concernedLinks, filedPersonId, formerPlace, heardOf, holdProjectsOf, keepHeard, noteOutcome, putFiledPerson, putFiling, putParty, putProject, tellLink, withdraw, type ConcernedLink } from './feed.repository.ts'

interface Outcome {
  readonly outcome: FeedOutcome
  readonly reason: string | null
}

/**
 * Applies one delivery once, however often and in whatever order its versions come, and writes a line that says what became of it; both are one
 * transaction. A record that is wrong in itself is refused and stands in nobody's way.
 * @param source which adapter brought it
 * @throws whatever the database fails with: the delivery is to come again
 */
export async function applyDelivery(context: ServiceContext, source: string, delivered: unknown): Promise<FeedOutcome> {
  const read = readRecord(delivered)
  const { record } = read
  if (!record) {
    const { head, fields } = read
    await note(context, context.db, source, head, { outcome: 'refused', reason: fields })
    return 'refused'
  }
  const attempt = () =>
    inTransaction(context.db, async (trx) => {
      const outcome = await apply(context, trx, record)
      await note(context, trx, source, record, outcome)
      return outcome.outcome
    })
  try {
    return await attempt()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // Another process heard of it at the same moment, or another project has the number: the second look tells which.
    return attempt().catch(async (again: unknown): Promise<FeedOutcome> => {
      if (!isUniqueViolation(again)) throw again
      await note(context, context.db, source, record, { outcome: 'refused', reason: 'project-no-taken' })
      return 'refused'
    })
  }
}

async function apply(context: ServiceContext, trx: CentralDb, record: FeedRecord): Promise<Outcome> {
  const { sourceId, kind, version } = record
  const hash = context.personal.hashPayload(canonicalJson(record.withdrawn ? { kind, withdrawn: true } : { kind, body: record.body }))
  const heard = await heardOf(trx, sourceId)
  if (heard && heard.kind !== kind) return { outcome: 'refused', reason: 'kind' }
  if (heard && version < heard.version) return { outcome: 'outdated', reason: `${heard.version}` }
  if (heard && version === heard.version) return heard.content_hash === hash ? { outcome: 'repeated', reason: null } : { outcome: 'contradicting', reason: null }
  const at = context.clock.now().toISOString()
  await keepHeard(trx, { source_id: sourceId, kind, version, content_hash: hash, applied_at: at }, heard === undefined)
  const before = await formerPlace(trx, kind, sourceId)
  const projectNos = [...(before ? [before.project_no] : []), ...(record.withdrawn ? [] : [record.body.projectNo])]
  const held = await holdProjectsOf(trx, projectNos)
  if (record.withdrawn) await withdraw(trx, kind, sourceId, at)
  else await put(context, trx, record, at)
  const codes = new Set([...(before?.credit_code ? [before.credit_code] : []), ...(!record.withdrawn && 'creditCode' in record.body ? [record.body.creditCode] : [])])
  await tellUnits(context, trx, record, await concernedLinks(trx, held.map(({ id }) => id), kind === 'project' ? null : [...codes]))
  return { outcome: record.withdrawn ? 'withdrawn' : heard ? 'corrected' : 'applied', reason: null }
}

/** Every unit's row is held before anybody is bound: who leaves one unit's filing may stand in another's. */
async function tellUnits(context: ServiceContext, trx: CentralDb, { kind, sourceId }: FeedRecord, links: readonly ConcernedLink[]): Promise<void> {
  for (const link of links) await tellLink(trx, link)
  if (kind === 'contract-filing' || kind === 'team-member') return
  const places: Place[] = []
  for (const { project_id, organization_id } of links) {
    const place = await placeOf(trx, project_id, organization_id)
    if (place) places.push(place)
  }
  for (const place of places) await endClosed(context, trx, place, kind === 'party')
  for (const place of places) await bindManagers(context, trx, place)
  const filing = kind === 'manager' ? await filedPersonId(trx, sourceId) : undefined
  if (filing !== undefined) await tellOfFiling(trx, filing)
}

async function put(context: ServiceContext, trx: CentralDb, record: StandingRecord, at: string): Promise<void> {
  switch (record.kind) {
    case 'project':
      return putProject(trx, newId(context.clock.now()), record, at)
    case 'party':
      return putParty(trx, record)
    case 'contract-filing':
      return putFiling(trx, record)
    case 'manager':
    case 'team-member':
      return putPerson(context, trx, record)
  }
}

async function putPerson({ personal, clock }: ServiceContext, trx: CentralDb, record: Extract<StandingRecord, { kind: 'manager' | 'team-member' }>): Promise<void> {
  const id = (await filedPersonId(trx, record.sourceId)) ?? newId(clock.now())
  await putFiledPerson(trx, record, {
    id,
    id_card_no_hash: personal.hashIdCardNo(record.body.idCardNo),
    id_card_no_sealed: personal.seal(record.body.idCardNo, { column: 'filed_person.id_card_no', rowId: id }),
    name_sealed: personal.seal(record.body.name, { column: 'filed_person.name', rowId: id }),
  })
}

type Head = Pick<FeedRecord, 'sourceId' | 'kind' | 'version'> | { sourceId: string | null; kind: string | null; version: number | null }

async function note({ clock }: ServiceContext, db: CentralDb, source: string, { sourceId, kind, version }: Head, { outcome, reason }: Outcome): Promise<void> {
  const now = clock.now()
  await noteOutcome(db, { id: newId(now), at: now.toISOString(), source, source_id: sourceId, kind, version, outcome, reason })
}

/** Of a file or an answer of which nothing could be read. */
export async function noteUnreadable(context: ServiceContext, source: string, reason: string): Promise<void> {
  await note(context, context.db, source, { sourceId: null, kind: null, version: null }, { outcome: 'unreadable', reason })
}
