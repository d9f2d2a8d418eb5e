import * as faceapi from '@vladmandic/face-api'
import type { FaceBox, FacePoint } from '../../shared/domain/face/geometry.ts'
import { chipSize } from '../../shared/domain/face/alignment.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { FaceAssetName } from './face-assets.ts'
import { fetchFaceAssets, type FaceAssetBytes } from './fetch-face-assets.ts'

/** What face-api's bundle has of TensorFlow.js beyond what its typings tell. */
interface TensorRuntime {
  env(): { set(flag: string, value: boolean): void; getAsync(flag: string): Promise<unknown>; platform: { fetch?: (address: string) => Promise<Response> } }
  setWasmPaths(paths: Record<string, string>, usePlatformFetch: boolean): void
  setBackend(name: string): Promise<boolean>
  getBackend(): string
  ready(): Promise<void>
  memory(): { numTensors: number; numBytes: number }
}
const runtime = faceapi.tf as unknown as TensorRuntime
const { tf } = faceapi
const wasmFile = 'tfjs-backend-wasm-simd.wasm' satisfies FaceAssetName

/** Square pictures go in as RGBA, as a canvas has them; what comes out is in px of that square. */
export interface FaceNets {
  readonly backend: string
  readonly simd: boolean
  detect(rgba: Uint8ClampedArray, size: number, leastScore: number): Promise<{ box: FaceBox; score: number }[]>
  landmarks(rgba: Uint8ClampedArray, size: number): Promise<FacePoint[]>
  /** Each of 150x150. */
  descriptors(chips: readonly Uint8ClampedArray[]): Promise<Float32Array[]>
  memory(): { tensors: number; bytes: number }
}

/**
 * Loads the three nets onto WebAssembly with SIMD. Never onto anything else: without a graphics card WebGL is 20 to 46 times slower, and
 * left to choose the library takes it (ADR 0046).
 * @param folder where the files of face-assets.ts are served
 * @throws AppError face-wasm-unavailable, face-model-missing, face-model-damaged
 */
export async function loadFaceNets(folder: string): Promise<FaceNets> {
  const files = fetchFaceAssets(folder)
  const simd = await startBackend(await files[wasmFile])
  await Promise.all([
    loadNet(files, faceapi.nets.tinyFaceDetector, 'tiny_face_detector_model'),
    loadNet(files, faceapi.nets.faceLandmark68Net, 'face_landmark_68_model'),
    loadNet(files, faceapi.nets.faceRecognitionNet, 'face_recognition_model'),
  ])
  return { backend: runtime.getBackend(), simd, detect, landmarks, descriptors, memory: () => ({ tensors: runtime.memory().numTensors, bytes: runtime.memory().numBytes }) }
}

async function startBackend(binary: ArrayBuffer): Promise<boolean> {
  prepareEnvironment()
  if (!canRun(binary)) throw new AppError('face-wasm-unavailable')
  const flags = runtime.env()
  // Its threads come from blob: addresses, which the CSP forbids, and brought nothing on two cores.
  flags.set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  // The library wants to be told of all its builds, and asks for the one itself: it gets the bytes that were checked.
  flags.platform.fetch = async () => new Response(binary, { headers: { 'content-type': 'application/wasm' } })
  runtime.setWasmPaths(Object.fromEntries([wasmFile, 'tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map((name) => [name, name])), true)
  const simd = (await flags.getAsync('WASM_HAS_SIMD_SUPPORT')) === true
  const chosen = simd && (await runtime.setBackend('wasm'))
  await runtime.ready()
  // Its own again, of its prototype: an operator's model is fetched by it.
  delete flags.platform.fetch
  if (!chosen || runtime.getBackend() !== 'wasm') throw new AppError('face-wasm-unavailable')
  return simd
}

function canRun(binary: ArrayBuffer): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(binary)
}

/** face-api knows pages and Node; a worker is neither. It is given pixels only, so nothing here is ever asked for a picture. */
function prepareEnvironment(): void {
  const absent = () => {
    throw new Error('there is no document in a worker')
  }
  const environment = {
    Canvas: OffscreenCanvas, CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D, Image: class {}, ImageData, Video: class {},
    createCanvasElement: absent, createImageElement: absent, createVideoElement: absent, fetch: absent, readFile: absent,
  }
  faceapi.env.setEnv(environment as unknown as Parameters<typeof faceapi.env.setEnv>[0])
}

async function loadNet(files: FaceAssetBytes, net: faceapi.NeuralNetwork<unknown>, name: 'tiny_face_detector_model' | 'face_landmark_68_model' | 'face_recognition_model'): Promise<void> {
  const [weights, manifest] = await Promise.all([files[`${name}.bin`], files[`${name}.json`]])
  const groups = JSON.parse(new TextDecoder().decode(manifest)) as { weights: Parameters<typeof tf.io.decodeWeights>[1] }[]
  net.loadFromWeightMap(tf.io.decodeWeights(weights, groups.flatMap((group) => group.weights)))
}

async function detect(rgba: Uint8ClampedArray, size: number, leastScore: number) {
  const input = toTensor(rgba, size)
  try {
    const found = await faceapi.nets.tinyFaceDetector.locateFaces(input, { inputSize: size, scoreThreshold: leastScore })
    return found.map(({ box, score }) => ({ box: { x: box.x, y: box.y, width: box.width, height: box.height }, score }))
  } finally {
    input.dispose()
  }
}

async function landmarks(rgba: Uint8ClampedArray, size: number): Promise<FacePoint[]> {
  const input = toTensor(rgba, size)
  try {
    const found = await faceapi.nets.faceLandmark68Net.detectLandmarks(input)
    return (found as faceapi.FaceLandmarks68).positions.map(({ x, y }) => ({ x, y }))
  } finally {
    input.dispose()
  }
}

async function descriptors(chips: readonly Uint8ClampedArray[]): Promise<Float32Array[]> {
  const found: Float32Array[] = []
  // One by one: a batch is no faster on WebAssembly and takes its memory all at once.
  for (const chip of chips) {
    const input = toTensor(chip, chipSize)
    try {
      found.push((await faceapi.nets.faceRecognitionNet.computeFaceDescriptor(input)) as Float32Array)
    } finally {
      input.dispose()
    }
  }
  return found
}

/** Packed here: slicing the alpha channel off in the library costs 15 ms a frame more. */
function toTensor(rgba: Uint8ClampedArray, size: number): faceapi.tf.Tensor3D {
  const rgb = new Int32Array(size * size * 3)
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!
    rgb[to + 1] = rgba[from + 1]!
    rgb[to + 2] = rgba[from + 2]!
  }
  return tf.tensor3d(rgb, [size, size, 3], 'int32')
}
