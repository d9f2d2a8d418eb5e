import type { FrameFinding } from '../../shared/domain/face/finding.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { FaceAnswer, FaceCall, FaceCalls, PictureFinding, TemplateMade } from './face-messages.ts'

export type { PictureFinding, PictureReason, TemplateMade } from './face-messages.ts'

/** The face nets in a worker of their own. Whoever opens it closes it: it holds a few hundred MB. */
export interface FaceEngine {
  readonly facts: { readonly backend: string; readonly simd: boolean; /** From the call to the first frame that could be looked at. */ readonly readyMs: number }
  /** Guidance. Takes the frame and closes it. @param describe tells the descriptor too, 30 ms more */
  look(frame: ImageBitmap, describe?: boolean): Promise<FrameFinding>
  /** Keeps the frame just looked at for the template. @param rank the best are kept. @returns how many are */
  keep(rank: number): Promise<number>
  /** Drops the kept frames. */
  forget(): Promise<void>
  /** The mean of the kept frames. @param reference a descriptor of the same person, to tell how far it is. @throws AppError face-frames-differ */
  makeTemplate(reference?: readonly number[] | null): Promise<TemplateMade>
  /** A picture from a file, of any size, turned as its EXIF says. @param largest take the largest of several faces instead of refusing */
  ofPicture(picture: Blob, largest?: boolean): Promise<PictureFinding>
  memory(): Promise<{ tensors: number; bytes: number }>
  /** Ends the worker; what waits fails with face-worker-failed. */
  close(): void
}

/** ms. Loading takes half a second to one; a call a tenth. Beyond these something hangs. */
const patience = { open: 20_000, call: 15_000 }

/**
 * Starts the worker, loads the models and runs each once.
 * @param folder where the files of face-assets.ts are served
 * @param attackModel where those of the operator's presentation-attack model are; null: there is none
 * @throws AppError face-worker-failed, face-wasm-unavailable, face-model-missing, face-model-damaged, face-attack-model-unusable
 */
export async function openFaceEngine({ folder = new URL('face/', document.baseURI).href, attackModel = usualAttackModel(folder) }: { folder?: string; attackModel?: string | null } = {}): Promise<FaceEngine> {
  const began = performance.now()
  const line = createLine(startWorker())
  try {
    const { backend, simd } = await line.ask('open', { folder, attackModel }, patience.open)
    return {
      facts: { backend, simd, readyMs: performance.now() - began },
      look: (frame, describe = false) => line.ask('look', { frame, describe }, patience.call, [frame]),
      keep: (rank) => line.ask('keep', { rank }),
      forget: async () => void (await line.ask('forget', {})),
      makeTemplate: (reference = null) => line.ask('template', { reference }),
      ofPicture: (picture, largest = false) => line.ask('picture', { picture, largest }),
      memory: () => line.ask('memory', {}),
      close: line.close,
    }
  } catch (error) {
    line.close()
    throw error
  }
}

/** The shell says on the page's root whether there is one (electron/shell-common/dress-page.ts): asking for what is not there would be an error in the console. */
const usualAttackModel = (folder: string) => (document.documentElement.hasAttribute('data-face-attack-model') ? new URL('attack-model/', folder).href : null)

function startWorker(): Worker {
  try {
    return new Worker(new URL('./face-worker.ts', import.meta.url), { type: 'module' })
  } catch (error) {
    throw new AppError('face-worker-failed', {}, { cause: error })
  }
}

interface Waiting {
  readonly settle: (value: unknown) => void
  readonly fail: (error: AppError) => void
}

/** Questions and answers by number. A worker that fails fails every question that waits, and each that comes. */
function createLine(worker: Worker) {
  const waiting = new Map<number, Waiting>()
  let next = 1
  let ended: AppError | null = null

  function end(error: AppError): void {
    ended ??= error
    worker.terminate()
    for (const { fail } of waiting.values()) fail(ended)
    waiting.clear()
  }
  worker.onerror = () => end(new AppError('face-worker-failed'))
  worker.onmessageerror = () => end(new AppError('face-worker-failed'))
  worker.onmessage = ({ data }: MessageEvent<FaceAnswer>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if ('error' in data) asked?.fail(AppError.fromWire(data.error))
    else asked?.settle(data.value)
  }

  function ask<Call extends FaceCall>(call: Call, what: FaceCalls[Call]['ask'], ms = patience.call, handedOver: Transferable[] = []): Promise<FaceCalls[Call]['answer']> {
    if (ended) return Promise.reject(ended)
    const id = next++
    return new Promise<unknown>((settle, fail) => {
      const overdue = setTimeout(() => end(new AppError('face-worker-failed', { what: 'overdue' })), ms)
      const done = <Value>(pass: (value: Value) => void) => (value: Value) => {
        clearTimeout(overdue)
        pass(value)
      }
      waiting.set(id, { settle: done(settle), fail: done(fail) })
      worker.postMessage({ call, id, ...what }, handedOver)
    }) as Promise<FaceCalls[Call]['answer']>
  }

  return { ask, close: () => end(new AppError('face-worker-failed', { what: 'closed' })) }
}
