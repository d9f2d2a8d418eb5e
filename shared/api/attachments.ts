import * as v from 'valibot'
import { attachmentMediaTypes, fileNameMaxLength } from '../domain/attachments.ts'
import { parseDate } from '../domain/dates.ts'
import { attachmentType } from '../dictionaries/attachment-type.ts'
import { idSchema, instantSchema } from './primitives.ts'
import { route } from './route.ts'

/**
 * 附件 and 人员相片 of a registration, and attachments of the unit itself (企业基本信息).
 *
 * Whose it is. An attachment names its registration by the registration's id, which its workstation has made, and null stands
 * for the own unit. It follows the creation of the registration: an upload that names one the unit does not have is answered
 * `not-found`, so a workstation sends attachments of a registration only once its creation is confirmed. A registration that is
 * withdrawn takes its attachments with it; one that has left keeps them and takes no more (`registration-left`).
 *
 * How it gets here. The workstation makes the attachment's id, asks with `attachStored` whether the unit has this content
 * already, and is done if so. `attachment-content-unknown` says that the bytes are wanted; they come by tus 1.0 (core,
 * creation, termination, expiration). The upload's address is known beforehand, `uploadsPath/{id}` with the attachment's own
 * id, so nothing has to be remembered to go on: HEAD tells how much is here, 404 that it must be created (again). POST of an
 * id that is here already changes nothing. With the last byte the size, the kind and the SHA-256 are checked, and the
 * attachment is there in the moment in which that PATCH is answered; whoever lost that answer hears from HEAD that all is here. What came of
 * a PATCH that broke off is kept, and each request may take 30 s: on a poor line send smaller pieces. An upload that nobody goes
 * on with is forgotten after `uploadKeptDays`.
 *
 * What others see. An attachment never changes: it is there or gone. All those of one registration stand together in an item
 * of the feed of changes (`attachments`), with a number of its own; the registration's version stays as it is, so nobody's
 * edit meets a conflict. The item may come before its registration where that was changed later.
 */
export const uploadsPath = '/v1/attachment-uploads'
export const tusVersion = '1.0.0'
export const uploadContentType = 'application/offset+octet-stream'
/** Days without a byte after which an unfinished upload is forgotten. */
export const uploadKeptDays = 7

export const sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
export const calendarDateSchema = v.pipe(v.string(), v.check((text) => /^\d{4}-/.test(text) && parseDate(text) === text))
/** No part of a path, nothing invisible. */
export const fileNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(fileNameMaxLength), v.regex(/^[^\p{C}/\\]+$/u))
export const attachmentTypeSchema = v.picklist(attachmentType.entries.map(({ code }) => code))
const sizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

export const attachmentResource = v.strictObject({
  id: idSchema,
  /** Null: of the unit itself. */
  registrationId: v.nullable(idSchema),
  /** Code of 上传类型. */
  type: attachmentTypeSchema,
  fileName: fileNameSchema,
  mediaType: v.picklist(attachmentMediaTypes),
  /** Bytes. */
  size: sizeSchema,
  /** Of the content, as small hex digits. */
  sha256: sha256Schema,
  /** Of a 社保缴费证明: the day it was made. */
  proofDate: v.nullable(calendarDateSchema),
  uploadedAt: instantSchema,
  /** Display name of the account. */
  uploadedBy: v.string(),
})
export type AttachmentResource = v.InferOutput<typeof attachmentResource>

/**
 * What is said of an attachment before its content. It is the body of `attachStored`, and the Upload-Metadata of an upload:
 * there each key with its text in base64, `registrationId` and `proofDate` left out where they are null, the size in Upload-Length.
 */
const claimEntries = {
  /** Made by the workstation; the same one again is the same attachment. */
  id: idSchema,
  registrationId: v.nullable(idSchema),
  type: attachmentTypeSchema,
  fileName: fileNameSchema,
  mediaType: v.picklist(attachmentMediaTypes),
  sha256: sha256Schema,
  proofDate: v.nullable(calendarDateSchema),
}
export const attachmentClaim = v.strictObject({ ...claimEntries, size: sizeSchema })
export type AttachmentClaim = v.InferOutput<typeof attachmentClaim>
export const uploadMetadataKeys = Object.keys(claimEntries) as (keyof typeof claimEntries)[]

export const attachmentReceipt = v.strictObject({ id: idSchema })

/** All attachments of one registration, or of the unit itself, as they are now. */
export const attachmentsOfOne = v.strictObject({ registrationId: v.nullable(idSchema), items: v.array(attachmentResource) })

export const attachmentsQuery = v.strictObject({
  /** Left out: the unit's own. */
  registrationId: v.optional(idSchema),
})

const idParams = v.strictObject({ id: idSchema })
const text = v.string()
/** Header of each request by tus; the version is 1.0.0. */
const tus = { 'Tus-Resumable': text }
const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight'] as const
/** Why this file cannot be an attachment. */
const claimProblems = [
  'not-found', 'registration-left', 'attachment-empty', 'attachment-too-large', 'attachment-kind-refused', 'attachment-photo-wanted', 'attachment-name-wrong',
  'attachment-too-many', 'attachment-quota', 'attachment-disk-full', 'proof-date-missing', 'proof-date-future', 'proof-too-old',
] as const

export const attachmentRoutes = {
  listAttachments: route({
    method: 'GET', path: '/v1/attachments', tag: 'attachments', summary: 'Attachments of a registration, or of the own unit itself',
    auth: 'session', idempotent: false, ifMatch: false, query: attachmentsQuery,
    replies: { 200: attachmentsOfOne }, problems: ['not-found'],
  }),
  attachStored: route({
    method: 'POST', path: '/v1/attachments', tag: 'attachments', summary: 'An attachment whose content the own unit has sent before: nothing to upload',
    auth: 'session', idempotent: true, ifMatch: false, body: attachmentClaim,
    replies: { 201: attachmentReceipt }, problems: [...writeProblems, ...claimProblems, 'attachment-content-unknown'],
  }),
  removeAttachment: route({
    method: 'DELETE', path: '/v1/attachments/{id}', tag: 'attachments', summary: '删除: the attachment, and its content with the last use of it',
    // It never changes, so there is no version to have seen.
    auth: 'session', idempotent: true, ifMatch: false, params: idParams,
    replies: { 200: attachmentReceipt }, problems: [...writeProblems, 'not-found'],
  }),
  readAttachmentContent: route({
    method: 'GET', path: '/v1/attachments/{id}/content', tag: 'attachments', summary: '下载',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams, sendsBytes: true,
    replies: { 200: null }, problems: ['not-found', 'attachment-damaged'],
  }),
  createUpload: route({
    method: 'POST', path: uploadsPath, tag: 'attachments', summary: 'tus creation; the metadata is what is said of the attachment',
    // The id in the metadata is the key: the same one again is the same upload.
    auth: 'session', idempotent: false, ifMatch: false, headers: v.looseObject({ ...tus, 'Upload-Length': text, 'Upload-Metadata': text }),
    replies: { 201: null }, problems: claimProblems,
  }),
  readUpload: route({
    method: 'HEAD', path: `${uploadsPath}/{id}`, tag: 'attachments', summary: 'tus: how much of it is here',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams, headers: v.looseObject(tus),
    replies: { 200: null }, problems: ['not-found'],
  }),
  appendUpload: route({
    method: 'PATCH', path: `${uploadsPath}/{id}`, tag: 'attachments', summary: 'tus: the bytes from an offset on; the last one makes the attachment',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams, headers: v.looseObject({ ...tus, 'Upload-Offset': text }), takesBytes: uploadContentType,
    replies: { 204: null }, problems: [...claimProblems, 'content-type-unsupported', 'attachment-offset-wrong', 'attachment-size-wrong', 'attachment-hash-wrong'],
  }),
  endUpload: route({
    method: 'DELETE', path: `${uploadsPath}/{id}`, tag: 'attachments', summary: 'tus termination: what has come so far is thrown away',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams, headers: v.looseObject(tus),
    replies: { 204: null }, problems: ['not-found'],
  }),
} as const
