import type { Answer, Ask } from './messages.ts'

/** A client's own process: does what it is asked, one thing at a time. */
export function serveAsks(handlers: { readonly [K in Ask['kind']]: (ask: Extract<Ask, { kind: K }>) => Promise<number[]> }): void {
  const tell = (answer: Answer) => void process.send?.(answer)
  process.on('message', (message) => {
    const ask = message as Ask
    const handle = handlers[ask.kind] as (ask: Ask) => Promise<number[]>
    handle(ask).then(
      (took) => tell({ kind: 'done', took }),
      (error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
  tell({ kind: 'ready' })
}

export async function timed(task: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await task()
  return performance.now() - started
}
