import { attachmentChunkSize } from '../../shared/contract/attachment-chunk.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { bridge } from '../bridge/bridge.ts'
import { readPart } from './prepared-file.ts'

export interface NewAttachment {
  readonly recordId: string | null
  readonly type: string
  readonly proofDate: string | null
  readonly file: File
}

/**
 * Hands a file over to the host piece by piece. Durable when it answers; where it fails nothing of it is left.
 * @param onSent told how many bytes have gone over
 */
export async function handOver({ recordId, type, proofDate, file }: NewAttachment, onSent: (bytes: number) => void) {
  const { id } = await bridge.attachments.beginAdding({ recordId, type, name: shortened(file.name), size: file.size, proofDate })
  try {
    for (let offset = 0; offset < file.size; ) {
      const piece = await readPart(file, offset, attachmentChunkSize)
      // Grown shorter since it was chosen.
      if (piece.length === 0) throw new AppError('attachment-vanished')
      offset = (await bridge.attachments.addChunk({ id, offset, chunk: piece.toBase64() })).received
      onSent(offset)
    }
    return await bridge.attachments.finishAdding({ id })
  } catch (error) {
    // Where the host dropped it itself there is nothing to cancel.
    await bridge.attachments.cancelAdding({ id }).catch(() => undefined)
    // A host that started anew knows nothing of it.
    throw AppError.is(error, 'not-found', 'call-closed') ? new AppError('attachment-add-broken') : error
  }
}

/** The host has the longest name in the contract; the ending says what it is and stays. */
function shortened(name: string): string {
  const [ending = ''] = /\.[^.]{1,8}$/.exec(name) ?? []
  return name.length <= 100 ? name : `${name.slice(0, 100 - ending.length)}${ending}`
}

/**
 * The whole content, for a preview.
 * @param read a piece of it from the host
 * @throws AppError where it can be had neither here nor from the central service
 */
export async function readContent(mediaType: string, read: (offset: number) => Promise<{ readonly chunk: string; readonly size: number }>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let offset = 0; ; ) {
    const { chunk, size } = await read(offset)
    const part = Uint8Array.fromBase64(chunk)
    parts.push(part)
    offset += part.length
    if (offset >= size || part.length === 0) return new Blob(parts, { type: mediaType })
  }
}
