import { expect, it, vi } from 'vitest'
import { attachmentChunkSize } from '../../../shared/contract/attachment-chunk.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { handOver } from '../../../renderer/stores/attachment-pieces.ts'

const attachments = vi.hoisted(() => ({ beginAdding: vi.fn(), addChunk: vi.fn(), finishAdding: vi.fn(), cancelAdding: vi.fn() }))
vi.mock('../../../renderer/bridge/bridge.ts', () => ({ bridge: { attachments } }))

// Chromium has it, Node 24 does not.
Object.defineProperty(Uint8Array.prototype, 'toBase64', { configurable: true, value: function (this: Uint8Array) { return Buffer.from(this).toString('base64') } })

/** A file of which only so much can be read: then it was moved, deleted, or its stick was taken out. */
function vanishingFile(size: number, readable: number): File {
  const file = new File([new Uint8Array(size)], '合同.pdf')
  const slice = file.slice.bind(file)
  file.slice = (from = 0, to = size) => {
    const part = slice(from, to)
    if (to > readable) part.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'))
    return part
  }
  return file
}

it('a file that vanishes while it is handed over is told so, and nothing half-added is left with the host', async () => {
  attachments.beginAdding.mockResolvedValue({ id: 'new' })
  attachments.addChunk.mockImplementation(({ offset }: { offset: number }) => Promise.resolve({ received: offset + attachmentChunkSize }))
  attachments.cancelAdding.mockResolvedValue({})
  const sent: number[] = []
  const file = vanishingFile(3 * attachmentChunkSize, attachmentChunkSize)
  const failure = await handOver({ recordId: 'r', type: '99', proofDate: null, file }, (bytes) => sent.push(bytes)).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AppError)
  expect(failure).toMatchObject({ code: 'attachment-vanished' })
  expect(sent).toEqual([attachmentChunkSize])
  expect(attachments.cancelAdding).toHaveBeenCalledWith({ id: 'new' })
  expect(attachments.finishAdding).not.toHaveBeenCalled()
})
