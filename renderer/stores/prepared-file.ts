import { contentHeadBytes, kindOfContent, largestAttachment, photoTypes } from '../../shared/domain/attachments.ts'
import { AppError } from '../../shared/errors/app-error.ts'

/** Longest side in pixels: what a reviewer has to read on an ID card or an A4 page, and no more. */
export const longestSide = 2_000
const quality = 0.86
/** More would take more memory than a clerk's PC may have. */
const mostPixels = 120_000_000

type Found = 'picture' | 'heic' | 'pdf' | null

/**
 * What is added instead of the file itself: pictures as JPEGs of a sensible size, turned upright and without the place and
 * device that a camera writes into them; a PDF as it is.
 * @throws AppError attachment-* by size before anything is read, and by content; picture-*; attachment-vanished
 */
export async function prepareFile(file: File, type: string): Promise<File> {
  if (file.size === 0) throw new AppError('attachment-empty')
  if (file.size > largestAttachment) throw new AppError('attachment-too-large', { max: largestAttachment >> 20 })
  const found = requireKind(await readPart(file, 0, headBytes), type)
  return found === 'pdf' ? file : asJpeg(file, found)
}

/** As much of a file as tells what it is. */
export const headBytes = 64

/** What a file is by its first bytes. @throws AppError attachment-kind-refused, attachment-photo-wanted */
export function requireKind(head: Uint8Array, type: string): Exclude<Found, null> {
  const found = findKind(head)
  if (found === null) throw new AppError('attachment-kind-refused')
  if (found === 'pdf' && photoTypes.includes(type)) throw new AppError('attachment-photo-wanted')
  return found
}

/** Reads a part of a chosen file. @throws AppError attachment-vanished where it is not as it was when it was chosen */
export async function readPart(file: Blob, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer())
  } catch (error) {
    // NotFoundError, NotReadableError: moved, deleted, changed, or taken out with its stick.
    if (error instanceof DOMException) throw new AppError('attachment-vanished')
    throw error
  }
}

function findKind(head: Uint8Array): Found {
  const kind = kindOfContent(head.subarray(0, contentHeadBytes))
  if (kind) return kind === 'pdf' ? 'pdf' : 'picture'
  const text = String.fromCharCode(...head.subarray(0, 12))
  if (text.startsWith('BM')) return 'picture'
  return /^.{4}ftyp(hei|hev|mif|msf|avi)/s.test(text) ? 'heic' : null
}

/** @returns a JPEG, upright, at most `longestSide` long */
async function asJpeg(file: File, found: 'picture' | 'heic'): Promise<File> {
  const picture = await decode(file, found)
  try {
    const scale = Math.min(1, longestSide / Math.max(picture.width, picture.height))
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)))
    return await toJpeg(canvas, picture, file.name)
  } finally {
    picture.close()
  }
}

async function decode(file: File, found: 'picture' | 'heic'): Promise<ImageBitmap> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    // The browser says no more than that it could not.
    await readPart(file, 0, 1)
    throw new AppError(found === 'heic' ? 'picture-heic' : 'picture-unreadable')
  }
  const { width, height } = picture
  if (width * height <= mostPixels) return picture
  picture.close()
  throw new AppError('picture-too-many-pixels', { width, height })
}

/** JPEG has no transparency: what shows through is white, as on paper. */
export async function toJpeg(canvas: OffscreenCanvas, picture: CanvasImageSource, name: string): Promise<File> {
  const context = canvas.getContext('2d')
  if (!context) throw new AppError('picture-unreadable')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return new File([blob], jpegName(name), { type: 'image/jpeg' })
}

const jpegName = (name: string) => `${name.replace(/\.[^.]*$/, '') || '图片'}.jpg`
