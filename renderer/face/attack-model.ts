import * as faceapi from '@vladmandic/face-api'
import * as v from 'valibot'
import { attackModelSchema, genuineShare, type AttackModelFacts } from '../../shared/domain/face/attack-model.ts'
import type { FaceBox } from '../../shared/domain/face/geometry.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { FaceSurface } from './face-surface.ts'

/** An operator's own model that tells a face from a picture of one. None is shipped, and nothing is claimed of any. */
export interface AttackModel {
  /** Least mean score of a capture. */
  readonly least: number
  /** 1 genuine, 0 an attack. */
  score(surface: FaceSurface, box: FaceBox): number
}

interface GraphModel {
  predict(input: faceapi.tf.Tensor): faceapi.tf.Tensor | faceapi.tf.Tensor[]
}
/** In face-api's bundle of TensorFlow.js, and not in its typings. */
const { loadGraphModel } = faceapi.tf as unknown as { loadGraphModel(address: string): Promise<GraphModel> }
const { tf } = faceapi

/**
 * @param folder address of a folder with attack-model.json, model.json and its weights, with a slash at its end
 * @throws AppError face-attack-model-unusable: an operator who wants one is not left without it unknowingly
 */
export async function loadAttackModel(folder: string): Promise<AttackModel> {
  const facts = await readFacts(folder)
  const model = await loadModel(folder)
  const { inputSize, cropScale, least } = facts
  const score = (surface: FaceSurface, { x, y, width, height }: FaceBox): number => {
    const side = cropScale * Math.max(width, height)
    const rgba = surface.pixelsOfBox({ x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side }, inputSize)
    return tf.tidy(() => {
      const answer = model.predict(toInput(rgba, facts))
      const share = genuineShare((Array.isArray(answer) ? answer[0] : answer)?.dataSync() ?? [], facts)
      if (share === null) throw new AppError('face-attack-model-unusable', { file: 'model.json' })
      return share
    })
  }
  return { least, score }
}

async function readFacts(folder: string): Promise<AttackModelFacts> {
  const file = 'attack-model.json'
  try {
    const answer = await fetch(new URL(file, folder))
    return v.parse(attackModelSchema, await answer.json())
  } catch (error) {
    throw new AppError('face-attack-model-unusable', { file }, { cause: error })
  }
}

async function loadModel(folder: string): Promise<GraphModel> {
  const file = 'model.json'
  try {
    return await loadGraphModel(new URL(file, folder).href)
  } catch (error) {
    throw new AppError('face-attack-model-unusable', { file }, { cause: error })
  }
}

function toInput(rgba: Uint8ClampedArray, { inputSize, channels, range, layout }: AttackModelFacts): faceapi.tf.Tensor {
  const count = inputSize * inputSize
  const order = channels === 'rgb' ? [0, 1, 2] : [2, 1, 0]
  const values = new Float32Array(count * 3)
  for (let at = 0; at < count; at++) {
    for (const [channel, from] of order.entries()) values[layout === 'nhwc' ? at * 3 + channel : channel * count + at] = (rgba[at * 4 + from]! * range) / 255
  }
  return tf.tensor4d(values, layout === 'nhwc' ? [1, inputSize, inputSize, 3] : [1, 3, inputSize, inputSize])
}
