import { chipSize, chipTransform, stillSize, stillTransform } from '../../shared/domain/face/alignment.ts'
import { eyesOf } from '../../shared/domain/face/geometry.ts'
import { meanDescriptor } from '../../shared/domain/face/mean-descriptor.ts'
import { faceCropVersion, faceModelId } from '../../shared/domain/face/template.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import type { PictureFinding } from './face-messages.ts'
import type { FaceNets } from './face-nets.ts'
import { createFaceSurface, mirrored } from './face-surface.ts'
import { findFaces, findLandmarks } from './find-face.ts'

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
  const surface = createFaceSurface()
  surface.put(bitmap, { scale: longest <= chipPictureSide ? enlargement : Math.min(1, limits.longestSide / longest), padding: ground })
  bitmap.close()
  const { inputSize, score } = faceThresholds.documentDetector
  let found = await findFaces(nets, surface, { inputSize, score })
  // A face that is a small part of the picture: the photo on a scan of the whole document.
  if (!found.largest) found = await findFaces(nets, surface, { inputSize: 2 * inputSize, score })
  if (!found.largest) return { reason: 'no-face' }
  if (found.count > 1 && !largest) return { reason: 'many-faces' }
  const landmarks = await findLandmarks(nets, surface, found.largest.box)
  const chip = surface.chip(chipTransform(landmarks), chipSize)
  const descriptor = meanDescriptor(await nets.descriptors([chip, mirrored(chip, chipSize)]))
  const still = await surface.still(stillTransform(eyesOf(landmarks)), stillSize).convertToBlob({ type: 'image/jpeg', quality: 0.88 })
  return { template: { descriptor, modelId: faceModelId, cropVersion: faceCropVersion }, still }
}

/** Upright, as EXIF says that the camera was held. Null where it is no picture. */
async function decode(picture: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(picture, { imageOrientation: 'from-image' })
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
