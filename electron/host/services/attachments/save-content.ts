import { open, rename, rm } from 'node:fs/promises'
import { labelOf } from '../../../../shared/dictionaries/index.ts'
import { attachmentKindTable, kindOfMediaType } from '../../../../shared/domain/attachments.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'

/** What the dialog of 下载 is told. */
export function downloadOptions({ type, mediaType, name }: { readonly type: string; readonly mediaType: string; readonly name: string }) {
  const kind = kindOfMediaType(mediaType)
  const extensions = kind === null ? [] : [...attachmentKindTable[kind].extensions]
  return { title: '下载附件', filters: [{ name: labelOf('attachmentType', type), extensions }], suggestedName: name }
}

/**
 * Writes a content to a place that the clerk chose. A half-written file never stands under the chosen name, and one that was
 * there stays until the new one is whole.
 * @throws AppError download-full, download-read-only
 */
export async function saveContent(path: string, size: number, read: (offset: number) => Promise<Uint8Array>): Promise<void> {
  const unfinished = `${path}.part`
  try {
    const file = await open(unfinished, 'w')
    try {
      for (let offset = 0; offset < size; ) {
        const piece = await read(offset)
        await file.writeFile(piece)
        offset += piece.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw saveFailure(error) ?? error
  }
}

function saveFailure(error: unknown): AppError | undefined {
  const code = String((error as { code?: unknown }).code)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('download-full', {}, { cause: error })
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR', 'EBUSY'].includes(code)) return new AppError('download-read-only', {}, { cause: error })
  return undefined
}
