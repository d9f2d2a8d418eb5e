import type { WorkSolution } from '../../shared/api/self-registrations.ts'
import type { CentralClient } from './central-client.ts'
import { solveWork } from './proof-of-work.ts'

/** Milliseconds; a challenge is good for half an hour, and the form may be long on its way. */
const freshFor = 20 * 60_000

export interface WorkAhead {
  /** Begins while the form is being filled in; what comes of it is asked later. */
  begin(): void
  /** A solution that nobody has used. @throws LineBroken, Refused */
  take(): Promise<WorkSolution>
}

export function createWorkAhead(client: Pick<CentralClient, 'newWork'>, now: () => number = () => Date.now(), solve = solveWork): WorkAhead {
  let ready: { at: number; solution: Promise<WorkSolution> } | null = null
  const start = () => {
    const solution = client.newWork().then((challenge) => solve(challenge))
    // Asked again when it is taken.
    solution.catch(() => undefined)
    return { at: now(), solution }
  }
  return {
    begin: () => {
      if (ready === null || now() - ready.at > freshFor) ready = start()
    },
    take: async () => {
      const begun = ready !== null && now() - ready.at <= freshFor ? ready : null
      ready = null
      // Begun without a line, it is begun once more.
      return begun === null ? start().solution : begun.solution.catch(() => start().solution)
    },
  }
}
