import { randomBytes } from 'node:crypto'
import type { PosterCodeResource, PosterCodesReply } from '../../../shared/api/poster-codes.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { makePosterCode, posterCodeLength, posterUrl, type PosterCodeEnd } from '../../../shared/domain/poster-code.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudits } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { findOrganization, nextSeq } from '../organization/organization.repository.ts'
import { endCodes, findCode, insertCodes, newestCodes, projectsInList, type PosterCodeRow } from './poster-code.repository.ts'

export interface PosterOptions {
  /** Origin under which phones reach the central service. */
  readonly publicUrl: string
  /** For how many days a code is good. */
  readonly days: number
}

export interface PosterContext extends ServiceContext {
  readonly posters: PosterOptions
}

/**
 * The live codes of the unit for these projects of its list, in their order. Where there is none, or the last one has expired, one is
 * issued; one that was stopped by hand gets a successor only where that is asked for.
 * @throws AppError poster-not-contractor
 */
export async function issuePosterCodes(context: PosterContext, trx: CentralDb, who: Who, { projectIds, evenStopped }: { projectIds: readonly string[]; evenStopped: boolean }): Promise<PosterCodesReply> {
  await holdContractor(trx, who)
  const now = context.clock.now()
  const inList = await projectsInList(trx, who.organizationId, projectIds)
  const newest = await newestCodes(trx, who.organizationId, projectIds)
  const refused: PosterCodesReply['refused'] = []
  const issued: PosterCodeRow[] = []
  const rows: PosterCodeRow[] = []
  for (const projectId of projectIds) {
    const last = newest.get(projectId)
    const project = inList.get(projectId)
    if (!project) refused.push({ projectId, code: 'not-found' })
    else if (!project.open) refused.push({ projectId, code: 'project-closed' })
    else if (last && isLive(last, now)) rows.push(last)
    else if (last?.stopped === 1 && !evenStopped) refused.push({ projectId, code: 'poster-code-stopped' })
    else {
      const row = newCode(context, who, projectId, now)
      issued.push(row)
      rows.push(row)
    }
  }
  const successors = new Set(issued.map(({ project_id }) => project_id))
  const expired = [...newest.values()].filter(({ project_id, revoked_at }) => revoked_at === null && successors.has(project_id))
  await endCodes(trx, expired.map(({ code }) => code), { at: now.toISOString(), accountId: who.accountId, stopped: false })
  await insertCodes(trx, issued)
  await audit(context, trx, who, issued.map(({ project_id: projectId }) => ({ kind: 'poster-code-issued', details: { projectId } })))
  return { items: rows.map((row) => toResource(context, row)), refused }
}

/** 换发二维码. @throws AppError poster-not-contractor, not-found, project-closed, poster-code-changed where another one is live by now */
export async function reissuePosterCode(context: PosterContext, trx: CentralDb, who: Who, seen: { projectId: string; code: string }): Promise<PosterCodeResource> {
  await holdContractor(trx, who)
  const now = context.clock.now()
  const project = await hasLive(trx, who, seen)
  if (!project.open) throw new AppError('project-closed')
  await endCodes(trx, [seen.code], { at: now.toISOString(), accountId: who.accountId, stopped: false })
  const row = newCode(context, who, seen.projectId, now)
  await insertCodes(trx, [row])
  const { projectId } = seen
  await audit(context, trx, who, [{ kind: 'poster-code-revoked', details: { projectId, why: 'reissued' } }, { kind: 'poster-code-issued', details: { projectId } }])
  return toResource(context, row)
}

/** 停用二维码, also on a project that has ended. @throws AppError poster-not-contractor, not-found, poster-code-changed */
export async function revokePosterCode(context: PosterContext, trx: CentralDb, who: Who, seen: { projectId: string; code: string }): Promise<{ projectId: string }> {
  await holdContractor(trx, who)
  await hasLive(trx, who, seen)
  await endCodes(trx, [seen.code], { at: context.clock.now().toISOString(), accountId: who.accountId, stopped: true })
  await audit(context, trx, who, [{ kind: 'poster-code-revoked', details: { projectId: seen.projectId, why: 'stopped' } }])
  return { projectId: seen.projectId }
}

export interface LiveCode {
  readonly code: string
  /** The unit whose poster it is: who registers by it is registered there. */
  readonly organizationId: string
  readonly organizationName: string
  readonly projectId: string
  /** 报建编号. */
  readonly projectNo: string
  readonly projectName: string
  readonly expiresAt: string
}

/**
 * What a code stands for now. For a stranger all reasons are to look alike; they are for the unit and for the log.
 * @param code in its one spelling (readPosterCode)
 */
export async function findLiveCode(db: CentralDb, code: string, now: Date): Promise<LiveCode | { reason: 'unknown' | PosterCodeEnd }> {
  const found = await findCode(db, code)
  if (!found) return { reason: 'unknown' }
  // One that had run out before it was replaced has expired, and nobody revoked it.
  if (found.revoked_at !== null && found.revoked_at < found.expires_at) return { reason: 'revoked' }
  if (found.expires_at <= now.toISOString()) return { reason: 'expired' }
  if (!found.open) return { reason: 'project-closed' }
  return {
    code: found.code, organizationId: found.organization_id, organizationName: found.organization_name, projectId: found.project_id, projectNo: found.project_no, projectName: found.project_name,
    expiresAt: found.expires_at,
  }
}

/** Manual 5.3 gives the codes to 施工单位: the workers are theirs. Holds the unit, so that of two requests at once one sees what the other issued. */
async function holdContractor(trx: CentralDb, { organizationId }: Who): Promise<void> {
  await nextSeq(trx, organizationId)
  const organization = await findOrganization(trx, organizationId)
  if (organization?.kind !== 'contractor') throw new AppError('poster-not-contractor')
}

async function hasLive(trx: CentralDb, { organizationId }: Who, { projectId, code }: { projectId: string; code: string }): Promise<{ open: boolean }> {
  const project = (await projectsInList(trx, organizationId, [projectId])).get(projectId)
  if (!project) throw new AppError('not-found')
  const newest = (await newestCodes(trx, organizationId, [projectId])).get(projectId)
  if (!newest) throw new AppError('not-found')
  if (newest.code !== code || newest.revoked_at !== null) throw new AppError('poster-code-changed')
  return project
}

const isLive = ({ revoked_at, expires_at }: PosterCodeRow, now: Date): boolean => revoked_at === null && expires_at > now.toISOString()

function newCode({ posters }: PosterContext, { organizationId, accountId }: Who, projectId: string, now: Date): PosterCodeRow {
  return {
    // Of a million codes the next one is among them once in a thousand million times; then the request fails and may be repeated.
    code: makePosterCode(randomBytes(posterCodeLength)), organization_id: organizationId, project_id: projectId, issued_at: now.toISOString(), issued_by: accountId, expires_at: endOfDay(now, posters.days), revoked_at: null, revoked_by: null, stopped: 0,
  }
}

/** A poster names the last day on which it is good: that day counts to its end, in Shanghai. */
function endOfDay(now: Date, days: number): string {
  const day = 86_400_000
  return new Date(Date.parse(`${shanghaiDate(new Date(now.getTime() + days * day))}T00:00:00.000+08:00`) + day).toISOString()
}

const toResource = ({ posters }: PosterContext, { project_id, code, issued_at, expires_at }: PosterCodeRow): PosterCodeResource => ({
  projectId: project_id, code, url: posterUrl(posters.publicUrl, code), issuedAt: issued_at, expiresAt: expires_at,
})

async function audit({ personal, clock }: ServiceContext, trx: CentralDb, { organizationId, accountId, deviceId }: Who, events: readonly { kind: string; details: Record<string, string> }[]): Promise<void> {
  if (events.length > 0) await appendAudits(personal, trx, events.map((event) => ({ ...event, organizationId, accountId, deviceId })), clock.now())
}
