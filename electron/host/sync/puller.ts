import { setImmediate as turn } from 'node:timers/promises'
import type { RegistrationResource } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ChangesPage } from '../central/central-port.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { deleteMeta, forgetRemovals, readMeta, rememberOrganization, writeMeta } from '../database/meta.repository.ts'
import { dropUntoldBindings, takeBinding, takeTeam } from '../database/binding.repository.ts'
import { meetForgottenFaces, takeFace } from '../database/face-check.repository.ts'
import { dropUntoldProjects, takeProject } from '../database/project.repository.ts'
import { noteRemoval, takeRemovals, reportForgotten } from './removals.ts'
import { beginNewLife, lifeOf } from './life.ts'
import { takeServerAttachments } from './server-attachments.ts'
import { takeServerCopies } from './server-copy.ts'
import type { Attempt } from './sync-context.ts'

type Item = ChangesPage['items'][number]

const pageSize = 500
/** As many as are applied in some 50 ms, which no click feels; with fewer the same pages of the indexes are written and sealed more often. */
const atOnce = 500

/**
 * Fetches what changed since the cursor, page by page; each piece of a page and its cursor are one transaction. Removals
 * are only noted until everything is told, so that their number is known before the first one happens.
 * @throws AppError central-wrong for another unit's data, sync-many-removals, and whatever the central service answers
 */
export async function pullChanges(attempt: Attempt): Promise<void> {
  const { db } = attempt.local
  let ahead: Promise<ChangesPage> | undefined
  for (;;) {
    const epoch = await readMeta(db, 'epoch')
    const after = Number((await readMeta(db, 'cursor')) ?? '0')
    const page = await (ahead ?? fetchPage(attempt, after, epoch)).catch(async (error: unknown) => {
      // From the very beginning no cursor can be too old: asking again would never end.
      if (!AppError.is(error, 'cursor-expired') || (after === 0 && epoch === null)) throw error
      await beginNewLife(attempt)
      return null
    })
    ahead = undefined
    if (!page) continue
    if (page.organizationId !== attempt.organizationId) throw new AppError('central-wrong')
    if (epoch !== null && page.epoch !== epoch) {
      await beginNewLife(attempt)
      continue
    }
    if (!isInOrder(page, after)) throw new AppError('central-reply-invalid')
    if (page.hasMore) ahead = fetchPage(attempt, page.next, page.epoch)
    await applyPage(attempt, page)
    if (page.hasMore) continue
    const life = await lifeOf(db, page.epoch)
    if (await dropUntoldProjects(db, life)) attempt.projectsChanged?.()
    if (await db.transaction().execute((trx) => dropUntoldBindings(trx, life))) attempt.bindingsChanged?.()
    const faces = await db.transaction().execute((trx) => meetForgottenFaces(trx, life, attempt.clock.now()))
    if (faces.length > 0) attempt.facesChanged?.(faces)
    await deleteMeta(db, ['rebuilt-untold'])
    await takeRemovals(attempt)
    return reportForgotten(attempt, life)
  }
}

/** The next page is on its way while one is applied. Where that fails nobody asks for it any more. */
function fetchPage({ central, signal }: Attempt, after: number, epoch: string | null): Promise<ChangesPage> {
  const page = central.pull({ after, epoch, limit: pageSize }, signal)
  page.catch(() => undefined)
  return page
}

function isInOrder({ items, next, hasMore }: ChangesPage, after: number): boolean {
  const ascending = items.every(({ seq }, index) => seq > after && seq >= (items[index - 1]?.seq ?? seq) && seq <= next)
  return ascending && (!hasMore || next > after)
}

async function applyPage(attempt: Attempt, page: ChangesPage): Promise<void> {
  const life = await lifeOf(attempt.local.db, page.epoch)
  const pieces = inPieces(page.items)
  for (const [index, piece] of pieces.entries()) {
    attempt.signal.throwIfAborted()
    const cursor = index === pieces.length - 1 ? page.next : (piece.at(-1)?.seq ?? page.next)
    await applyPiece(attempt, piece, { epoch: page.epoch, life, cursor })
    // A clerk's click comes in between.
    await turn()
  }
}

/** Never between two of one number: the cursor could not stand there. */
function inPieces(items: readonly Item[]): Item[][] {
  const pieces: Item[][] = [[]]
  for (const item of items) {
    const last = pieces.at(-1) ?? []
    if (last.length >= atOnce && last.at(-1)?.seq !== item.seq) pieces.push([item])
    else last.push(item)
  }
  return pieces
}

async function applyPiece(attempt: Attempt, piece: readonly Item[], { epoch, life, cursor }: { epoch: string; life: string; cursor: number }): Promise<void> {
  const at = attempt.clock.now()
  await attempt.local.db.transaction().execute(async (trx) => {
    for (const part of inParts(piece)) {
      const [item] = part
      if (item?.kind === 'registration') await takeRegistrations(trx, part.flatMap((each) => (each.kind === 'registration' ? [each.registration] : [])), life, at)
      else if (item?.kind === 'registration-removed') await noteRemoval(trx, item.id)
      else if (item?.kind === 'attachments') await takeServerAttachments(trx, item, life)
      else if (item?.kind === 'project') await takeProject(trx, item.project, life)
      else if (item?.kind === 'binding') await takeBinding(trx, item.binding, life)
      else if (item?.kind === 'team') await takeTeam(trx, item.team, life)
      else if (item?.kind === 'face') await takeFace(trx, item.face, life, at)
      else if (item?.kind === 'organization') await rememberOrganization(trx, JSON.stringify(item.organization), at.toISOString())
    }
    await writeMeta(trx, 'epoch', epoch)
    await writeMeta(trx, 'cursor', String(cursor))
  })
  const ids = piece.flatMap((item) => (item.kind === 'registration' ? [item.registration.id] : []))
  if (ids.length > 0) attempt.rowsChanged(ids)
  if (piece.some(({ kind }) => kind === 'organization')) attempt.organizationChanged?.()
  if (piece.some(({ kind }) => kind === 'project')) attempt.projectsChanged?.()
  if (piece.some(({ kind }) => kind === 'binding' || kind === 'team')) attempt.bindingsChanged?.()
  const faces = piece.flatMap((item) => (item.kind === 'face' ? [item.face.registrationId] : []))
  if (faces.length > 0) attempt.facesChanged?.(faces)
  for (const item of piece) if (item.kind === 'attachments') attempt.attachmentsChanged?.(item.registrationId)
}

/** Registrations that follow one another are taken together, everything else by itself. */
function inParts(items: readonly Item[]): Item[][] {
  const parts: Item[][] = []
  for (const item of items) {
    const last = parts.at(-1)
    if (last && item.kind === 'registration' && last[0]?.kind === 'registration') last.push(item)
    else parts.push([item])
  }
  return parts
}

async function takeRegistrations(trx: LocalDb, registrations: readonly RegistrationResource[], life: string, at: Date): Promise<void> {
  await forgetRemovals(trx, registrations.map(({ id }) => id))
  await takeServerCopies(trx, registrations, life, at)
}
