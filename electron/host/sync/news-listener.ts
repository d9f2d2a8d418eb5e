import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralPort } from '../central/central-port.ts'
import { readMeta } from '../database/meta.repository.ts'
import type { SyncContext } from './sync-context.ts'

export interface NewsOptions {
  readonly ask: CentralPort['awaitNews']
  /** Something happened to a binding that this unit reviews; null where the account reviews none. */
  readonly bindingsChanged: (() => void) | null
}

/** ms between an answer and the next question: a service that answers at once must not be asked all the time. */
const rest = 200
/** ms after which a change is told once more: another one may have been on its way when the first was seen. */
const again = 2_500

/** Keeps a question open at the central service while nothing else is under way, so that what others do shows within seconds. */
export function listenForNews(context: Pick<SyncContext, 'local' | 'log'>, { ask, bindingsChanged }: NewsOptions, pull: () => void): { pause(): void; resume(): void } {
  const { db } = context.local
  let listening: AbortController | undefined
  let bindings = bindingsChanged ? '' : null

  async function listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const after = Number((await readMeta(db, 'cursor')) ?? '0')
      const news = await ask({ after, bindings }, signal)
      if (signal.aborted) return
      if (bindings !== null && news.bindings !== bindings) {
        bindings = news.bindings
        // Also the first answer may be news: where there was no binding yet, it comes with the first one.
        tellBindings()
      }
      // It pauses this, and resumes it.
      if (news.seq !== after) return pull()
      await new Promise((resolve) => setTimeout(resolve, rest))
    }
  }

  function tellBindings(): void {
    bindingsChanged?.()
    if (bindingsChanged) setTimeout(bindingsChanged, again).unref()
  }

  return {
    pause: () => listening?.abort(),
    resume: () => {
      listening?.abort()
      const mine = (listening = new AbortController())
      // What is wrong with the line, or with the session, the next pull tells.
      listen(mine.signal).catch((error: unknown) => {
        if (!(mine.signal.aborted || error instanceof AppError)) context.log.error('news', error)
      })
    },
  }
}
