import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { FaceComparison } from '../../../../shared/contract/faces.contract.ts'
import { kindOfContent } from '../../../../shared/domain/attachments.ts'
import { largestFacePicture } from '../../../../shared/domain/face/check.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../../shared/errors/codes.ts'
import { newId } from '../../database/new-id.ts'
import type { StoredRecord } from '../../database/record.repository.ts'
import { bytesOf, findTemplate, noteEvent, putTemplate } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import type { ConsentRow } from '../../faces/face-tables.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { compareFace, requireConsent } from './compare.ts'
import { mayBeSent, refuseLeft } from './face-person.ts'
import { actor, notBefore, type FacesContext } from './faces-context.ts'
import { noteForQueue, queueNoted } from './journal.ts'

type Input = Parameters<BridgeServices['faces']['enrol']>[0]

/** Of whom a refusal is noted: a face that is another's. What was only left out may be tried again at once. */
const telling: readonly ErrorCode[] = ['face-is-registered', 'face-not-of-document', 'face-other-than-before']

/**
 * 保存 of a capture: template, event and what is to be told of it are one transaction of the face file; the write is queued behind it (`journal.ts`).
 * @throws AppError what the contract says of `enrol`; nothing is saved then, but that a face was refused
 */
export async function enrolFace(context: FacesContext, file: FaceFile, record: StoredRecord, input: Input): Promise<void> {
  refuseLeft(record)
  const consent = await requireConsent(file, record.id)
  const comparison = await compareFace(context, file, record, input)
  const before = await findTemplate(file.db, record.id)
  const at = notBefore(context.clock.now(), consent.at)
  const event = { registration_id: record.id, at, ...actor(context), similarity: comparison.document?.similarity ?? null }
  try {
    judge(comparison, input, before !== undefined)
  } catch (error) {
    if (error instanceof AppError && telling.includes(error.code)) await noteEvent(file.db, { ...event, what: 'refused', reason: '', code: error.code })
    throw error
  }
  const opId = newId(context.clock.now())
  const decided = isDecidedByClerk(comparison)
  const sendFor = consent.send === 1 && (await mayBeSent(context.local.db, input.projectId)) ? input.projectId : null
  await file.db.transaction().execute(async (trx) => {
    await putTemplate(trx, { ...rowOf(file, record, consent, input), op_id: opId, at, ...actor(context) })
    const reason = [input.reason, decided ? input.decision : null].filter((each) => each !== null).join('；')
    await noteEvent(trx, { ...event, what: before ? 'enrolled-again' : 'enrolled', reason, code: null })
    await noteForQueue(trx, opId, {
      kind: 'record-face-check', registrationId: record.id, accountId: context.account.id, at, score: comparison.document?.similarity ?? null, outcome: decided ? 'decided-by-clerk' : 'matched',
      decisionReason: decided ? input.decision : null, liveness: 'passed', modelId: input.capture.template.modelId, cropVersion: input.capture.template.cropVersion,
      consent: { version: consent.text_version, at: consent.at, channel: consent.channel, guardian: consent.guardian_json !== null }, sendFor,
    })
  })
  await context.scan.put({ id: record.id, descriptor: Float32Array.from(input.capture.template.descriptor) })
  await queueNoted(context, file)
}

/** Without a picture on the document there is nothing that a machine could compare with. */
const isDecidedByClerk = ({ document }: FaceComparison): boolean => document?.outcome !== 'match'

/** @throws AppError why it is not to be saved, or what of the clerk's is wanting */
function judge({ document, candidates, otherThanBefore }: FaceComparison, { decision, notThePerson, reason }: Input, isAnew: boolean): void {
  if (candidates.some(({ kind }) => kind === 'duplicate')) throw new AppError('face-is-registered')
  if (otherThanBefore) throw new AppError('face-other-than-before')
  if (document?.outcome === 'refused') throw new AppError('face-not-of-document')
  if (candidates.some(({ recordId }) => !notThePerson.includes(recordId))) throw new AppError('face-similar')
  if (document?.outcome !== 'match' && decision === null) throw new AppError('face-decision-missing')
  if (isAnew && reason === null) throw new AppError('face-reason-missing')
}

function rowOf(file: FaceFile, record: StoredRecord, consent: ConsentRow, { capture: { template, quality, liveness }, picture }: Input) {
  return {
    registration_id: record.id,
    consent_id: consent.id,
    id_card_no_hash: file.hashOf(newestValues(record).idCardNo),
    descriptor: bytesOf(template.descriptor),
    model_id: template.modelId,
    crop_version: template.cropVersion,
    quality_json: JSON.stringify(quality),
    liveness_json: JSON.stringify(liveness),
    picture: consent.keep_picture === 1 ? jpegOf(picture) : null,
  }
}

/** What is no JPEG, or larger than one of that size ever is, is not kept: nobody could look at it. */
function jpegOf(base64: string | null): Uint8Array | null {
  if (base64 === null) return null
  const bytes = Buffer.from(base64, 'base64')
  return kindOfContent(bytes) === 'jpeg' && bytes.length <= largestFacePicture ? bytes : null
}
