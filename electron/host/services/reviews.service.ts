import { randomUUID } from 'node:crypto'
import { attachmentChunkSize } from '../../../shared/contract/attachment-chunk.ts'
import type { BridgeServices } from '../../../shared/contract/index.ts'
import { reasonMaxLength, reasonProblem } from '../../../shared/domain/reasons.ts'
import type { ReviewDecision } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralPort } from '../central/central-port.ts'
import type { HostPorts } from '../ports.ts'
import { downloadOptions, saveContent } from './attachments/save-content.ts'
import type { ReviewedContents } from './reviewed-contents.ts'
import { orCentralNeeded } from './session/out-of-reach.ts'

type ReviewCalls = Pick<CentralPort, 'searchPending' | 'decide' | 'readPending' | 'listDecided' | 'listReviewsOf'>
type Dialogs = Pick<HostPorts['dialogs'], 'saveFile'>

const pageSize = 50

/**
 * 登记审核: passes on to the central service and keeps nothing here.
 * @throws AppError `review-needs-network` where it cannot be reached
 */
export function createReviewsService(central: ReviewCalls, contents: ReviewedContents, dialogs: Dialogs): BridgeServices['reviews'] {
  /** Decisions whose answer was lost: given again, they go under the same key. */
  const unanswered = new Map<string, string>()

  return {
    pending: (input) => online(central.searchPending({ ...input, limit: pageSize })),
    open: async ({ id }) => {
      const found = await online(central.readPending(id))
      contents.told(id, found.attachments)
      return found
    },
    readAttachment: async ({ id, attachmentId, offset }) => {
      const content = await online(contents.read({ registrationId: id, attachmentId }))
      return { chunk: content.subarray(offset, offset + attachmentChunkSize).toString('base64'), size: content.length }
    },
    downloadAttachment: async ({ id, attachmentId }) => {
      const of = { registrationId: id, attachmentId }
      const [{ type, mediaType, fileName }, content] = await online(Promise.all([contents.describe(of), contents.read(of)]))
      const saved = await dialogs.saveFile(downloadOptions({ type, mediaType, name: fileName }), (path) => saveContent(path, content.length, async (offset) => content.subarray(offset, offset + attachmentChunkSize)))
      return { saved: saved !== null }
    },
    decided: ({ cursor }) => online(central.listDecided(cursor)),
    ofRegistration: ({ id }) => online(central.listReviewsOf(id)),
    decide: async ({ decision, reason, registrations }) => {
      const words = checkedReason(decision, reason)
      const asked = registrations.map(({ id, version, attachmentsSeq }) => {
        const what = JSON.stringify([id, version, attachmentsSeq, decision, words])
        const opId = unanswered.get(what) ?? randomUUID()
        unanswered.set(what, opId)
        const seen = { opId, id, baseVersion: version, attachmentsSeq }
        return { what, id, opId, request: decision === 'approved' ? { decision, ...seen } : { decision, ...seen, reason: words } }
      })
      const { results } = await online(central.decide(asked.map(({ request }) => request)))
      const byKey = new Map(results.map((result) => [result.opId, result]))
      return {
        results: asked.map(({ what, id, opId }) => {
          const result = byKey.get(opId)
          if (!result) throw new AppError('central-reply-invalid')
          unanswered.delete(what)
          return { id, problem: result.outcome === 'applied' ? null : { code: result.problem.code, details: result.problem.details } }
        }),
      }
    },
  }
}

/** 审核意见 of a refusal, as it goes out. @throws AppError reason-missing, reason-too-long, reason-has-number */
export function checkedReason(decision: ReviewDecision, reason: string): string {
  if (decision === 'approved') return ''
  const problem = reasonProblem(reason)
  if (problem) throw new AppError(problem, { max: reasonMaxLength })
  return reason.trim()
}

const online = <T>(attempt: Promise<T>): Promise<T> => orCentralNeeded(attempt, 'review-needs-network')
