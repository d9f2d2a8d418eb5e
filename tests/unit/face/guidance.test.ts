import { describe, expect, it } from 'vitest'
import type { FrameFinding } from '../../../shared/domain/face/finding.ts'
import { guidanceReasons, guidanceSentences, guide, type GuidanceReason } from '../../../shared/domain/face/guidance.ts'
import { frontalFace, openMouth, turnedHead, turnedInPlane } from './faces.ts'
import { emptyFrame, findingOf } from './findings.ts'

const good = findingOf()
const pixels = good.face!.pixels
const several = (finding: FrameFinding, count = 5) => Array.from({ length: count }, () => finding)

const bad: readonly (readonly [GuidanceReason, FrameFinding])[] = [
  ['no-face', emptyFrame()],
  ['too-dark', emptyFrame(20)],
  ['too-bright', emptyFrame(240)],
  ['many-faces', findingOf(frontalFace, { faces: 2 })],
  ['too-far', findingOf(frontalFace, { face: { eyeDistance: 42 } })],
  ['too-near', findingOf(frontalFace, { face: { eyeDistance: 200 } })],
  ['off-centre', findingOf(frontalFace, { face: { box: { x: 0, y: 120, width: 200, height: 200 } } })],
  ['too-dark', findingOf(frontalFace, { face: { pixels: { ...pixels, luminance: 29 } } })],
  ['too-bright', findingOf(frontalFace, { face: { pixels: { ...pixels, luminance: 217 } } })],
  ['blurred', findingOf(frontalFace, { face: { pixels: { ...pixels, sharpness: 46 } } })],
  ['covered', findingOf(frontalFace, { face: { lipEdge: 0.12 } })],
  ['look-straight', findingOf(turnedHead(10))],
  ['head-tilted', findingOf(turnedInPlane(frontalFace, 12))],
  ['mouth-open', findingOf(openMouth(frontalFace, 0.5))],
]

describe('guidance', () => {
  it.each(bad)('says %s', (reason, finding) => {
    expect(guide(several(finding))).toEqual({ reason, steady: false })
  })

  it('says nothing and lets it go on after some good frames', () => {
    expect(guide(several(good))).toEqual({ reason: null, steady: true })
    expect(guide(several(good, 3)).steady).toBe(false)
  })

  it('says the most important of several: who is far away and turned comes nearer first', () => {
    const turned = findingOf(turnedHead(10), { face: { eyeDistance: 40, pixels: { ...pixels, sharpness: 46 } } })
    expect(guide(several(turned)).reason).toBe('too-far')
  })

  it('does not flicker for one frame, and does not take it for good either', () => {
    const once = [...several(good, 4), emptyFrame()]
    expect(guide(once)).toEqual({ reason: 'no-face', steady: false })
    expect(guide([...several(emptyFrame(), 3), good, good]).reason).toBe('no-face')
  })

  it('takes landmarks that waver for something that covers the face, and a head that turns for none', () => {
    const wavering = Array.from({ length: 12 }, (_, at) => findingOf(frontalFace.map(({ x, y }, point) => ({ x: x + (((point * 7 + at * 5) % 11) - 5), y: y + (((point * 3 + at * 4) % 9) - 4) }))))
    expect(guide(wavering).reason).toBe('covered')
    expect(guide(Array.from({ length: 6 }, (_, at) => findingOf(turnedHead(at * 4)))).reason).toBe('look-straight')
  })

  it('knows closed eyes by the same person’s open ones, whatever those are like', () => {
    const eyes = (eyeDarkness: number) => findingOf(frontalFace, { face: { eyeDarkness } })
    expect(guide([...several(eyes(0.12)), ...several(eyes(0.5))]).reason).toBe('eyes-closed')
    expect(guide([...several(eyes(0.41)), ...several(eyes(0.45))]).reason).toBe(null)
  })

  it('has a sentence for each reason', () => {
    for (const reason of guidanceReasons) expect(guidanceSentences[reason]).toMatch(/[一-鿿]{4,}/)
  })
})
