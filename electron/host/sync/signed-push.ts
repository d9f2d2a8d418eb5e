import type { PushOperation } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralPort, SubmissionProof } from '../central/central-port.ts'
import type { SyncCentral } from './sync-context.ts'

/** Has the unit's CA lock sign operations. @throws AppError submission-needs-key where none is open */
export type SignSubmission = (operations: readonly PushOperation[]) => Promise<SubmissionProof>

/**
 * Signs what is pushed, from the first time on that the central service wants it signed (docs/ca-key.md, Signed submissions).
 * Without a lock it is asked again: the operator may have turned the switch back.
 */
export function withSignedPush(central: CentralPort, sign: SignSubmission): SyncCentral {
  let wanted = false
  return {
    pull: (cursor, signal) => central.pull(cursor, signal),
    readRegistration: (id, signal) => central.readRegistration(id, signal),
    reportReveals: (reveals, signal) => central.reportReveals(reveals, signal),
    push: async (operations, signal) => {
      const proof = wanted ? await sign(operations).catch(noneWithoutKey) : undefined
      try {
        return await central.push(operations, signal, proof)
      } catch (error) {
        if (!AppError.is(error, 'submission-not-signed')) throw error
        wanted = true
      }
      return central.push(operations, signal, await sign(operations))
    },
  }
}

function noneWithoutKey(error: unknown): undefined {
  if (!AppError.is(error, 'submission-needs-key')) throw error
}
