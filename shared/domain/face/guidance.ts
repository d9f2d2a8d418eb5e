import type { FaceFinding, FrameFinding } from './finding.ts'
import { depthResidual } from './geometry.ts'
import { faceThresholds } from './thresholds.ts'

/** Why a frame cannot be used, the most important first: who is too far away is not told that the picture is blurred. */
export const guidanceReasons = [
  'no-face', 'many-faces', 'too-far', 'too-near', 'off-centre', 'too-dark', 'too-bright', 'blurred', 'covered', 'look-straight', 'head-tilted', 'mouth-open', 'eyes-closed',
] as const
export type GuidanceReason = (typeof guidanceReasons)[number]

/** What the person before the camera reads. */
export const guidanceSentences: Readonly<Record<GuidanceReason, string>> = {
  'no-face': '没有看到人脸，请正对摄像头',
  'many-faces': '画面里不止一张人脸，请其他人离开画面',
  'too-far': '离摄像头太远，请靠近一些',
  'too-near': '离摄像头太近，请退后一些',
  'off-centre': '人脸不在框内，请移到框中间',
  'too-dark': '画面太暗，请开灯或面向光亮处',
  'too-bright': '画面过曝，请避开强光',
  'blurred': '画面模糊，请保持不动，或擦净镜头',
  'covered': '请摘下口罩等遮挡物，露出整张脸',
  'look-straight': '请正对镜头',
  'head-tilted': '请把头摆正，不要歪头',
  'mouth-open': '请闭上嘴',
  'eyes-closed': '请睁开眼睛',
}

export interface Guidance {
  /** What to say; null: nothing stands against it. */
  readonly reason: GuidanceReason | null
  /** The last frames were all good: it can go on. */
  readonly steady: boolean
}

/** Frames that are worth keeping for `guide`: the eyes are compared with the person's own over about two seconds. */
export const guidanceMemory = 30

/**
 * One reason over the last frames, so that what is said does not flicker: the most important one that several frames share.
 * @param findings oldest first
 */
export function guide(findings: readonly FrameFinding[]): Guidance {
  const { frames, agreeing, steady } = faceThresholds.guidance
  const openEyes = Math.min(...findings.flatMap(({ face }) => (face ? [face.eyeDarkness] : [])))
  const window = findings.slice(-frames)
  const covered = isCovered(window)
  const reasons = window.map((finding) => frameReason(finding, openEyes)).map((reason) => (covered && (!reason || isBefore('covered', reason)) ? 'covered' : reason))
  const shared = guidanceReasons.find((reason) => reasons.filter((other) => other === reason).length >= Math.min(agreeing, window.length))
  const wasCovered = findings.slice(-faceThresholds.covered.memory).some((_, at, last) => isCovered(last.slice(Math.max(0, at + 1 - frames), at + 1)))
  const isSteady = !shared && !wasCovered && window.length >= steady && reasons.slice(-steady).every((reason) => reason === null)
  return { reason: shared ?? (isSteady ? null : (reasons.findLast((reason) => reason !== null) ?? (wasCovered ? 'covered' : null))), steady: isSteady }
}

const isBefore = (one: GuidanceReason, other: GuidanceReason) => guidanceReasons.indexOf(one) < guidanceReasons.indexOf(other)

/** What stands against one frame by itself. @param openEyes the lowest eye darkness of the same person; leave it out to pass over the eyes */
export function frameReason({ picture, faces, face }: FrameFinding, openEyes = Infinity): GuidanceReason | null {
  if (!face) return pictureReason(picture)
  if (faces > 1) return 'many-faces'
  return placeReason(picture, face) ?? lightReason(face) ?? poseReason(face, openEyes)
}

/** In the dark the detector finds nothing, and to be told to face the camera helps nobody. */
function pictureReason({ luminance }: FrameFinding['picture']): GuidanceReason {
  const { dark, bright } = faceThresholds.picture
  if (luminance < dark) return 'too-dark'
  return luminance > bright ? 'too-bright' : 'no-face'
}

function placeReason(picture: FrameFinding['picture'], { box, eyeDistance }: FaceFinding): GuidanceReason | null {
  const { least, most } = faceThresholds.eyeDistance
  if (eyeDistance < least) return 'too-far'
  if (eyeDistance > most * picture.height) return 'too-near'
  const { x, y } = faceThresholds.offCentre
  const [awayX, awayY] = [(box.x + box.width / 2) / picture.width - 0.5, (box.y + box.height / 2) / picture.height - 0.5]
  return Math.abs(awayX) > x || Math.abs(awayY) > y ? 'off-centre' : null
}

function lightReason({ pixels: { luminance, darkShare, brightShare, sharpness } }: FaceFinding): GuidanceReason | null {
  const gates = faceThresholds.luminance
  if (luminance < gates.least || darkShare > gates.darkShare) return 'too-dark'
  if (luminance > gates.most || brightShare > gates.brightShare) return 'too-bright'
  return sharpness < faceThresholds.sharpness.least ? 'blurred' : null
}

function poseReason({ yaw, roll, mouth, eyeDarkness, lipEdge }: FaceFinding, openEyes: number): GuidanceReason | null {
  if (lipEdge < faceThresholds.covered.lipEdge) return 'covered'
  if (Math.abs(yaw) > faceThresholds.yaw.most) return 'look-straight'
  if (Math.abs(roll) > faceThresholds.roll.most) return 'head-tilted'
  if (mouth > faceThresholds.mouth.most) return 'mouth-open'
  return eyeDarkness > openEyes + faceThresholds.eyes.rise ? 'eyes-closed' : null
}

/** What covers a face need not be flat and even: then the landmarks guess, differently in each frame. */
function isCovered(window: readonly FrameFinding[]): boolean {
  const faces = window.flatMap(({ face }) => (face ? [face] : []))
  if (faces.length < faceThresholds.guidance.agreeing) return false
  const { waver, score, moving } = faceThresholds.covered
  const moves = rangeOf(faces.map((face) => face.yaw)) > moving || rangeOf(faces.map((face) => face.mouth)) > moving
  const steps = faces.slice(1).map((face, at) => depthResidual(faces[at]!.landmarks, face.landmarks))
  return (mean(steps) > waver && !moves) || mean(faces.map((face) => face.score)) < score
}

const rangeOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
