import { randomUUID } from 'node:crypto'
import type { BindingDecision } from '../../../shared/api/binding-reviews.ts'
import { attachmentChunkSize } from '../../../shared/contract/attachment-chunk.ts'
import type { BridgeServices } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralBindingReviews } from '../central/central-port.ts'
import type { HostPorts } from '../ports.ts'
import { downloadOptions, saveContent } from './attachments/save-content.ts'
import type { ReviewedContents } from './reviewed-contents.ts'
import { checkedReason } from './reviews.service.ts'
import { orCentralNeeded } from './session/out-of-reach.ts'

/**
 * 项目人员登记绑定审核: passes on to the central service and keeps nothing here.
 * @throws AppError `review-needs-network` where it cannot be reached
 */
export function createBindingReviewsService(central: CentralBindingReviews, contents: ReviewedContents, dialogs: Pick<HostPorts['dialogs'], 'saveFile'>): BridgeServices['bindingReviews'] {
  /** Decisions whose answer was lost: given again, they go under the same key. */
  const unanswered = new Map<string, string>()

  return {
    projects: (input) => online(central.searchReviewedProjects(input)),
    people: (input) => online(central.searchReviewedPeople(input)),
    open: async ({ id }) => {
      const found = await online(central.readReviewedBinding(id))
      contents.told(id, found.registration?.attachments ?? [])
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
    decide: async ({ decision, reason, people }) => {
      const words = checkedReason(decision, reason)
      const asked = people.map(({ id, version, registrationVersion, attachmentsSeq }) => {
        const what = JSON.stringify([id, version, registrationVersion, attachmentsSeq, decision, words])
        const opId = unanswered.get(what) ?? randomUUID()
        unanswered.set(what, opId)
        const seen = { opId, id, baseVersion: version, registrationVersion, attachmentsSeq }
        const request: BindingDecision = decision === 'approved' ? { decision, ...seen } : { decision, ...seen, reason: words }
        return { what, id, opId, request }
      })
      const byKey = new Map((await online(central.decideBindings(asked.map(({ request }) => request)))).map((result) => [result.opId, result]))
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

const online = <T>(attempt: Promise<T>): Promise<T> => orCentralNeeded(attempt, 'review-needs-network')
