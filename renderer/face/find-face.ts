import { eyeDistanceOf, mouthOpeningOf, rollOf, yawOf, type FaceBox, type FaceLandmarks } from '../../shared/domain/face/geometry.ts'
import type { FaceFinding } from '../../shared/domain/face/finding.ts'
import { eyeDarkness, lipEdge, measurePixels, qualitySize, toLuminance } from '../../shared/domain/face/quality.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import type { FaceNets } from './face-nets.ts'
import type { FaceSurface, SquareView } from './face-surface.ts'

export interface FacesFound {
  /** Of the whole picture: mean and standard deviation, 0 to 255. */
  readonly luminance: number
  readonly contrast: number
  readonly count: number
  readonly largest: { readonly box: FaceBox; readonly score: number } | null
}

/** Side of the square that the landmark net takes, in px. */
const landmarkInput = 112

/** The largest face on a surface, and how many faces count. */
export async function findFaces(nets: FaceNets, surface: FaceSurface, { inputSize, score }: { inputSize: number; score: number }): Promise<FacesFound> {
  const view = surface.viewOfWhole(inputSize)
  const found = (await nets.detect(view.rgba, inputSize, score)).sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
  const { score: counts, width } = faceThresholds.otherFace
  const largest = found.find((face) => face.score >= counts) ?? found.sort((a, b) => b.score - a.score)[0]
  const others = largest ? found.filter((face) => face !== largest && face.score >= counts && face.box.width >= width * largest.box.width) : []
  return { ...luminanceOf(view, surface), count: largest ? 1 + others.length : 0, largest: largest ? { box: inPicture(largest.box, view), score: largest.score } : null }
}

/** Landmarks and quality of a face. */
export async function describeFace(nets: FaceNets, surface: FaceSurface, { box, score }: { box: FaceBox; score: number }): Promise<FaceFinding> {
  const landmarks = await findLandmarks(nets, surface, box)
  const grey = toLuminance(surface.pixelsOfBox(box, qualitySize))
  const inSquare = landmarks.map(({ x, y }) => ({ x: ((x - box.x) / box.width) * qualitySize, y: ((y - box.y) / box.height) * qualitySize }))
  const pixels = measurePixels(grey)
  return {
    box, score, landmarks, pixels,
    eyeDistance: eyeDistanceOf(landmarks), roll: rollOf(landmarks), yaw: yawOf(landmarks), mouth: mouthOpeningOf(landmarks),
    eyeDarkness: eyeDarkness(grey, inSquare), lipEdge: lipEdge(grey, inSquare, pixels.luminance),
  }
}

export async function findLandmarks(nets: FaceNets, surface: FaceSurface, box: FaceBox): Promise<FaceLandmarks> {
  const view = surface.viewOfBox(box, landmarkInput)
  const points = await nets.landmarks(view.rgba, landmarkInput)
  return points.map(({ x, y }) => ({ x: view.x + x * view.scale, y: view.y + y * view.scale }))
}

const inPicture = ({ x, y, width, height }: FaceBox, view: SquareView): FaceBox => ({ x: view.x + x * view.scale, y: view.y + y * view.scale, width: width * view.scale, height: height * view.scale })

function luminanceOf({ rgba, size, scale }: SquareView, { width, height }: FaceSurface): { luminance: number; contrast: number } {
  const grey = toLuminance(rgba)
  let sum = 0, squares = 0, count = 0
  for (let y = 0; y < Math.floor(height / scale); y += 2) {
    for (let x = 0; x < Math.floor(width / scale); x += 2) {
      const value = grey[y * size + x]!
      sum += value
      squares += value * value
      count++
    }
  }
  const luminance = sum / count
  return { luminance, contrast: Math.sqrt(Math.max(0, squares / count - luminance ** 2)) }
}
