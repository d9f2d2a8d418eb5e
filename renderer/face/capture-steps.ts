import { challengeSteps, type FaceQuality } from '../../shared/domain/face/capture.ts'
import type { FaceFinding, FrameFinding } from '../../shared/domain/face/finding.ts'
import { mouthOpeningOf } from '../../shared/domain/face/geometry.ts'
import { frameReason, guidanceMemory, guide, type GuidanceReason } from '../../shared/domain/face/guidance.ts'
import { advanceChallenge, challengeOrder, needsDescriptor, startChallenge, type Challenge, type ChallengeFailure } from '../../shared/domain/face/liveness.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { CaptureResult, CaptureState } from './capture.ts'
import type { FaceEngine } from './face-engine.ts'

const { attempts, readMs, gapMs, samePerson } = faceThresholds.challenge

/** What happens from frame to frame: guiding, challenge, capturing. */
export function createCaptureSteps(engine: Pick<FaceEngine, 'keep' | 'forget' | 'makeTemplate'>, random: () => number) {
  let phase: 'guiding' | 'challenge' | 'capturing' = 'guiding'
  let reason: GuidanceReason | null = null
  let recent: FrameFinding[] = []
  let challenge: Challenge | null = null
  let failure: ChallengeFailure | null = null
  let failedAt = -Infinity
  let attempt = 1
  let kept: { rank: number; face: FaceFinding }[] = []
  let lastGoodAt = 0
  let lastFaceAt = 0

  async function see(finding: FrameFinding, at: number): Promise<CaptureResult | null> {
    recent = [...recent, finding].slice(-guidanceMemory)
    reason = frameReason(finding)
    if (phase === 'guiding') {
      const guidance = guide(recent)
      reason = guidance.reason
      if (guidance.steady && at - failedAt >= readMs) begin(at)
      return null
    }
    return phase === 'challenge' ? inChallenge(finding, at) : inCapture(finding, at)
  }

  function begin(at: number): void {
    phase = 'challenge'
    failure = null
    challenge = startChallenge(challengeOrder(random), at)
  }

  async function inChallenge(finding: FrameFinding, at: number): Promise<null> {
    if (!challenge) return null
    challenge = advanceChallenge(challenge, finding, at)
    if (challenge.outcome === null) {
      // Between two steps the head looks straight ahead: good frames, and some seconds apart.
      if (!challenge.asked) await keepIfGood(finding)
    } else if (challenge.outcome === 'passed') {
      phase = 'capturing'
      lastGoodAt = lastFaceAt = at
    } else {
      await startAnew(challenge.outcome, at)
    }
    return null
  }

  async function startAnew(why: ChallengeFailure, at: number): Promise<void> {
    if (attempt >= attempts) throw new AppError('face-challenge-failed')
    attempt++
    phase = 'guiding'
    failure = why
    failedAt = at
    challenge = null
    recent = []
    kept = []
    await engine.forget()
  }

  async function inCapture(finding: FrameFinding, at: number): Promise<CaptureResult | null> {
    if (finding.face) lastFaceAt = at
    // Whoever comes back after that has not done the challenge.
    else if (at - lastFaceAt > gapMs) return startAnew('face-lost', at).then(() => null)
    if (at - lastGoodAt > faceThresholds.capture.patienceMs) throw new AppError('face-capture-timeout')
    if (!(await keepIfGood(finding))) return null
    lastGoodAt = at
    return kept.length < faceThresholds.capture.frames ? null : finish()
  }

  async function keepIfGood(finding: FrameFinding): Promise<boolean> {
    const { face } = finding
    const openEyes = Math.min(...recent.flatMap((other) => (other.face ? [other.face.eyeDarkness] : [])))
    // Lips that have just been wide apart are closed when they are as at the beginning.
    const mouthOpens = challenge?.frontal && face && face.mouth > mouthOpeningOf(challenge.frontal.landmarks) + faceThresholds.mouth.rise
    reason = frameReason(finding, openEyes) ?? (mouthOpens ? 'mouth-open' : null)
    if (!face || reason !== null) return false
    const rank = rankOf(face, openEyes)
    await engine.keep(rank)
    kept = [...kept, { rank, face }].sort((a, b) => b.rank - a.rank).slice(0, faceThresholds.capture.frames)
    return true
  }

  async function finish(): Promise<CaptureResult> {
    if (!challenge?.frontal || challenge.endedAt === null) throw new AppError('face-challenge-failed')
    const made = await engine.makeTemplate(challenge.frontal.descriptor)
    if (made.fromReference > samePerson) throw new AppError('face-frames-differ')
    if (made.attack && !made.attack.genuine) throw new AppError('face-attack-suspected')
    const liveness = { steps: [...challenge.order], tookMs: Math.round(challenge.endedAt - challenge.startedAt), attackModelScore: made.attack?.score ?? null }
    return { capture: { template: made.template, quality: qualityOf(kept.map(({ face }) => face)), liveness }, still: made.still }
  }

  return {
    see,
    needsDescriptor: () => phase === 'challenge' && challenge !== null && needsDescriptor(challenge),
    state: (at: number): Omit<CaptureState, 'fps'> => ({
      phase,
      // In the challenge a turned head and an open mouth are what was asked for.
      reason: phase === 'challenge' && reason !== 'no-face' && reason !== 'many-faces' ? null : reason,
      challenge: {
        asked: challenge?.asked ?? null,
        done: challenge?.done ?? 0,
        of: challengeSteps.length,
        msLeft: challenge && !challenge.outcome ? Math.max(0, challenge.deadline - at) : 0,
        failure, attempt,
      },
      kept: kept.length,
    }),
  }
}
export type CaptureSteps = ReturnType<typeof createCaptureSteps>

/** Straight, sharp, eyes open, mouth closed, surely a face. */
const rankOf = ({ yaw, roll, score, pixels, eyeDarkness, mouth }: FaceFinding, openEyes: number): number =>
  score - 2 * Math.abs(yaw) - Math.abs(roll) / 20 - mouth - 2 * (eyeDarkness - openEyes) + Math.min(pixels.sharpness, 1000) / 1000

function qualityOf(faces: readonly FaceFinding[]): FaceQuality {
  const mean = (measure: (face: FaceFinding) => number) => faces.reduce((sum, face) => sum + measure(face), 0) / faces.length
  return {
    eyeDistance: mean((face) => face.eyeDistance), sharpness: mean((face) => face.pixels.sharpness), luminance: mean((face) => face.pixels.luminance),
    yaw: mean((face) => face.yaw), roll: mean((face) => face.roll), detectorScore: mean((face) => face.score),
  }
}
