import { createHash, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AttachmentResource } from '../../../shared/api/attachments.ts'
import { createReviewedContents } from '../../../electron/host/services/reviewed-contents.ts'

const registrationId = randomUUID()
const bytes = Buffer.from('%PDF-1.7 of somebody')
const attachment = (content = bytes): AttachmentResource => ({
  id: randomUUID(), registrationId, type: '99', fileName: '材料.pdf', mediaType: 'application/pdf', size: content.length, sha256: createHash('sha256').update(content).digest('hex'),
  proofDate: null, uploadedAt: '2026-11-30T00:00:00.000Z', uploadedBy: '张敏',
})

function open(...attachments: AttachmentResource[]) {
  const readPending = vi.fn(async () => ({ attachments }))
  const readPendingAttachment = vi.fn(async (_id: string, _attachmentId: string, signal?: AbortSignal) => pieces(bytes, signal))
  const contents = createReviewedContents({ readPending, readPendingAttachment })
  return { contents, readPending, readPendingAttachment }
}
/** Of the line. */
let clear = Promise.resolve()
async function* pieces(content: Buffer, signal?: AbortSignal) {
  for (let at = 0; at < content.length; at += 8) {
    await clear
    signal?.throwIfAborted()
    yield content.subarray(at, at + 8)
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what a reviewer looks at', () => {
  it('is fetched once for all its pieces, and gone a minute after it was last asked for', async () => {
    const one = attachment()
    const { contents, readPendingAttachment } = open(one)
    contents.told(registrationId, [one])
    const of = { registrationId, attachmentId: one.id }
    expect(await Promise.all([contents.read(of), contents.read(of)])).toEqual([bytes, bytes])
    await vi.advanceTimersByTimeAsync(50_000)
    await contents.read(of)
    await vi.advanceTimersByTimeAsync(50_000)
    await contents.read(of)
    expect(readPendingAttachment).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(60_001)
    await contents.read(of)
    expect(readPendingAttachment).toHaveBeenCalledTimes(2)
  })

  it('goes at the lock screen, what is under way too; afterwards all of it is asked for again', async () => {
    const one = attachment()
    const { contents, readPending, readPendingAttachment } = open(one)
    contents.told(registrationId, [one])
    const line = Promise.withResolvers<void>()
    clear = line.promise
    const under = contents.read({ registrationId, attachmentId: one.id })
    under.catch(() => undefined)
    await vi.waitFor(() => expect(readPendingAttachment).toHaveBeenCalled())
    contents.forget()
    line.resolve()
    await expect(under).rejects.toThrow()
    expect(await contents.read({ registrationId, attachmentId: one.id })).toEqual(bytes)
    expect([readPending.mock.calls.length, readPendingAttachment.mock.calls.length]).toEqual([1, 2])
  })

  it('is not shown where it is not what was told of, and is asked for anew then', async () => {
    const one = { ...attachment(), sha256: '0'.repeat(64) }
    const { contents, readPendingAttachment } = open(one)
    const of = { registrationId, attachmentId: one.id }
    for (let time = 1; time <= 2; time++) {
      await expect(contents.read(of)).rejects.toMatchObject({ code: 'central-reply-invalid' })
      expect(readPendingAttachment).toHaveBeenCalledTimes(time)
    }
    await expect(contents.read({ registrationId, attachmentId: randomUUID() })).rejects.toMatchObject({ code: 'not-found' })
  })
})
