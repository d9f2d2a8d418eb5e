import { Head, type Pose } from './head.ts'
import { inTurn, period, sittingStill, together, towards, type Step } from './movements.ts'
import { heldPhoto, onPaper, onScreen, type PhotoPose } from './photo.ts'
import { makeCanvas, paintMask, portraitOf } from './portrait.ts'
import { drawMesh, type Mesh, type Picture } from './raster.ts'
import { sitters } from './sitters.ts'

export const frameSize = { width: 640, height: 480 } as const

/** Frames of a clip, made one by one. */
export interface Scene {
  readonly frames: number
  frame(index: number): Picture
}

/** What every clip is made of. */
export interface Stage {
  readonly first: Head
  readonly second: Head
  readonly masked: Head
  /** An empty office. */
  readonly room: Picture
  /** Frames with one head that several clips are made from. */
  readonly seen: Map<string, Picture>
}

export async function setUpStage(samples: string): Promise<Stage> {
  const [first, second, masked] = await Promise.all([
    portraitOf(sitters.first, samples),
    portraitOf(sitters.second, samples),
    portraitOf(sitters.first, samples, (context) => paintMask(context, sitters.first)),
  ])
  return { first: new Head(sitters.first, first), second: new Head(sitters.second, second), masked: new Head(sitters.first, masked), room: emptyOffice(), seen: new Map() }
}

function emptyOffice(): Picture {
  const { context } = makeCanvas(frameSize.width, frameSize.height)
  const wall = context.createLinearGradient(0, 0, 640, 300)
  wall.addColorStop(0, '#b9bcb6')
  wall.addColorStop(1, '#d9d8cf')
  context.fillStyle = wall
  context.fillRect(0, 0, 640, 480)
  const things: [string, number, number, number, number][] = [
    ['#8e9aa3', 20, 40, 150, 110], ['#c7d6de', 28, 48, 134, 94], ['#7d6b58', 470, 60, 150, 14], ['#7d6b58', 470, 150, 150, 14], ['#5b6f86', 480, 82, 18, 68], ['#9b4a44', 500, 90, 14, 60],
    ['#54735c', 516, 78, 20, 72], ['#8a8375', 0, 400, 640, 80], ['#6f685c', 0, 400, 640, 6],
  ]
  for (const [colour, ...place] of things) {
    context.fillStyle = colour
    context.fillRect(...place)
  }
  return context.getImageData(0, 0, frameSize.width, frameSize.height)
}

function shot({ room }: Stage, ...meshes: readonly Mesh[]): Picture {
  const frame: Picture = { ...room, width: frameSize.width, height: frameSize.height, data: new Uint8ClampedArray(room.data) }
  for (const mesh of meshes) drawMesh(frame, mesh)
  return frame
}

function shotOf(stage: Stage, head: Head, pose: Pose): Picture {
  const key = `${[stage.first, stage.second, stage.masked].indexOf(head)} ${JSON.stringify(pose)}`
  const frame = stage.seen.get(key) ?? shot(stage, head.inPose(pose))
  stage.seen.set(key, frame)
  return frame
}

const still = (stage: Stage, head: Head, more: Pose = {}): Scene => ({
  frames: period,
  frame: (index) => shotOf(stage, head, { ...sittingStill(index), ...more }),
})

/** To the person's own left, which is the right side of the picture. */
const left: Step = { to: { yaw: 22 }, lead: 5, hold: 45 }
const right: Step = { to: { yaw: -22 }, lead: 5, hold: 45 }
const openMouth: Step = { to: { mouth: 0.4 }, lead: 4, hold: 45 }
const facing = (frames: number): Step => ({ to: {}, lead: 0, hold: frames })
/** In the order of `challengeSteps`. Begins and ends with time for guidance; a turn is held for 1.5 s: a machine that runs all tests at once sees three frames a second. */
const asAsked: readonly Step[] = [facing(45), left, facing(24), right, facing(24), openMouth, facing(48)]
/** A film of all that may be asked for, over and over, in the hope that it fits. */
const filmed: readonly Step[] = [facing(6), { ...right, hold: 12 }, facing(6), { ...left, hold: 12 }, facing(6), { ...openMouth, hold: 12 }]

/** @param whose who does each of the steps */
function moving(stage: Stage, steps: readonly Step[], whose: (step: number) => Head): Scene {
  const timeline = inTurn(steps)
  return {
    frames: timeline.length,
    frame(index) {
      const { step, part } = timeline[index] ?? { step: 0, part: 0 }
      return shotOf(stage, whose(step), together(sittingStill(index), towards(steps[step]?.to ?? {}, part)))
    },
  }
}

function held(stage: Stage, photo: Picture, frames: number, pose: (part: number) => PhotoPose): Scene {
  return { frames, frame: (index) => shot(stage, heldPhoto(photo, pose(index / frames))) }
}

/** A hand's, and the slow tilt of somebody who tries his luck. */
function tremor(part: number): PhotoPose {
  const wave = (times: number) => Math.sin(2 * Math.PI * times * part)
  return { yaw: 8 * wave(1), pitch: 3 * wave(2), roll: 2 * wave(1) + 0.5 * wave(7), zoom: 0.86 + 0.01 * wave(3), shift: [6 * wave(2) + 1.5 * wave(9), 4 * wave(3)] }
}

/** Tilted by 20, 35 and 50 degrees to both sides. */
function turnedAbout(part: number): PhotoPose {
  const angles = [20, -20, 35, -35, 50, -50]
  const step = part * angles.length
  return { yaw: (angles[Math.floor(step)] ?? 0) * Math.sin(Math.PI * (step % 1)) ** 0.5, zoom: 0.95 }
}

const changed = (scene: Scene, change: (value: number) => number): Scene => {
  const table = Array.from({ length: 256 }, (_, value) => change(value))
  return {
    ...scene,
    frame(index) {
      const { width, height, data } = scene.frame(index)
      return { width, height, data: data.map((value, place) => (place % 4 === 3 ? value : (table[value] ?? 0))) }
    },
  }
}

function blurred(scene: Scene): Scene {
  return {
    ...scene,
    frame(index) {
      const { data } = scene.frame(index)
      const { context: sharp, canvas } = makeCanvas(frameSize.width, frameSize.height)
      sharp.putImageData(new ImageData(data, frameSize.width), 0, 0)
      const { context } = makeCanvas(frameSize.width, frameSize.height)
      context.filter = 'blur(5px)'
      context.drawImage(canvas, 0, 0)
      return context.getImageData(0, 0, frameSize.width, frameSize.height)
    },
  }
}

/** The clips by name: what stands before the camera. */
export const scenes = {
  live: (stage) => still(stage, stage.first),
  challenge: (stage) => moving(stage, asAsked, () => stage.first),
  'other-person': (stage) => still(stage, stage.second),
  'person-swap': (stage) => moving(stage, asAsked, (step) => (step < 3 ? stage.first : stage.second)),
  'two-faces': (stage) => ({
    frames: period,
    frame(index) {
      const { zoom = 1, ...pose } = sittingStill(index)
      return shot(stage, stage.first.inPose({ ...pose, zoom: 0.72 * zoom, shift: [-150, 10] }), stage.second.inPose({ ...pose, zoom: 0.72 * zoom, shift: [150, 10] }))
    },
  }),
  'no-face': (stage) => ({ frames: 10, frame: () => shot(stage) }),
  dark: (stage) => changed(still(stage, stage.first), (value) => value * 0.2),
  overexposed: (stage) => changed(still(stage, stage.first), (value) => value * 1.7 + 60),
  blurred: (stage) => blurred(still(stage, stage.first)),
  far: (stage) => still(stage, stage.first, { zoom: 0.42, shift: [20, 30] }),
  masked: (stage) => still(stage, stage.masked),
  'attack-film': (stage) => moving(stage, filmed, () => stage.first),
  'attack-screen': (stage) => held(stage, onScreen(shotOf(stage, stage.first, {})), 45, tremor),
  'attack-print': (stage) => held(stage, onPaper(shotOf(stage, stage.first, {})), 45, tremor),
  'attack-turned-photo': (stage) => held(stage, onPaper(shotOf(stage, stage.first, {})), 60, turnedAbout),
  'attack-bent-photo': (stage) => held(stage, onPaper(shotOf(stage, stage.first, {})), 60, (part) => ({ ...turnedAbout(part), bent: 240 })),
  black: () => ({ frames: 10, frame: () => ({ ...frameSize, data: new Uint8ClampedArray(frameSize.width * frameSize.height * 4).map((_, place) => (place % 4 === 3 ? 255 : 0)) }) }),
} satisfies Record<string, (stage: Stage) => Scene>

export type ClipName = keyof typeof scenes
