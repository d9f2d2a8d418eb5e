import type { FaceBox, FaceLandmarks } from './geometry.ts'
import type { PixelQuality } from './quality.ts'

/** What was found in one frame of the camera. Lengths in px of that frame. */
export interface FrameFinding {
  readonly picture: { readonly width: number; readonly height: number; /** Mean, 0 to 255. */ readonly luminance: number; /** Standard deviation of it: a lens cap has none. */ readonly contrast: number }
  /** How many faces count. */
  readonly faces: number
  /** The largest. */
  readonly face: FaceFinding | null
  /** Of the largest, where it was asked for; from one crop and not mirrored, good for comparing frames of one capture. */
  readonly descriptor: readonly number[] | null
}

export interface FaceFinding {
  readonly box: FaceBox
  /** 0 to 1, of the detector. */
  readonly score: number
  readonly landmarks: FaceLandmarks
  readonly eyeDistance: number
  /** Degrees. */
  readonly roll: number
  readonly yaw: number
  readonly mouth: number
  readonly pixels: PixelQuality
  readonly eyeDarkness: number
  readonly lipEdge: number
}
