import type { ChallengeStep, FaceCapture } from '../../shared/domain/face/capture.ts'
import type { GuidanceReason } from '../../shared/domain/face/guidance.ts'
import type { ChallengeFailure } from '../../shared/domain/face/liveness.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { Camera } from './camera.ts'
import { createCaptureSteps } from './capture-steps.ts'
import type { FaceEngine } from './face-engine.ts'

export type CapturePhase = 'guiding' | 'challenge' | 'capturing' | 'done' | 'failed'

/** What the page shows, told after every frame. */
export interface CaptureState {
  readonly phase: CapturePhase
  /** What stands against the picture now; guidanceSentences has the words. */
  readonly reason: GuidanceReason | null
  readonly challenge: {
    /** Null: look straight ahead. */
    readonly asked: ChallengeStep | null
    readonly done: number
    readonly of: number
    readonly msLeft: number
    /** Why the last attempt ended; told while the next one has not begun. */
    readonly failure: ChallengeFailure | null
    /** Of `faceThresholds.challenge.attempts`, from 1. */
    readonly attempt: number
  }
  /** Frames looked at in the last second. */
  readonly fps: number
  /** Frames kept for the template, up to `faceThresholds.capture.frames`. */
  readonly kept: number
}

export interface CaptureResult {
  readonly capture: FaceCapture
  /** JPEG of 240x320. */
  readonly still: Blob
}

export interface CaptureRun {
  /** @throws AppError camera-lost, camera-black, camera-stalled, face-challenge-failed, face-frames-differ, face-capture-timeout, face-attack-suspected, face-worker-failed */
  readonly result: Promise<CaptureResult>
  /** Ends it; the result never comes. Camera and engine stay open. */
  stop(): void
}

export interface CaptureOptions {
  readonly engine: FaceEngine
  readonly camera: Camera
  /** Shows the camera's stream. */
  readonly video: HTMLVideoElement
  readonly onState: (state: CaptureState) => void
  /** 0 to below 1: the order of the challenge. */
  readonly random?: () => number
}

const unforeseeable = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32

/**
 * One person before the camera: guidance until the picture is good, the challenge, five good frames, the template. One frame is looked at
 * at a time, and the newest one next, so a slow machine sees fewer frames and never old ones.
 */
export function startCapture({ engine, camera, video, onState, random = unforeseeable }: CaptureOptions): CaptureRun {
  let stopped = false
  let fail: (error: unknown) => void = () => undefined
  const ended = new Promise<never>((_settle, reject) => (fail = reject))
  const steps = createCaptureSteps(engine, random)
  camera.onFault(fail)

  async function run(): Promise<CaptureResult> {
    await engine.forget()
    const times: number[] = []
    const black = createBlackWatch()
    const queue = createFrameQueue(video)
    try {
      while (!stopped) {
        const finding = await engine.look(await queue.next(), steps.needsDescriptor())
        const at = performance.now()
        black.see(finding.picture, at)
        while (times.length > 0 && times[0]! < at - 1000) times.shift()
        times.push(at)
        const result = await steps.see(finding, at)
        if (stopped) break
        onState({ ...steps.state(at), ...(result ? { phase: 'done' } : {}), fps: times.length })
        if (result) return result
      }
    } finally {
      queue.end()
    }
    return never()
  }

  const result = Promise.race([run(), ended]).catch((error: unknown) => {
    // Whoever has stopped it and closed the engine under it wants to hear nothing of it.
    if (stopped) return never()
    stopped = true
    onState({ ...steps.state(performance.now()), phase: 'failed', fps: 0 })
    throw error
  })
  return { result, stop: () => void (stopped = true) }
}

const never = () => new Promise<never>(() => undefined)

/** The camera's next frame is fetched while the last one is looked at: a tenth more frames. */
function createFrameQueue(video: HTMLVideoElement) {
  let coming = nextFrame(video)
  const drop = () => coming.then((frame) => frame.close(), () => undefined)
  return {
    async next(): Promise<ImageBitmap> {
      const frame = await coming
      coming = nextFrame(video)
      // Told where it is awaited, which may be never.
      coming.catch(() => undefined)
      return frame
    },
    end: () => void drop(),
  }
}

/** The next new frame of the camera. @throws AppError camera-stalled where none comes */
function nextFrame(video: HTMLVideoElement): Promise<ImageBitmap> {
  return new Promise<ImageBitmap>((settle, fail) => {
    let overdue = 0
    const watch = () => {
      overdue = window.setTimeout(() => {
        // A window that nobody sees gets no frames, and the camera is well.
        if (document.hidden) return watch()
        video.cancelVideoFrameCallback(asked)
        fail(new AppError('camera-stalled'))
      }, faceThresholds.capture.stalledMs)
    }
    watch()
    const asked = video.requestVideoFrameCallback(() => {
      clearTimeout(overdue)
      const scale = faceThresholds.capture.longestSide / Math.max(video.videoWidth, video.videoHeight)
      const smaller = scale < 1 ? { resizeWidth: Math.round(video.videoWidth * scale), resizeHeight: Math.round(video.videoHeight * scale), resizeQuality: 'medium' as const } : {}
      createImageBitmap(video, smaller).then(settle, (cause: unknown) => fail(new AppError('camera-failed', {}, { cause })))
    })
  })
}

/** A closed lens gives frames like any other, and all of them black. */
function createBlackWatch() {
  let since: number | null = null
  return {
    see({ luminance, contrast }: { luminance: number; contrast: number }, at: number): void {
      const { black, blackContrast } = faceThresholds.picture
      if (luminance > black || contrast > blackContrast) since = null
      else since ??= at
      if (since !== null && at - since > faceThresholds.capture.blackMs) throw new AppError('camera-black')
    },
  }
}

