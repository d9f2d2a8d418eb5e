import { createHash } from 'node:crypto'
import type { AttachmentClaim } from '../../shared/api/attachments.ts'
import type { CentralAttachments } from '../../electron/host/central/central-port.ts'
import { AppError } from '../../shared/errors/app-error.ts'

export interface FakeAttachmentsCentral extends CentralAttachments {
  /** Contents that are attachments there, by id. */
  readonly attached: Map<string, Buffer>
  /** What arrived of those that are not whole. */
  readonly arriving: Map<string, Buffer>
  /** Bytes that came over the line, of each. */
  readonly came: Map<string, number>
  /** Most that were sent to it at once. */
  readonly atOnce: () => number
  /** Called before each piece is taken; may wait, or throw what the line or the service does. */
  beforePiece: (claim: Pick<AttachmentClaim, 'id' | 'size'>, signal: AbortSignal | undefined) => Promise<void> | void
}

/** The central service's half of CentralAttachments as its contract says it, in memory: for what a real one does only by chance. */
export function fakeAttachmentsCentral(): FakeAttachmentsCentral {
  const claims = new Map<string, AttachmentClaim>()
  const attached = new Map<string, Buffer>()
  const arriving = new Map<string, Buffer>()
  const came = new Map<string, number>()
  let under = 0
  let most = 0
  const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const fake: FakeAttachmentsCentral = {
    attached, arriving, came,
    atOnce: () => most,
    beforePiece: () => undefined,
    attachStored: async (claim) => {
      const stored = [...attached.values()].find((content) => hashOf(content) === claim.sha256)
      if (stored) attached.set(claim.id, stored)
      return stored !== undefined
    },
    createUpload: async (claim) => {
      claims.set(claim.id, claim)
      arriving.set(claim.id, arriving.get(claim.id) ?? Buffer.alloc(0))
    },
    uploadedBytes: async ({ id, size }) => (attached.has(id) ? size : (arriving.get(id)?.length ?? null)),
    appendUpload: async (upload, { offset, bytes, onSent }, signal) => {
      most = Math.max(most, ++under)
      try {
        await fake.beforePiece(upload, signal)
        signal?.throwIfAborted()
        const before = arriving.get(upload.id)
        if (!before || before.length !== offset) throw new AppError('attachment-offset-wrong')
        onSent?.(bytes.length)
        const now = Buffer.concat([before, bytes])
        came.set(upload.id, (came.get(upload.id) ?? 0) + bytes.length)
        arriving.set(upload.id, now)
        if (now.length === upload.size) {
          arriving.delete(upload.id)
          if (hashOf(now) !== claims.get(upload.id)?.sha256) throw new AppError('attachment-hash-wrong')
          attached.set(upload.id, now)
        }
        return now.length
      } finally {
        under -= 1
      }
    },
    endUpload: async (id) => void arriving.delete(id),
    removeAttachment: async (id) => void attached.delete(id),
    readAttachmentContent: async (id) => {
      const content = attached.get(id)
      if (!content) throw new AppError('not-found')
      return (async function* () {
        for (let offset = 0; offset < content.length; offset += 100_000) yield content.subarray(offset, offset + 100_000)
      })()
    },
  }
  return fake
}
