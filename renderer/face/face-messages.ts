import type { FrameFinding } from '../../shared/domain/face/finding.ts'
import type { FaceTemplate } from '../../shared/domain/face/template.ts'
import type { WireError } from '../../shared/errors/app-error.ts'

/** What was found in a picture from a file. */
export type PictureFinding = { readonly template: FaceTemplate; readonly still: Blob } | { readonly reason: PictureReason }
export type PictureReason = 'no-face' | 'many-faces' | 'unreadable' | 'too-large'

/** The mean of the kept frames. */
export interface TemplateMade {
  readonly template: FaceTemplate
  /** JPEG of 240x320, of the best frame. */
  readonly still: Blob
  /** Farthest of the frames from their mean, and from the descriptor that was given; a stranger among them is far. */
  readonly spread: number
  readonly fromReference: number
  /** Mean of the frames, 1 genuine, and whether it reaches what the operator asks for; null without a presentation-attack model. */
  readonly attack: { readonly score: number; readonly genuine: boolean } | null
}

/** The page asks, the worker answers; one at a time. */
export interface FaceCalls {
  open: { ask: { folder: string; /** Of the operator's presentation-attack model. */ attackModel: string | null }; answer: { backend: string; simd: boolean } }
  look: { ask: { frame: ImageBitmap; describe: boolean }; answer: FrameFinding }
  /** Of the frame just looked at. The best are kept; the answer says how many. */
  keep: { ask: { rank: number }; answer: number }
  forget: { ask: Record<never, never>; answer: null }
  template: { ask: { reference: readonly number[] | null }; answer: TemplateMade }
  picture: { ask: { picture: Blob; largest: boolean }; answer: PictureFinding }
  memory: { ask: Record<never, never>; answer: { tensors: number; bytes: number } }
}
export type FaceCall = keyof FaceCalls
export type FaceAsk = { [Call in FaceCall]: { readonly call: Call; readonly id: number } & FaceCalls[Call]['ask'] }[FaceCall]
export type FaceAnswer = { readonly id: number; readonly value: FaceCalls[FaceCall]['answer'] } | { readonly id: number; readonly error: WireError }
