import { describe, expect, it } from 'vitest'
import { challengeSteps, type ChallengeStep } from '../../../shared/domain/face/capture.ts'
import type { FaceLandmarks } from '../../../shared/domain/face/geometry.ts'
import { advanceChallenge, challengeOrder, needsDescriptor, startChallenge, type Challenge } from '../../../shared/domain/face/liveness.ts'
import { faceThresholds } from '../../../shared/domain/face/thresholds.ts'
import { frontalFace, openMouth, turnedHead, turnedPicture } from './faces.ts'
import { emptyFrame, findingOf, personAt } from './findings.ts'

const poses: Readonly<Record<ChallengeStep | 'straight', FaceLandmarks>> = { 'straight': frontalFace, 'turn-left': turnedHead(22), 'turn-right': turnedHead(-22), 'open-mouth': openMouth(frontalFace, 0.5) }
const order: readonly ChallengeStep[] = ['turn-right', 'open-mouth', 'turn-left']

/** Somebody before the camera at 15 frames a second, described whenever that is asked for. */
function sitter(challenge: Challenge = startChallenge(order, 1000)) {
  let [state, at] = [challenge, 1000]
  return {
    get state() {
      return state
    },
    show(landmarks: FaceLandmarks, { frames = 6, who = 0, faces = 1, every = 66 } = {}) {
      for (let frame = 0; frame < frames; frame++) {
        at += every
        state = advanceChallenge(state, findingOf(landmarks, { faces, descriptor: needsDescriptor(state) ? personAt(who) : null }), at)
      }
      return state
    },
    leave(ms: number) {
      for (const until = at + ms; at < until;) state = advanceChallenge(state, emptyFrame(), (at += 66))
      return state
    },
    wait(ms: number) {
      at += ms
    },
  }
}

describe('the challenge', () => {
  it('is passed by one person who does what is asked, in its order', () => {
    const person = sitter()
    for (const step of order) {
      person.show(poses.straight)
      expect(person.state.asked).toBe(step)
      person.show(poses[step])
    }
    expect(person.show(poses.straight)).toMatchObject({ outcome: 'passed', done: 3 })
  })

  it('asks for every step once, in any order', () => {
    let seed = 1
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
    const orders = new Set(Array.from({ length: 200 }, () => challengeOrder(random).join()))
    expect(orders.size).toBe(6)
    for (const found of orders) expect(found.split(',').sort()).toEqual([...challengeSteps].sort())
  })

  it('is not begun before the head looks straight ahead, nor a step asked for before it has come back', () => {
    const person = sitter()
    expect(person.show(poses['turn-right']).asked).toBe(null)
    person.show(poses.straight)
    expect(person.show(poses['turn-right'], { frames: 30 })).toMatchObject({ done: 1, asked: null })
  })

  it('is not passed by a flat picture, however it is turned', () => {
    const picture = sitter(startChallenge(['turn-left', 'turn-right', 'open-mouth'], 1000))
    picture.show(poses.straight)
    for (const degrees of [20, 35, 50, 65]) expect(picture.show(turnedPicture(degrees), { frames: 5 }).done, `${degrees}`).toBe(0)
  })

  it('ends where another pose is shown than was asked for: a film in another order', () => {
    const film = sitter()
    film.show(poses.straight)
    expect(film.show(poses['turn-left'])).toMatchObject({ outcome: 'wrong-way', asked: null })
  })

  it('ends where somebody else does the next step, or takes over straight ahead', () => {
    const inPose = sitter()
    inPose.show(poses.straight)
    expect(inPose.show(poses['turn-right'], { who: 0.8 })).toMatchObject({ outcome: 'other-person', done: 0 })
    const back = sitter()
    back.show(poses.straight)
    back.show(poses['turn-right'])
    expect(back.show(poses.straight, { who: 0.8 })).toMatchObject({ outcome: 'other-person', done: 1 })
  })

  it('bears the same person’s turned face, which is farther from the first frame', () => {
    const person = sitter()
    person.show(poses.straight)
    expect(person.show(poses['turn-right'], { who: 0.43 }).done).toBe(1)
  })

  it('ends where the face is gone for longer than half a second, and not for a blink of the detector', () => {
    const person = sitter()
    person.show(poses.straight)
    expect(person.leave(300).outcome).toBe(null)
    person.show(poses.straight, { frames: 2 })
    expect(person.leave(700).outcome).toBe('face-lost')
  })

  it('ends where somebody else comes into the picture', () => {
    const person = sitter()
    person.show(poses.straight)
    expect(person.show(poses.straight, { faces: 2, frames: 2 }).outcome).toBe(null)
    expect(person.show(poses.straight, { faces: 2, frames: 3 }).outcome).toBe('many-faces')
  })

  it('ends where a step takes too long', () => {
    const person = sitter()
    person.show(poses.straight)
    expect(person.show(poses.straight, { frames: Math.ceil(faceThresholds.challenge.stepMs / 66) + 1 }).outcome).toBe('too-slow')
  })

  it('compares the person again after frames were missing, and ends where they were for seconds: the machine slept', () => {
    const person = sitter()
    person.show(poses.straight)
    person.wait(900)
    person.show(poses.straight, { frames: 1 })
    expect(needsDescriptor(person.state)).toBe(true)
    person.wait(4000)
    expect(person.show(poses.straight, { frames: 1 }).outcome).toBe('face-lost')
  })

  it('holds a pose for several frames before it counts', () => {
    const person = sitter()
    person.show(poses.straight)
    person.show(poses['turn-right'], { frames: 2 })
    expect(person.show(poses.straight, { frames: 1 })).toMatchObject({ done: 0, asked: 'turn-right' })
  })
})
