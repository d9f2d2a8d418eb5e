import { chipSize, chipTransform, stillSize, stillTransform } from '../../shared/domain/face/alignment.ts'
import type { FrameFinding } from '../../shared/domain/face/finding.ts'
import { eyesOf } from '../../shared/domain/face/geometry.ts'
import { meanDescriptor, meanWithoutOutliers } from '../../shared/domain/face/mean-descriptor.ts'
import { descriptorDistance, faceCropVersion, faceModelId } from '../../shared/domain/face/template.ts'
import { faceThresholds } from '../../shared/domain/face/thresholds.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { AttackModel } from './attack-model.ts'
import type { TemplateMade } from './face-messages.ts'
import type { FaceNets } from './face-nets.ts'
import { createFaceSurface, mirrored } from './face-surface.ts'
import { describeFace, findFaces } from './find-face.ts'

interface KeptFrame {
  readonly rank: number
  readonly descriptor: readonly number[]
  readonly still: OffscreenCanvas
  readonly attackScore: number | null
}

function judge({ least }: AttackModel, kept: readonly KeptFrame[]): TemplateMade['attack'] {
  const score = kept.reduce((sum, { attackScore }) => sum + (attackScore ?? 0), 0) / kept.length
  return { score, genuine: score >= least }
}

/** What is done with the frames of one camera. */
export function createFrameWork(nets: FaceNets, attackModel: AttackModel | null) {
  const surface = createFaceSurface()
  let last: FrameFinding | null = null
  let kept: KeptFrame[] = []

  async function look(frame: ImageBitmap, describe: boolean): Promise<FrameFinding> {
    last = null
    const picture = { width: frame.width, height: frame.height }
    surface.put(frame)
    frame.close()
    const { count, largest, luminance, contrast } = await findFaces(nets, surface, faceThresholds.detector)
    const face = largest ? await describeFace(nets, surface, largest) : null
    const [descriptor] = face && describe ? await nets.descriptors([surface.chip(chipTransform(face.landmarks), chipSize)]) : []
    last = { picture: { ...picture, luminance, contrast }, faces: count, face, descriptor: descriptor ? [...descriptor] : null }
    return last
  }

  /** Described at once, 60 ms: when the last good frame comes the template is as good as made. */
  async function keep(rank: number): Promise<number> {
    const face = last?.face
    const worst = kept.length < faceThresholds.capture.frames ? -Infinity : (kept.at(-1)?.rank ?? -Infinity)
    if (face && rank > worst) {
      const chip = surface.chip(chipTransform(face.landmarks), chipSize)
      const still = surface.still(stillTransform(eyesOf(face.landmarks)), stillSize)
      const descriptor = meanDescriptor(await nets.descriptors([chip, mirrored(chip, chipSize)]))
      kept = [...kept, { rank, descriptor, still, attackScore: attackModel ? attackModel.score(surface, face.box) : null }].sort((a, b) => b.rank - a.rank).slice(0, faceThresholds.capture.frames)
    }
    return kept.length
  }

  async function makeTemplate(reference: readonly number[] | null): Promise<TemplateMade> {
    const [best] = kept
    if (!best) throw new AppError('face-capture-timeout')
    const { mean, left, spread } = meanWithoutOutliers(kept.map(({ descriptor }) => descriptor), faceThresholds.capture.outlier)
    if (left < kept.length - 1) throw new AppError('face-frames-differ')
    return {
      template: { descriptor: mean, modelId: faceModelId, cropVersion: faceCropVersion },
      still: await best.still.convertToBlob({ type: 'image/jpeg', quality: 0.88 }),
      spread,
      fromReference: reference ? descriptorDistance(mean, reference) : 0,
      attack: attackModel ? judge(attackModel, kept) : null,
    }
  }

  /** The first run of a net compiles it, which takes up to half a second: not while somebody waits before the camera. */
  async function warmUp(): Promise<void> {
    const { inputSize, score } = faceThresholds.detector
    await nets.detect(new Uint8ClampedArray(inputSize * inputSize * 4), inputSize, score)
    await nets.landmarks(new Uint8ClampedArray(112 * 112 * 4), 112)
    await nets.descriptors([new Uint8ClampedArray(chipSize * chipSize * 4)])
  }

  return { look, keep, forget: () => void (kept = []), makeTemplate, warmUp }
}
