import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue'
import { AppError } from '../../../shared/errors/app-error.ts'
import { toAppError } from '../../bridge/failure.ts'
import { openFaceEngine, type FaceEngine } from '../../face/face-engine.ts'

export interface HeldFaceEngine {
  /** Null until it is ready, and where it could not be had. */
  readonly engine: Readonly<ShallowRef<FaceEngine | null>>
  readonly failure: Readonly<ShallowRef<AppError | null>>
  /** Once more as well: the one before is closed. */
  start(): Promise<void>
}

/**
 * The engine of this page, gone with it. One window at a time has one: two would take turns at the camera and need the memory of two.
 * Of another window it is said that it is there.
 */
export function useFaceEngine(): HeldFaceEngine {
  const engine = shallowRef<FaceEngine | null>(null)
  const failure = shallowRef<AppError | null>(null)
  let release: (() => void) | undefined
  let left = false

  async function start(): Promise<void> {
    failure.value = null
    engine.value?.close()
    engine.value = null
    try {
      release ??= await holdPlace()
      if (left) return release()
      const opened = await openFaceEngine()
      if (left) return opened.close()
      engine.value = opened
    } catch (error) {
      failure.value = toAppError(error)
    }
  }
  onBeforeUnmount(() => {
    left = true
    engine.value?.close()
    release?.()
  })
  return { engine, failure, start }
}

/** @throws AppError face-page-elsewhere */
async function holdPlace(): Promise<() => void> {
  return new Promise((resolve, reject) => {
    void navigator.locks.request('face-enrolment', { ifAvailable: true }, (lock) => {
      if (!lock) return reject(new AppError('face-page-elsewhere'))
      return new Promise<void>((release) => resolve(release))
    })
  })
}
