import { challengeSteps, type ChallengeStep } from './capture.ts'
import type { FaceFinding, FrameFinding } from './finding.ts'
import { depthResidual, type FaceLandmarks } from './geometry.ts'
import { descriptorDistance } from './template.ts'
import { faceThresholds } from './thresholds.ts'

/** What a person is asked to do, in their own words of left and right. */
export const challengeSentences: Readonly<Record<ChallengeStep, string>> = { 'turn-left': '请向左转头', 'turn-right': '请向右转头', 'open-mouth': '请张开嘴' }
export const lookAheadSentence = '请正对镜头'

export const challengeFailures = ['too-slow', 'wrong-way', 'face-lost', 'other-person', 'many-faces'] as const
export type ChallengeFailure = (typeof challengeFailures)[number]
export const challengeFailureSentences: Readonly<Record<ChallengeFailure, string>> = {
  'too-slow': '没有在时间内完成动作，请重新开始',
  'wrong-way': '动作与提示不符，请看清提示，重新开始',
  'face-lost': '人脸离开了画面，请重新开始',
  'other-person': '画面中像是换了人，请本人重新开始',
  'many-faces': '画面里不止一张人脸，请其他人离开后重新开始',
}

/** A challenge under way. Times are of a clock that only goes on (performance.now): setting the wall clock changes nothing. */
export interface Challenge {
  readonly order: readonly ChallengeStep[]
  readonly done: number
  /** Being asked for; null while the head has to come back first, and after the end. */
  readonly asked: ChallengeStep | null
  readonly outcome: 'passed' | ChallengeFailure | null
  readonly startedAt: number
  readonly endedAt: number | null
  /** When the present question, or the wait for a straight face, ran out. */
  readonly deadline: number
  /** The same person looking straight ahead, as the challenge began. */
  readonly frontal: { readonly landmarks: FaceLandmarks; readonly descriptor: readonly number[] } | null
  /** Frames in a row: in the pose that is asked for, in the opposite one, straight ahead, with somebody else. */
  readonly held: number
  readonly wrong: number
  readonly straight: number
  readonly others: number
  /** The person was compared in this pose, or since the head came back. */
  readonly compared: boolean
  readonly framesSinceCompared: number
  readonly lastFrameAt: number
  readonly absentSince: number | null
}

/** Every step once, in an order that nobody knows before. @param random 0 to below 1 */
export function challengeOrder(random: () => number): ChallengeStep[] {
  const left: ChallengeStep[] = [...challengeSteps]
  return challengeSteps.map(() => left.splice(Math.floor(random() * left.length), 1)[0]!)
}

const limits = faceThresholds.challenge

/** @param at ms */
export function startChallenge(order: readonly ChallengeStep[], at: number): Challenge {
  return {
    order, done: 0, asked: null, outcome: null, startedAt: at, endedAt: null, deadline: at + limits.stepMs, frontal: null,
    held: 0, wrong: 0, straight: 0, others: 0, compared: false, framesSinceCompared: 0, lastFrameAt: at, absentSince: null,
  }
}

/** Whether the next frame has to tell its descriptor: to begin with, in every pose that is held, each time the head has come back, and now and then. */
export function needsDescriptor({ frontal, outcome, held, straight, asked, compared, framesSinceCompared }: Challenge): boolean {
  if (outcome) return false
  if (!frontal) return straight >= limits.neutral.frames - 1
  if (framesSinceCompared >= limits.sampleEvery) return true
  return !compared && (asked ? held >= limits.held - 1 : straight >= limits.neutral.frames - 1)
}

/** One frame further. @param at ms, of the same clock as before */
export function advanceChallenge(before: Challenge, finding: FrameFinding, at: number): Challenge {
  if (before.outcome) return before
  const pause = at - before.lastFrameAt
  const now = { ...before, lastFrameAt: at, framesSinceCompared: pause > limits.gapMs ? limits.sampleEvery : before.framesSinceCompared + 1 }
  if (pause > limits.pauseMs) return end(now, 'face-lost', at)
  const { face, faces, descriptor } = finding
  if (!face) return absent(now, at)
  const others = faces > 1 ? now.others + 1 : 0
  if (others >= limits.others) return end(now, 'many-faces', at)
  if (now.frontal && descriptor && descriptorDistance(descriptor, now.frontal.descriptor) > limits.samePerson) return end(now, 'other-person', at)
  const seen = { ...now, others, absentSince: null, ...(now.frontal && descriptor ? { compared: true, framesSinceCompared: 0 } : {}) }
  // Last: an answer in the last frame counts.
  const after = seen.asked ? answer(seen, seen.asked, face, at) : comeBack(seen, face, descriptor, at)
  return !after.outcome && after.deadline <= at ? end(after, 'too-slow', at) : after
}

function absent(now: Challenge, at: number): Challenge {
  const since = now.absentSince ?? at
  if (at - since > limits.gapMs) return end(now, 'face-lost', at)
  const waits = { ...now, absentSince: since, held: 0, wrong: 0, straight: 0 }
  return waits.deadline <= at ? end(waits, 'too-slow', at) : waits
}

/** Straight ahead with the mouth closed: at first to know the person, and after each step. */
function comeBack(now: Challenge, face: FaceFinding, descriptor: readonly number[] | null, at: number): Challenge {
  if (!isNeutral(face)) return { ...now, straight: 0, compared: false }
  const straight = now.straight + 1
  const frontal = now.frontal ?? (descriptor ? { landmarks: face.landmarks, descriptor } : null)
  const compared = now.compared || (now.frontal === null && frontal !== null)
  const next = { ...now, straight, frontal, compared, framesSinceCompared: frontal && !now.frontal ? 0 : now.framesSinceCompared }
  if (straight < limits.neutral.frames || !compared) return next
  const asked = now.order[now.done]
  return asked ? { ...next, asked, held: 0, wrong: 0, compared: false, deadline: at + limits.stepMs } : end(next, 'passed', at)
}

function answer(now: Challenge, asked: ChallengeStep, face: FaceFinding, at: number): Challenge {
  const pose = poseOf(now, face)
  const held = pose === asked ? now.held + 1 : 0
  const wrong = pose !== null && pose !== asked ? now.wrong + 1 : 0
  // A film of the right person moves too, some way or other: whoever moves otherwise than asked begins anew, with another order.
  if (wrong >= limits.held) return end({ ...now, wrong }, 'wrong-way', at)
  const compared = held > 0 && now.compared
  if (held < limits.held || !compared) return { ...now, held, wrong, compared }
  return { ...now, done: now.done + 1, asked: null, held: 0, wrong: 0, straight: 0, compared: false, deadline: at + limits.stepMs }
}

/** Turned as a head turns, and not as a flat picture of one does. */
function poseOf({ frontal }: Challenge, { yaw, mouth, landmarks }: FaceFinding): ChallengeStep | null {
  if (Math.abs(yaw) >= limits.yaw) {
    if (!frontal || depthResidual(frontal.landmarks, landmarks) < limits.depth) return null
    return yaw > 0 ? 'turn-left' : 'turn-right'
  }
  return mouth >= limits.mouth && Math.abs(yaw) <= limits.neutral.yaw ? 'open-mouth' : null
}

const isNeutral = ({ yaw, mouth }: FaceFinding) => Math.abs(yaw) <= limits.neutral.yaw && mouth <= limits.neutral.mouth

const end = (now: Challenge, outcome: 'passed' | ChallengeFailure, at: number): Challenge => ({ ...now, outcome, asked: null, endedAt: at })
