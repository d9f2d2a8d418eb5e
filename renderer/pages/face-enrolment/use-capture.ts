import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { AppError } from '../../../shared/errors/app-error.ts'
import { toAppError } from '../../bridge/failure.ts'
import { listCameras, openCamera, watchCameras, type Camera, type CameraInfo } from '../../face/camera.ts'
import { startCapture, type CaptureResult, type CaptureRun, type CaptureState } from '../../face/capture.ts'
import type { FaceEngine } from '../../face/face-engine.ts'

export interface Capturing {
  readonly cameras: Readonly<ShallowRef<readonly CameraInfo[]>>
  /** Of the camera that is used; setting it changes over. */
  readonly chosen: Ref<string>
  readonly state: Readonly<ShallowRef<CaptureState | null>>
  readonly failure: Readonly<ShallowRef<AppError | null>>
  begin(): Promise<void>
}

/** The camera that was chosen last, for as long as the program runs: whoever has two takes the same one for the whole crew. */
let lastCamera = ''

/**
 * A camera and a capture, for as long as what shows them. One that fails says why and is begun anew by the clerk, and by itself
 * when a camera is plugged in.
 * @param taken called with each capture that came to its end
 */
export function useCapture(engine: FaceEngine, video: Readonly<ShallowRef<HTMLVideoElement | null>>, taken: (result: CaptureResult) => void): Capturing {
  const cameras = shallowRef<readonly CameraInfo[]>([])
  const chosen = ref('')
  const state = shallowRef<CaptureState | null>(null)
  const failure = shallowRef<AppError | null>(null)
  let camera: Camera | undefined
  let run: CaptureRun | undefined
  let turn = 0

  function end(): void {
    turn++
    run?.stop()
    camera?.close()
    run = camera = undefined
  }

  async function begin(): Promise<void> {
    end()
    const mine = turn
    failure.value = state.value = null
    try {
      const opened = await open()
      if (mine !== turn) return opened.close()
      camera = opened
      chosen.value = lastCamera = opened.deviceId
      cameras.value = await listCameras()
      const element = video.value
      if (mine !== turn || !element) return
      element.srcObject = opened.stream
      await element.play()
      if (mine !== turn) return
      run = startCapture({ engine, camera: opened, video: element, onState: (now) => (state.value = now) })
      const result = await run.result
      if (mine !== turn) return
      end()
      taken(result)
    } catch (error) {
      if (mine !== turn) return
      end()
      failure.value = toAppError(error)
    }
  }

  /** The one that is wanted; where it is gone, any. */
  async function open(): Promise<Camera> {
    if (lastCamera === '') return openCamera()
    return openCamera(lastCamera).catch((error: unknown) => {
      if (toAppError(error).code !== 'camera-missing') throw error
      return openCamera()
    })
  }

  async function pluggedInOrOut(): Promise<void> {
    cameras.value = await listCameras()
    if (failure.value && cameras.value.some(({ virtual }) => !virtual)) await begin()
  }

  watch(chosen, (id) => {
    if (id === '' || id === camera?.deviceId) return
    lastCamera = id
    void begin()
  })
  const unwatch = watchCameras(() => void pluggedInOrOut())
  onMounted(begin)
  onBeforeUnmount(() => {
    unwatch()
    end()
  })
  return { cameras, chosen, state, failure, begin }
}
