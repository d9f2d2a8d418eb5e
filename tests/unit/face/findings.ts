import type { FaceFinding, FrameFinding } from '../../../shared/domain/face/finding.ts'
import { eyeDistanceOf, mouthOpeningOf, rollOf, yawOf, type FaceLandmarks } from '../../../shared/domain/face/geometry.ts'
import { frontalFace } from './faces.ts'

/** As the nets tell of a good frame of 640x480. */
export function findingOf(landmarks: FaceLandmarks = frontalFace, { face = {}, descriptor = null, ...rest }: Partial<Omit<FrameFinding, 'face'>> & { face?: Partial<FaceFinding> } = {}): FrameFinding {
  const told: FaceFinding = {
    box: { x: 200, y: 120, width: 240, height: 240 }, score: 0.95, landmarks,
    eyeDistance: eyeDistanceOf(landmarks), roll: rollOf(landmarks), yaw: yawOf(landmarks), mouth: mouthOpeningOf(landmarks),
    pixels: { sharpness: 900, luminance: 135, darkShare: 0.01, brightShare: 0 }, eyeDarkness: 0.12, lipEdge: 0.6, ...face,
  }
  return { picture: { width: 640, height: 480, luminance: 115, contrast: 48 }, faces: 1, descriptor, ...rest, face: told }
}

export const emptyFrame = (luminance = 115): FrameFinding => ({ picture: { width: 640, height: 480, luminance, contrast: 40 }, faces: 0, face: null, descriptor: null })

/** A descriptor at this distance from that of `personAt(0)`. */
export const personAt = (distance: number): number[] => Array.from({ length: 128 }, (_, at) => (at === 0 ? distance : 0))
