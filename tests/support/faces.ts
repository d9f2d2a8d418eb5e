import { createDecipheriv } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import type { FaceCapture } from '../../shared/domain/face/capture.ts'
import { faceConsentVersion, type FaceConsentChoice } from '../../shared/domain/face/consent.ts'
import { descriptorLength, faceCropVersion, faceModelId, type FaceTemplate } from '../../shared/domain/face/template.ts'

/** A face of nobody: the same numbers for the same seed, as far from other seeds' as two people's are. */
export function descriptorOf(seed: number): number[] {
  let state = seed * 2_654_435_761 + 1
  return Array.from({ length: descriptorLength }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) >>> 0
    return Math.fround(state / 2 ** 32 / 4 - 0.125)
  })
}

/** Another picture at this distance from that face. @param way another one for a picture that lies off in another direction */
export const at = (distance: number, descriptor: readonly number[], way = 0): number[] => descriptor.map((value, index) => (index === way ? value + distance : value))

export const templateOf = (descriptor: readonly number[]): FaceTemplate => ({ descriptor: [...descriptor], modelId: faceModelId, cropVersion: faceCropVersion })

export const captureOf = (descriptor: readonly number[]): FaceCapture => ({
  template: templateOf(descriptor),
  quality: { eyeDistance: 95, sharpness: 500, luminance: 130, yaw: 0.02, roll: 1, detectorScore: 0.93 },
  liveness: { steps: ['turn-left', 'open-mouth', 'turn-right'], tookMs: 6_200, attackModelScore: null },
})

export const consentOf = (choice: Partial<FaceConsentChoice> = {}): FaceConsentChoice => ({ textVersion: faceConsentVersion, channel: 'screen', keepPicture: false, send: false, guardian: null, ...choice })

/** A JPEG by its first bytes, with a mark to look for. */
export const pictureOf = (mark: string): string => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]), Buffer.from(`JFIF ${mark}`), Buffer.alloc(300, 7)]).toString('base64')

const pageSize = 4_096

/** Every page of a file in SQLCipher 4's format and of its journal, in the clear: those too that no table uses any more. */
export function pagesInClear(path: string, key: Uint8Array): Buffer {
  const clear = (page: Buffer, isFirst: boolean) => {
    const decipher = createDecipheriv('aes-256-cbc', key, page.subarray(pageSize - 80, pageSize - 64)).setAutoPadding(false)
    return Buffer.concat([decipher.update(page.subarray(isFirst ? 16 : 0, pageSize - 80)), decipher.final()])
  }
  const pages: Buffer[] = []
  const file = readFileSync(path)
  for (let start = 0; start + pageSize <= file.length; start += pageSize) pages.push(clear(file.subarray(start, start + pageSize), start === 0))
  const journal = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0)
  // A head of 32 bytes, then pages with one of 24 each, which begins with the page's number.
  for (let start = 32; start + 24 + pageSize <= journal.length; start += 24 + pageSize) pages.push(clear(journal.subarray(start + 24, start + 24 + pageSize), journal.readUInt32BE(start) === 1))
  return Buffer.concat(pages)
}
