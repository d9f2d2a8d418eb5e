import { chipSize, chipTransform, stillSize, stillTransform } from '../../shared/domain/face/alignment.ts'
import { eyesOf } from '../../shared/domain/face/geometry.ts'
import { meanDescriptor } from '../../shared/domain/face/mean-descriptor.ts'
import { faceCropVersion, faceModelId } from '../../shared/domain/face/template.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import type { PictureFinding } from './face-messages.ts'
import type { FaceNets } from './face-nets.ts'
import { createFaceSurface, mirrored, type FaceSurface } from './face-surface.ts'
import { findFaces, findLandmarks, type FacesFound } from './find-face.ts'

/** Up to this side, in px, a picture comes from an ID document's chip (102x126) and is shown to the nets four times as large. */
const chipPictureSide = 200
const enlargement = 4
/** Faces that fill the picture are found with some ground around them. */
const ground = { x: 0.3, y: 0.15 }

/**
 * The template of a picture from a file: an ID photo of 102x126 px, a scan of the whole document, a photo from a phone.
 * @param largest take the largest face where there are several, instead of refusing
 */
export async function templateOfPicture(nets: FaceNets, picture: Blob, largest: boolean): Promise<PictureFinding> {
  const limits = faceThresholds.pictureFile
  if (picture.size > limits.bytes) return { reason: 'too-large' }
  const bitmap = await decode(picture)
  if (!bitmap) return { reason: 'unreadable' }
  const longest = Math.max(bitmap.width, bitmap.height)
  if (bitmap.width * bitmap.height > limits.pixels) {
    bitmap.close()
    return { reason: 'too-large' }
  }
  const scale = longest <= chipPictureSide ? enlargement : Math.min(1, limits.longestSide / longest)
  const surface = createFaceSurface()
  const found = await findUpright(nets, surface, (quarters) => surface.put(bitmap, { scale, padding: ground, quarters }))
  bitmap.close()
  if (!found.largest) return { reason: 'no-face' }
  if (found.count > 1 && !largest) return { reason: 'many-faces' }
  const landmarks = await findLandmarks(nets, surface, found.largest.box)
  const chip = surface.chip(chipTransform(landmarks), chipSize)
  const descriptor = meanDescriptor(await nets.descriptors([chip, mirrored(chip, chipSize)]))
  const still = await surface.still(stillTransform(eyesOf(landmarks)), stillSize).convertToBlob({ type: 'image/jpeg', quality: 0.88 })
  return { template: { descriptor, modelId: faceModelId, cropVersion: faceCropVersion }, still }
}

/**
 * As it lies, looked at twice as closely where nothing is sure (the photo on a scan of the whole document is a small part of it), or turned:
 * scans often lie on their side. The surface is left with the picture as the face was found in it.
 */
async function findUpright(nets: FaceNets, surface: FaceSurface, put: (quarters: number) => void): Promise<FacesFound> {
  const { inputSize, score, sure, better } = faceThresholds.documentDetector
  const views = [{ quarters: 0, size: inputSize }, { quarters: 0, size: 2 * inputSize }, ...[1, 3, 2].map((quarters) => ({ quarters, size: inputSize }))]
  let best: { found: FacesFound; quarters: number } | null = null
  for (const { quarters, size } of views) {
    put(quarters)
    const found = await findFaces(nets, surface, { inputSize: size, score })
    const ahead = scoreOf(found) - (best ? scoreOf(best.found) : 0)
    if (!best || ahead > (quarters !== best.quarters && best.quarters === 0 ? better : 0)) best = { found, quarters }
    if (scoreOf(best.found) >= sure) break
  }
  if (!best) throw new RangeError('no view')
  put(best.quarters)
  return best.found
}

const scoreOf = ({ largest }: FacesFound): number => largest?.score ?? 0

/** Upright, as EXIF says that the camera was held. Null where it is no picture. */
async function decode(picture: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' })
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
