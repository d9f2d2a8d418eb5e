import type { Pose } from './head.ts'

/** Frames after which somebody who sits still is where he was: clips are some such periods long, so that the end meets the beginning. */
export const period = 32

/** Nobody sits quite still. */
export function sittingStill(frame: number): Pose {
  const wave = (times: number, shift = 0) => Math.sin(2 * Math.PI * ((times * (frame % period)) / period + shift))
  return { yaw: 0.8 * wave(1), pitch: 0.6 * wave(1, 0.3), roll: 0.9 * wave(1, 0.1), zoom: 1 + 0.012 * wave(1), shift: [3 * wave(1, 0.6), 2 * wave(2, 0.2)] }
}

/** One movement after another, each led to, held and led back from. */
export interface Step {
  readonly to: Pose
  /** Frames: Chromium plays 30 a second, from the beginning again after the last. */
  readonly lead: number
  readonly hold: number
}

/** @returns how far each frame is in which step: 0 facing the camera, 1 as far as it goes */
export function inTurn(steps: readonly Step[]): { step: number; part: number }[] {
  return steps.flatMap(({ lead, hold }, step) => {
    const leading = Array.from({ length: lead }, (_, frame) => (1 - Math.cos((Math.PI * (frame + 1)) / (lead + 1))) / 2)
    return [...leading, ...Array<number>(hold).fill(1), ...leading.toReversed()].map((part) => ({ step, part }))
  })
}

/** @returns the pose on the way from facing the camera to this one */
export const towards = ({ yaw = 0, pitch = 0, roll = 0, mouth = 0 }: Pose, part: number): Pose => ({ yaw: yaw * part, pitch: pitch * part, roll: roll * part, mouth: mouth * part })

export const together = (one: Pose, other: Pose): Pose => ({
  ...one, yaw: (one.yaw ?? 0) + (other.yaw ?? 0), pitch: (one.pitch ?? 0) + (other.pitch ?? 0), roll: (one.roll ?? 0) + (other.roll ?? 0), mouth: other.mouth ?? one.mouth ?? 0,
})
