import { AppError } from '../../shared/errors/app-error.ts'
import type { FaceAnswer, FaceAsk, FaceCalls } from './face-messages.ts'
import { loadFaceNets, type FaceNets } from './face-nets.ts'
import { createFrameWork } from './frame-work.ts'
import { loadAttackModel } from './attack-model.ts'
import { templateOfPicture } from './picture-work.ts'

/** The page's module worker for faces: models, frames and kept crops live here and end with it. */
const scope = globalThis as unknown as { onmessage: ((event: MessageEvent<FaceAsk>) => void) | null; postMessage(answer: FaceAnswer): void }
let opened: { nets: FaceNets; frames: ReturnType<typeof createFrameWork> } | null = null

scope.onmessage = ({ data }) => void answer(data)

async function answer(ask: FaceAsk): Promise<void> {
  try {
    scope.postMessage({ id: ask.id, value: await handle(ask) })
  } catch (error) {
    const foreseen = error instanceof AppError ? error : new AppError('face-worker-failed', { what: error instanceof Error ? error.message.slice(0, 120) : 'unknown' }, { cause: error })
    scope.postMessage({ id: ask.id, error: foreseen.toWire() })
  }
}

async function handle(ask: FaceAsk): Promise<FaceCalls[FaceAsk['call']]['answer']> {
  if (ask.call === 'open') {
    const nets = await loadFaceNets(ask.folder)
    opened = { nets, frames: createFrameWork(nets, ask.attackModel === null ? null : await loadAttackModel(ask.attackModel)) }
    await opened.frames.warmUp()
    return { backend: nets.backend, simd: nets.simd }
  }
  if (!opened) throw new AppError('face-worker-failed', { what: 'not-open' })
  const { nets, frames } = opened
  switch (ask.call) {
    case 'look':
      return frames.look(ask.frame, ask.describe)
    case 'keep':
      return frames.keep(ask.rank)
    case 'forget':
      frames.forget()
      return null
    case 'template':
      return frames.makeTemplate(ask.reference)
    case 'picture':
      return templateOfPicture(nets, ask.picture, ask.largest)
    case 'memory':
      return nets.memory()
  }
}
