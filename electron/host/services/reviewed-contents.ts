import { createHash } from 'node:crypto'
import type { AttachmentResource } from '../../../shared/api/attachments.ts'
import { largestAttachment } from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** A photo or attachment of another unit's registration. */
export interface Reviewed {
  readonly registrationId: string
  readonly attachmentId: string
}

/**
 * Photos and attachments that a reviewer looks at. They are people of other units: nothing of them is written to the disk here, and
 * what is in memory goes a minute after it was last asked for, at the lock screen and at signing out.
 */
export interface ReviewedContents {
  /** What a registration has, as it was opened. */
  told(registrationId: string, attachments: readonly AttachmentResource[]): void
  /** @throws AppError not-found where the registration was opened and has no such attachment; as CentralPort */
  describe(of: Reviewed): Promise<AttachmentResource>
  /** Whole and checked. @throws AppError as describe */
  read(of: Reviewed): Promise<Buffer>
  forget(): void
}

/** ms. */
const keptFor = 60_000
/** Of all contents together: room for the largest and what was looked at before it. */
const mostBytes = largestAttachment + (32 << 20)
/** Registrations of which is known what they have. */
const mostTold = 20

interface Held {
  readonly content: Promise<Buffer>
  readonly size: number
  readonly timer: NodeJS.Timeout
}

/** Where they come from. */
export interface ReviewedSource {
  readPending(id: string): Promise<{ readonly attachments: readonly AttachmentResource[] }>
  readPendingAttachment(id: string, attachmentId: string, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>
}

export function createReviewedContents(central: ReviewedSource): ReviewedContents {
  const known = new Map<string, readonly AttachmentResource[]>()
  /** Least lately asked for first. */
  const held = new Map<string, Held>()
  let breakOff = new AbortController()

  function told(registrationId: string, attachments: readonly AttachmentResource[]): void {
    known.delete(registrationId)
    known.set(registrationId, attachments)
    for (const id of [...known.keys()].slice(0, -mostTold)) known.delete(id)
  }

  /** A host that started anew, or whose clerk locked the screen meanwhile, asks for it again. */
  async function describe({ registrationId, attachmentId }: Reviewed): Promise<AttachmentResource> {
    if (!known.has(registrationId)) told(registrationId, (await central.readPending(registrationId)).attachments)
    const found = known.get(registrationId)?.find(({ id }) => id === attachmentId)
    if (!found) throw new AppError('not-found')
    return found
  }

  async function fetchWhole(registrationId: string, { id, size, sha256 }: AttachmentResource, signal: AbortSignal): Promise<Buffer> {
    const pieces: Buffer[] = []
    let length = 0
    for await (const piece of await central.readPendingAttachment(registrationId, id, signal)) {
      length += piece.length
      if (length > size) break
      pieces.push(piece)
    }
    const content = Buffer.concat(pieces)
    // A line that broke off in the middle, or not the content that was told of.
    if (length !== size || createHash('sha256').update(content).digest('hex') !== sha256) throw new AppError('central-reply-invalid', { route: 'readPendingAttachment' })
    return content
  }

  function drop(id: string): void {
    clearTimeout(held.get(id)?.timer)
    held.delete(id)
  }

  function makeRoom(size: number): void {
    let total = [...held.values()].reduce((sum, each) => sum + each.size, size)
    for (const [id, each] of held) {
      if (total <= mostBytes) return
      total -= each.size
      drop(id)
    }
  }

  return {
    told,
    describe,
    read: async (of) => {
      const attachment = await describe(of)
      const { id, size } = attachment
      const before = held.get(id)
      drop(id)
      makeRoom(size)
      const content = before?.content ?? fetchWhole(of.registrationId, attachment, breakOff.signal)
      const each: Held = { content, size, timer: setTimeout(() => drop(id), keptFor).unref() }
      held.set(id, each)
      // What could not be had is asked for again.
      content.catch(() => held.get(id) === each && drop(id))
      return content
    },
    forget: () => {
      breakOff.abort()
      breakOff = new AbortController()
      for (const id of [...held.keys()]) drop(id)
      known.clear()
    },
  }
}
