import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFacePage, type FacePage } from '../../build/face/face-page.ts'
import type { Camera } from '../../renderer/face/camera.ts'
import type { FaceEngine } from '../../renderer/face/face-engine.ts'
import { faceClips } from '../support/face-clips/face-clips.ts'
import { bundleFaceSearch, fakeWebcam, type FaceTools } from '../support/face-search.ts'
import { alone, atLeast, atMost, report } from './measure.ts'

// The page's own engine and capture before the fake webcam at 640x480, without a graphics card: what guidance costs and leaves behind.
const starts = 3
const guidanceSeconds = 12
const templates = 12
const frames = 1000

declare global {
  interface Window {
    faces: { tools: FaceTools; engine: FaceEngine; camera: Camera; video: HTMLVideoElement }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'face-guidance-'))
try {
  await bundleFaceSearch(folder)
  report(await measure((await faceClips()).live))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(clip: string) {
  const ready: number[] = []
  for (let start = 1; start < starts; start++) {
    const opened = await openFacePage({ folder, args: fakeWebcam(clip) })
    ready.push(await opened.page.evaluate(openFaces, opened.tools))
    await opened.close()
  }
  const faces = await openFacePage({ folder, args: fakeWebcam(clip) })
  try {
    const before = await memoryOf(faces)
    ready.push(await faces.page.evaluate(openFaces, faces.tools))
    const guided = await faces.page.evaluate(guide, guidanceSeconds)
    const made = await faces.page.evaluate(makeTemplates, templates)
    const growth = await faces.page.evaluate(tensorGrowth, frames)
    const used = await memoryOf(faces)
    const left = await memoryAfterLeaving(faces)
    return [
      alone('worker-ready', ready, { bound: atMost(1500, 'ms') }),
      alone('guidance', guided.framesPerSecond, { unit: '/s', bound: atLeast(15, '/s') }),
      alone('longest-gap', [Math.max(...guided.gaps)], { bound: atMost(50, 'ms') }),
      alone('good-frame-to-template', made, { bound: atMost(600, 'ms') }),
      alone(`tensors-more-after-${frames}-frames`, [growth], { unit: 'tensors', bound: atMost(0, 'tensors') }),
      alone('memory', [used], { unit: 'MB', bound: atMost(500, 'MB') }),
      alone('memory-left-behind', [left - before], { unit: 'MB', bound: atMost(100, 'MB') }),
    ]
  } finally {
    await faces.close()
  }
}

/**
 * Resident memory of the page's process with its worker, in MB. Without what is shared with other processes: Chromium's fake webcam
 * leaves some 400 frames mapped there once a page has looked at them, engine or not, and keeps them when the camera is closed.
 */
async function memoryOf({ page }: FacePage): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const kilobytes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => {
    const status = readFileSync(`/proc/${id}/status`, 'utf8')
    const [resident, shared] = ['VmRSS', 'RssShmem'].map((name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN))
    return (resident ?? NaN) - (shared ?? NaN)
  })
  // A spare one waits beside it.
  return Math.max(...kilobytes) / 1024
}

/** Once the engine is closed the worker goes with its memory, a moment later. */
async function memoryAfterLeaving(faces: FacePage): Promise<number> {
  await faces.page.evaluate(() => {
    window.faces.camera.close()
    window.faces.engine.close()
    window.faces.video.remove()
  })
  const devtools = await faces.page.context().newCDPSession(faces.page)
  const readings: number[] = []
  for (let second = 0; second < 5; second++) {
    await devtools.send('HeapProfiler.collectGarbage')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    readings.push(await memoryOf(faces))
  }
  return Math.min(...readings)
}

/** Runs in the page. @returns ms until the worker could look at a frame */
async function openFaces(address: string): Promise<number> {
  const tools = (await import(address)) as FaceTools
  const engine = await tools.openFaceEngine()
  const camera = await tools.openCamera()
  const video = Object.assign(document.createElement('video'), { srcObject: camera.stream, muted: true })
  document.body.append(video)
  await video.play()
  window.faces = { tools, engine, camera, video }
  return engine.facts.readyMs
}

/** Runs in the page: guidance as it is, into the challenge that nobody answers. */
async function guide(seconds: number): Promise<{ framesPerSecond: number[]; gaps: number[] }> {
  const { tools, engine, camera, video } = window.faces
  const framesPerSecond: number[] = []
  const gaps: number[] = []
  const began = performance.now()
  let before = began
  let over = false
  // When it really came, not when it was due.
  const watch = (): void => {
    const now = performance.now()
    gaps.push(now - before)
    before = now
    if (!over) requestAnimationFrame(watch)
  }
  requestAnimationFrame(() => {
    before = performance.now()
    requestAnimationFrame(watch)
  })
  // The first second has not been a second yet.
  const run = tools.startCapture({ engine, camera, video, onState: ({ fps }) => void (performance.now() - began > 1500 && framesPerSecond.push(fps)) })
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  run.stop()
  over = true
  return { framesPerSecond, gaps }
}

/** Runs in the page. @returns ms from the fifth good frame to the template, each time */
async function makeTemplates(rounds: number): Promise<number[]> {
  const { engine, video } = window.faces
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await engine.forget()
    let began = 0
    for (let frame = 0; frame < 5; frame++) {
      await engine.look(await createImageBitmap(video))
      began = performance.now()
      await engine.keep(1)
    }
    await engine.makeTemplate()
    times.push(performance.now() - began)
  }
  return times
}

/** Runs in the page. */
async function tensorGrowth(count: number): Promise<number> {
  const { engine, video } = window.faces
  const before = await engine.memory()
  for (let frame = 0; frame < count; frame++) await engine.look(await createImageBitmap(video), frame % 15 === 0)
  return (await engine.memory()).tensors - before.tensors
}

