import type { FaceCheckReceipt, RecordFaceCheck } from '../../../shared/api/faces.ts'
import { kindOfContent } from '../../../shared/domain/attachments.ts'
import type { FaceNotKeptReason } from '../../../shared/domain/face/check.ts'
import { faceDescriptorSchema } from '../../../shared/domain/face/template.ts'
import * as v from 'valibot'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { findLiveBinding } from '../bindings/binding.repository.ts'
import type { RegistrationWithPerson } from '../registrations/registration.repository.ts'
import { forgetFaceData, putFaceData } from './face-data.repository.ts'

type Kept = Pick<FaceCheckReceipt, 'keptTemplate' | 'keptPicture' | 'notKept'>

interface Came {
  readonly check: RecordFaceCheck
  readonly checkId: string
  readonly registration: RegistrationWithPerson
  /** The consent was withdrawn then, after the check was made; null: it holds. */
  readonly withdrawnAt: string | null
  /** When it was given, and not after it came here: a withdrawal is later, whatever the workstation's clock says. */
  readonly consentAt: string
  readonly now: Date
}

const nothing: Kept = { keptTemplate: false, keptPicture: false, notKept: null }

/**
 * Keeps, sealed, what of a face came with its check, where the project's switch is on and the person is on that project; in the place of what there was.
 * A new check that brings nothing ends what an earlier one brought: the person has decided otherwise.
 */
export async function keepFaceData(context: ServiceContext, trx: CentralDb, who: Who, came: Came): Promise<Kept> {
  const { check: { sent, consent }, checkId, registration: { id }, withdrawnAt, consentAt, now } = came
  await forgetFaceData(trx, who.organizationId, { registrationId: id })
  if (!sent || (sent.template === null && sent.picture === null)) return nothing
  if (withdrawnAt !== null) return { ...nothing, notKept: 'consent-withdrawn' }
  const place = await placeFor(trx, who, came.registration, sent.projectId)
  if (typeof place === 'string') return { ...nothing, notKept: place }
  const template = sent.template !== null && isTemplate(sent.template) ? sent.template : null
  const picture = sent.picture !== null && isJpeg(sent.picture) ? sent.picture : null
  const notKept = template !== sent.template || picture !== sent.picture ? 'unreadable' : null
  if (template === null && picture === null) return { ...nothing, notKept }
  await putFaceData(trx, {
    id, check_id: checkId, binding_id: place.bindingId,
    template_sealed: template && context.personal.seal(template, { column: 'face_data.template', rowId: id }),
    picture_sealed: picture && context.personal.seal(picture, { column: 'face_data.picture', rowId: id }),
    consent_version: consent.version, consent_at: consentAt, received_at: now.toISOString(),
  })
  return { keptTemplate: template !== null, keptPicture: picture !== null, notKept }
}

/** The unit's row is held, so that the operator who turns the switch off meanwhile finds what is kept here. */
async function placeFor(trx: CentralDb, who: Who, { id_card_no_hash }: RegistrationWithPerson, projectId: string): Promise<{ bindingId: string } | FaceNotKeptReason> {
  const binding = await findLiveBinding(trx, projectId, id_card_no_hash)
  // A project that is not the unit's is answered as one that the person is not on.
  if (binding?.organization_id !== who.organizationId) return 'not-on-project'
  const project = await trx.selectFrom('project').select('faces_may_be_sent').where('id', '=', projectId).executeTakeFirst()
  return project?.faces_may_be_sent === 1 ? { bindingId: binding.id } : 'project-forbids'
}

function isTemplate(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  const descriptor = Array.from({ length: bytes.length / Float32Array.BYTES_PER_ELEMENT }, (_, index) => bytes.readFloatLE(index * Float32Array.BYTES_PER_ELEMENT))
  return v.is(faceDescriptorSchema, descriptor)
}

const isJpeg = (text: string): boolean => kindOfContent(Buffer.from(text, 'base64url')) === 'jpeg'
