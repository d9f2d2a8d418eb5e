import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleFaceTools, openFacePage } from '../../build/face/face-page.ts'
import type { openCamera } from '../../renderer/face/camera.ts'
import type { CaptureResult, CaptureState, startCapture } from '../../renderer/face/capture.ts'
import type { openFaceEngine } from '../../renderer/face/face-engine.ts'
import type { FaceCapture } from '../../shared/domain/face/capture.ts'
import type { ChallengeFailure } from '../../shared/domain/face/liveness.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))

export interface FaceTools {
  readonly openFaceEngine: typeof openFaceEngine
  readonly openCamera: typeof openCamera
  readonly startCapture: typeof startCapture
}

/** The camera and the capture of the page beside its engine. @returns the folder for `searchClip` */
export const bundleFaceSearch = (folder: string): Promise<string> =>
  bundleFaceTools(folder, ['camera', 'capture'].map((name) => `export * from ${JSON.stringify(join(repository, `renderer/face/${name}.ts`))}`).join('\n'))

/** What the page was told, whenever it changed. */
export interface SeenState extends Pick<CaptureState, 'phase' | 'reason'>, Pick<CaptureState['challenge'], 'asked' | 'done' | 'failure'> {
  /** ms since the search began. */
  readonly at: number
}

export interface Search {
  readonly seen: readonly SeenState[]
  /** 'done', an error code, or 'stopped' by `until`. */
  readonly outcome: string
  readonly tookMs: number
  readonly framesPerSecond: number
  readonly capture: FaceCapture | null
}

/** Where a search may stop early: a reason that stays for half a second, the challenge's beginning, the end of its first attempt, or of one that fails so; else it goes on to its own end. */
export type Until = 'reason' | 'challenge' | 'attempt' | ChallengeFailure | 'end'

export const fakeWebcam = (clip: string) => ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${clip}`]

/**
 * Lets the page's own capture look at a clip through Chromium's fake webcam. The challenge asks in the order of `challengeSteps`, which is
 * what the clips were made for.
 */
export async function searchClip(folder: string, clip: string, { until, patience = 40_000 }: { until: Until; patience?: number }): Promise<Search> {
  const { page, tools, close } = await openFacePage({ folder, args: fakeWebcam(clip) })
  try {
    return await page.evaluate(search, { address: tools, until, patience })
  } finally {
    await close()
  }
}

/** Runs in the page. */
async function search({ address, until, patience }: { address: string; until: Until; patience: number }): Promise<Search> {
  const tools = (await import(address)) as FaceTools
  const engine = await tools.openFaceEngine()
  const camera = await tools.openCamera()
  const video = Object.assign(document.createElement('video'), { srcObject: camera.stream, muted: true })
  document.body.append(video)
  await video.play()
  const began = performance.now()
  const seen: SeenState[] = []
  let frames = 0
  let stop: (outcome: string) => void = () => undefined
  const stopped = new Promise<string>((resolve) => (stop = resolve))
  const onState = ({ phase, reason, challenge: { asked, done, failure } }: CaptureState): void => {
    frames++
    const now = performance.now() - began
    const last = seen.at(-1)
    const same = last && last.phase === phase && last.reason === reason && last.asked === asked && last.done === done && last.failure === failure
    if (!same) seen.push({ at: Math.round(now), phase, reason, asked, done, failure })
    if (until === 'reason' && same && reason !== null && now - last.at > 500) stop('stopped')
    if (until === 'challenge' && phase === 'challenge') stop('stopped')
    if (failure !== null && (until === 'attempt' || until === failure)) stop('stopped')
  }
  const overdue = setTimeout(() => stop('stopped'), patience)
  const run = tools.startCapture({ engine, camera, video, onState, random: () => 0 })
  const result = run.result.then((made): CaptureResult | string => made, (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)))
  const ended = await Promise.race([result, stopped])
  clearTimeout(overdue)
  run.stop()
  const tookMs = performance.now() - began
  camera.close()
  engine.close()
  return {
    seen, tookMs: Math.round(tookMs), framesPerSecond: Math.round((frames / tookMs) * 10_000) / 10,
    outcome: typeof ended === 'string' ? ended : 'done',
    capture: typeof ended === 'string' ? null : ended.capture,
  }
}
