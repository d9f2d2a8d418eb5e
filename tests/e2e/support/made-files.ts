import { closeSync, ftruncateSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

/** What a camera writes into a picture: where it was taken, and which side is up. */
const cameraNote = 'GPS 31.2304N 121.4737E'

/** A folder of its own for the files of a test. */
export const filesFolder = (): string => mkdtempSync(join(tmpdir(), 'made-files-'))

export function madeFile(folder: string, name: string, content: Buffer | string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** So many bytes that take no room on the disk. */
export function sparseFile(folder: string, name: string, bytes: number): string {
  const path = join(folder, name)
  const file = openSync(path, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
  return path
}

/** A JPEG of this size as a camera makes one: lying on its side (EXIF orientation 6), with the place it was taken at. */
export async function cameraPicture(page: Page, width: number, height: number): Promise<Buffer> {
  const address = await page.evaluate(
    ({ width: w, height: h }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      for (let stripe = 0; stripe < 12; stripe++) {
        context.fillStyle = `hsl(${stripe * 30} 60% 60%)`
        context.fillRect((stripe * w) / 12, 0, w / 12, h)
      }
      return canvas.toDataURL('image/jpeg', 0.9)
    },
    { width, height },
  )
  const plain = Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
  const tiff = Buffer.concat([
    Buffer.from('4d4d002a00000008', 'hex'),
    // Two entries: orientation 6, and a description.
    Buffer.from('0002' + '0112' + '0003' + '00000001' + '00060000' + '010e' + '0002', 'hex'),
    u32(cameraNote.length + 1), u32(8 + 2 + 24 + 4), u32(0), Buffer.from(`${cameraNote}\0`),
  ])
  const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff])
  const segment = Buffer.concat([Buffer.from('ffe1', 'hex'), u16(exif.length + 2), exif])
  return Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)])
}

export const holdsCameraNote = (bytes: Buffer): boolean => bytes.includes('Exif') || bytes.includes(cameraNote)

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** One page with a line of text, and as much that nobody sees behind it. */
export function madePdf(padding = 0): Buffer {
  const stream = 'BT /F1 24 Tf 60 700 Td (Proof of insurance) Tj ET'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const place = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const noise = Buffer.alloc(padding, `%${Math.random()}\n`)
  const start = text.length + noise.length
  const table = `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.concat([Buffer.from(text), noise, Buffer.from(table)])
}
