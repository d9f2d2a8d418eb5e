import { createHash, type Hash } from 'node:crypto'
import {
  attachmentKindTable, attachmentKinds, attachmentProblem, attachmentTypesOf, contentHeadBytes, fileNameFor, kindOfContent, mostAttachments, nameFitsKind, photoTypes,
  type AttachmentKind,
} from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { attachmentsOf, findSameContent, insertAttachment, updateAttachment } from '../database/attachment.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import { newId } from '../database/new-id.ts'
import { findRecord } from '../database/record.repository.ts'
import type { Clock } from '../ports.ts'
import type { AttachmentFiles, NewFile } from './attachment-files.ts'
import { writeDescription } from './description.ts'

/** What the clerk chose, as the page tells it before its content. */
export interface Chosen {
  /** null: the unit itself. */
  readonly recordId: string | null
  readonly type: string
  readonly name: string
  readonly size: number
  readonly proofDate: string | null
}

interface Coming extends Chosen {
  readonly id: string
  readonly file: NewFile
  readonly hash: Hash
  head: Buffer
  received: number
  touchedAt: number
  /** Pieces are taken one after another, in the order they came. */
  turn: Promise<unknown>
}

/** Files that are on their way from the page to the disk. */
export interface Adding {
  /** @throws AppError what the rules say of its type, size and date; not-found, registration-left, forbidden, local-busy */
  begin(chosen: Chosen): Promise<string>
  /** @param offset must be as many bytes as were received. @throws AppError attachment-add-broken, attachment-kind-refused and others: what came is dropped; not-found where it was */
  append(id: string, offset: number, piece: Uint8Array): Promise<number>
  /** @returns the id. Durable. @throws AppError attachment-here, and as begin */
  finish(id: string): Promise<string>
  cancel(id: string): Promise<void>
  close(): Promise<void>
}

/** A page that went away never finishes what it began. */
const forgottenAfter = 600_000
const mostAtOnce = 20

/** @param ofUnit whether what is the unit's own may be added */
export function createAdding(local: LocalDatabase, files: AttachmentFiles, clock: Clock, ofUnit: boolean): Adding {
  const coming = new Map<string, Coming>()

  async function dropForgotten(): Promise<void> {
    const now = clock.now().getTime()
    for (const each of coming.values()) if (now - each.touchedAt > forgottenAfter) await drop(each)
    if (coming.size >= mostAtOnce) throw new AppError('local-busy')
  }

  async function drop(each: Coming): Promise<void> {
    coming.delete(each.id)
    await each.file.drop()
  }

  function requireComing(id: string): Coming {
    const each = coming.get(id)
    if (!each) throw new AppError('not-found')
    each.touchedAt = clock.now().getTime()
    return each
  }

  /** What fails is dropped whole: the clerk adds it again. */
  function inTurn<T>(each: Coming, work: () => Promise<T>): Promise<T> {
    const run = each.turn.then(async () => {
      try {
        return await work()
      } catch (error) {
        await drop(each)
        throw error
      }
    })
    each.turn = run.catch(() => undefined)
    return run
  }

  async function finish(each: Coming): Promise<string> {
    const { id, recordId, type, size, proofDate } = each
    const kind = kindOfContent(each.head)
    if (each.received !== size || kind === null) throw new AppError(each.received === size ? 'attachment-kind-refused' : 'attachment-add-broken')
    const name = fileNameFor(each.name, kind)
    checkRules({ ...each, name }, kind, clock.now())
    const sha256 = each.hash.digest('hex')
    await refuseSame(local.db, { recordId, type, sha256 })
    const addedAt = clock.now().toISOString()
    const { mediaType } = attachmentKindTable[kind]
    await each.file.finish(writeDescription({ recordId, type, name, mediaType, size, sha256, proofDate, addedAt }))
    coming.delete(id)
    try {
      await local.db.transaction().execute(async (trx) => {
        await checkOwner(trx, each, ofUnit)
        await refuseSame(trx, { recordId, type, sha256 })
        if (photoTypes.includes(type)) await replacePhoto(trx, recordId, type, addedAt)
        await insertAttachment(trx, { id, record_id: recordId, type, name, media_type: mediaType, size, sha256, proof_date: proofDate, state: 'waiting', kept: 1, added_at: addedAt, })
      })
    } catch (error) {
      files.remove(id)
      throw error
    }
    return id
  }

  return {
    begin: async (chosen) => {
      await checkOwner(local.db, chosen, ofUnit)
      checkRules(chosen, kindOfName(chosen.name), clock.now())
      await dropForgotten()
      const id = newId(clock.now())
      const file = await files.begin(id)
      coming.set(id, { ...chosen, id, file, hash: createHash('sha256'), head: Buffer.alloc(0), received: 0, touchedAt: clock.now().getTime(), turn: Promise.resolve() })
      return id
    },
    append: async (id, offset, piece) => {
      const each = requireComing(id)
      return inTurn(each, async () => {
        if (offset !== each.received || offset + piece.length > each.size) throw new AppError('attachment-add-broken')
        if (each.head.length < contentHeadBytes) {
          each.head = Buffer.concat([each.head, piece.subarray(0, contentHeadBytes - each.head.length)])
          if (each.head.length === contentHeadBytes) checkRules(each, kindOfContent(each.head), clock.now())
        }
        each.hash.update(piece)
        await each.file.append(piece)
        each.received += piece.length
        return each.received
      })
    },
    finish: async (id) => {
      const each = requireComing(id)
      return inTurn(each, () => finish(each))
    },
    cancel: async (id) => {
      const each = requireComing(id)
      await each.turn.then(() => drop(each))
    },
    close: async () => {
      for (const each of [...coming.values()]) await each.turn.then(() => drop(each))
    },
  }
}

/** So that a file that is too large for its kind is refused before it is read. Of what the name does not tell the largest is allowed. */
function kindOfName(name: string): AttachmentKind | null {
  return attachmentKinds.find((kind) => nameFitsKind(name, kind)) ?? 'pdf'
}

/** @param kind by its content, or by its name before that is known */
function checkRules({ type, name, size, proofDate }: Chosen, kind: AttachmentKind | null, now: Date): void {
  const fileName = kind === null ? name : fileNameFor(name, kind)
  const problem = attachmentProblem({ type, fileName, size, kind, proofDate }, now)
  if (problem) throw new AppError(problem.code, problem.details)
}

async function checkOwner(db: LocalDb, { recordId, type }: Pick<Chosen, 'recordId' | 'type'>, ofUnit: boolean): Promise<void> {
  if (recordId === null && !ofUnit) throw new AppError('forbidden')
  if (!attachmentTypesOf(recordId === null ? 'organization' : 'registration').includes(type)) throw new AppError('not-found')
  if (recordId !== null) {
    const record = await findRecord(db, recordId)
    if (!record) throw new AppError('not-found')
    if (record.employment_status === 'left') throw new AppError('registration-left')
  }
  if ((await attachmentsOf(db, recordId)).length >= mostAttachments) throw new AppError('attachment-too-many', { max: mostAttachments })
}

async function refuseSame(db: LocalDb, content: { recordId: string | null; type: string; sha256: string }): Promise<void> {
  const same = await findSameContent(db, content)
  if (same) throw new AppError('attachment-here', { id: same.id })
}

/** One of each: the new one takes the old one's place, which can be had back for some seconds like all that is deleted. */
async function replacePhoto(trx: LocalDb, recordId: string | null, type: string, at: string): Promise<void> {
  for (const each of await attachmentsOf(trx, recordId)) if (each.type === type) await updateAttachment(trx, each.id, { removed_at: at })
}
