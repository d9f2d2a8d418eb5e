import type { Exchanged } from './line.ts'

interface Push {
  readonly operations: readonly { readonly opId: string; readonly kind: string }[]
}

interface PushReply {
  readonly results: readonly { readonly opId: string; readonly outcome: string; readonly problem?: { readonly code: string; readonly retriable: boolean } }[]
}

/** Answers that say nothing of the operation itself. */
const later: readonly string[] = ['central-busy', 'idempotency-in-flight', 'too-many-requests']

/** Watches what the central service answers, also where the answer is lost on the way: one key, one answer. */
export function createWire(fault: (message: string) => void): { see(exchanged: Exchanged): void } {
  const answers = new Map<string, string>()

  function seeResult(kind: string, result: PushReply['results'][number]): void {
    const { opId, problem } = result
    if (problem && later.includes(problem.code)) return
    if (problem?.code === 'idempotency-key-reused') return fault(`a key came with other content: ${kind}`)
    const answer = JSON.stringify({ ...result, opId: undefined })
    const first = answers.get(opId)
    if (first !== undefined && first !== answer) return fault(`a repeated key (${kind}) was answered ${answer} after ${first}`)
    if (!problem?.retriable) answers.set(opId, answer)
  }

  return {
    see: ({ path, request, status, reply }) => {
      if (status >= 500) fault(`the central service answered ${status} to ${path.split('?', 1)[0]}`)
      if (!path.startsWith('/v1/sync/push') || status !== 200) return
      const { operations } = JSON.parse(request) as Push
      const { results } = JSON.parse(reply) as PushReply
      for (const result of results) seeResult(operations.find(({ opId }) => opId === result.opId)?.kind ?? 'unknown', result)
    },
  }
}
