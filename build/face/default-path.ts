import * as faceapi from '@vladmandic/face-api'

/**
 * Runs in the page: face-api as most use it, to hold ours against. SSD MobileNet finds the face, the package's own upright crop goes to
 * the recognition net.
 * @param at addresses of the models and of the WASM files
 */
export async function openDefaultPath(at: { readonly models: string; readonly wasm: string }): Promise<(picture: Blob) => Promise<number[] | null>> {
  const tf = faceapi.tf as unknown as { setWasmPaths(path: string): void; setBackend(name: string): Promise<boolean>; ready(): Promise<void>; getBackend(): string }
  tf.setWasmPaths(at.wasm)
  await tf.setBackend('wasm')
  await tf.ready()
  if (tf.getBackend() !== 'wasm') throw new Error(`The backend is ${tf.getBackend()}, not wasm.`)
  await Promise.all([faceapi.nets.ssdMobilenetv1, faceapi.nets.faceLandmark68Net, faceapi.nets.faceRecognitionNet].map((net) => net.loadFromUri(at.models)))
  return async (picture) => {
    const bitmap = await createImageBitmap(picture)
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height })
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
    bitmap.close()
    const found = await faceapi.detectSingleFace(canvas, new faceapi.SsdMobilenetv1Options()).withFaceLandmarks().withFaceDescriptor()
    return found ? [...found.descriptor] : null
  }
}
