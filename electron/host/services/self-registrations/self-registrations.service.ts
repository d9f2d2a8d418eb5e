import { attachmentChunkSize } from '../../../../shared/contract/attachment-chunk.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { idCardFrontType, portraitType } from '../../../../shared/domain/attachments.ts'
import { largestSelfPhoto, selfPhotos, workerFormOf, type SelfPhoto } from '../../../../shared/domain/self-registration.ts'
import { reasonMaxLength, reasonProblem } from '../../../../shared/domain/reasons.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralSelfRegistrations } from '../../central/central-port.ts'
import { newId } from '../../database/new-id.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import type { Clock, Log } from '../../ports.ts'
import { createAskedOnce, online as orNeeded } from '../asked-once.ts'
import { createLocalWork } from '../local-work.ts'
import { beginRecord } from '../registrations/begin-record.ts'

export interface SelfRegistrationsContext {
  readonly local: LocalDatabase
  readonly central: CentralSelfRegistrations
  readonly attachments: Pick<BridgeServices['attachments'], 'beginAdding' | 'addChunk' | 'finishAdding'>
  readonly bindings: Pick<BridgeServices['bindings'], 'add'>
  readonly clock: Clock
  readonly log: Log
  /** Rows of the register that changed. */
  readonly changed: (ids: string[]) => void
  readonly damaged?: () => void
}

/** What each is among 人员相片. */
const photoTypes: Readonly<Record<SelfPhoto, string>> = { 'id-card': idCardFrontType, 'portrait': portraitType }

const online = <T>(call: Promise<T>): Promise<T> => orNeeded(call, 'central-needed')

/** 扫码登记 of the open unit: asked of the central service each time, and kept here only once it is a registration that the clerk has begun. */
export function createSelfRegistrationsService(context: SelfRegistrationsContext): BridgeServices['selfRegistrations'] {
  const { local, central, attachments, clock, log } = context
  const { write } = createLocalWork(local, clock, context.damaged)
  const once = createAskedOnce(() => newId(clock.now()), 'central-needed')
  /** The photo that was looked at last, as it goes over the bridge piece by piece. */
  let held: { readonly key: string; readonly content: Promise<Buffer> } | undefined

  function photoOf(id: string, photo: SelfPhoto): Promise<Buffer> {
    const key = `${id} ${photo}`
    if (held?.key !== key) held = { key, content: fetchWhole(id, photo) }
    const { content } = held
    content.catch(() => (held = undefined))
    return content
  }

  async function fetchWhole(id: string, photo: SelfPhoto): Promise<Buffer> {
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of await online(central.readSelfRegistrationPhoto(id, photo))) {
      size += piece.length
      if (size > largestSelfPhoto) throw new AppError('central-reply-invalid', { route: 'readSelfRegistrationPhoto' })
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  }

  /** Whatever goes wrong with a photo, the form is there: the clerk adds it by hand. @returns whether it is there */
  async function takePhoto(recordId: string, id: string, photo: SelfPhoto): Promise<boolean> {
    try {
      const content = await photoOf(id, photo)
      const { id: adding } = await attachments.beginAdding({ recordId, type: photoTypes[photo], name: `${photo}.jpg`, size: content.length, proofDate: null })
      for (let offset = 0; offset < content.length; offset += attachmentChunkSize) {
        await attachments.addChunk({ id: adding, offset, chunk: content.subarray(offset, offset + attachmentChunkSize).toString('base64') })
      }
      await attachments.finishAdding({ id: adding })
      return true
    } catch (error) {
      if (!(error instanceof AppError)) log.error('photo of a form', error)
      return false
    }
  }

  async function addToProject(projectId: string, recordId: string): Promise<void> {
    const [result] = (await context.bindings.add({ projectId, recordIds: [recordId] })).results
    // On the project already, by whichever way: that is what was wanted.
    if (result?.refusal && result.refusal.code !== 'binding-here') throw new AppError(result.refusal.code, result.refusal.details)
  }

  return {
    waiting: async ({ projectId }) => ({ items: await online(central.listSelfRegistrations(projectId)) }),
    open: ({ id }) => online(central.readSelfRegistration(id)),
    readPhoto: async ({ id, photo, offset }) => {
      const content = await photoOf(id, photo)
      return { chunk: content.subarray(offset, offset + attachmentChunkSize).toString('base64'), size: content.length }
    },
    accept: async ({ id }) => {
      const { values, projectId } = await online(central.readSelfRegistration(id))
      const recordId = await write((trx, place) => beginRecord(trx, 'worker', workerFormOf(values), clock.now(), place)).catch(async (error: unknown) => {
        // Begun before, and perhaps broken off right then: the form that there is comes onto the project all the same.
        if (AppError.is(error, 'registration-here')) await context.bindings.add({ projectId, recordIds: [String(error.details['id'])] })
        throw error
      })
      context.changed([recordId])
      await addToProject(projectId, recordId)
      const taken: boolean[] = []
      for (const photo of selfPhotos) taken.push(await takePhoto(recordId, id, photo))
      held = undefined
      return { recordId, photos: taken.every(Boolean) }
    },
    acceptRegistered: async ({ id }) => {
      const { projectId, registrationId } = await online(central.readSelfRegistration(id))
      if (registrationId === null) throw new AppError('not-found')
      await addToProject(projectId, registrationId)
      await once(`registered ${id}`, (key) => central.settleSelfRegistration(id, { decision: 'registered', registrationId }, key))
      return {}
    },
    giveBack: async ({ id, reason }) => {
      const problem = reasonProblem(reason)
      if (problem) throw new AppError(problem, { max: reasonMaxLength })
      await once(`returned ${id} ${reason.trim()}`, (key) => central.settleSelfRegistration(id, { decision: 'returned', reason: reason.trim() }, key))
      return {}
    },
  }
}
