import * as v from 'valibot'
import { attachmentMediaTypes, fileNameMaxLength, largestAttachment } from '../domain/attachments.ts'
import { dictionaries } from '../dictionaries/index.ts'
import { errorCodes } from '../errors/codes.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, done, idSchema, instantSchema, noInput } from './common.ts'
import { mostPhotoNames, photoMatchSchema } from './photo-matches.ts'

/** Code of 上传类型. */
export const attachmentTypeSchema = v.picklist(dictionaries.attachmentType.entries.map(({ code }) => code))
export const calendarDateSchema = v.pipe(v.string(), v.isoDate())

/** How far an attachment has come on its way to the central service. */
export const uploadStates = ['waiting', 'uploading', 'paused', 'uploaded', 'refused'] as const
export const uploadStateSchema = v.picklist(uploadStates)
export type UploadState = v.InferOutput<typeof uploadStateSchema>

/** One line of the table 附件上传, or one photo. */
export const attachmentSchema = v.strictObject({
  id: idSchema,
  type: attachmentTypeSchema,
  name: v.string(),
  mediaType: v.picklist(attachmentMediaTypes),
  /** Bytes. */
  size: countSchema,
  /** Of a 社保缴费证明: the day it was made out. */
  proofDate: v.nullable(calendarDateSchema),
  state: uploadStateSchema,
  /** Bytes that have arrived at the central service. */
  sent: countSchema,
  /** The content is on this machine; else it is fetched when it is looked at. */
  kept: v.boolean(),
  addedAt: instantSchema,
  /** 上传时间. */
  uploadedAt: v.nullable(instantSchema),
  /** Display name of the account that did, once the central service has told. */
  uploadedBy: v.nullable(v.string()),
  /** Why it was refused, or put off until `nextTryAt`. */
  problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })),
  nextTryAt: v.nullable(instantSchema),
})
export type Attachment = v.InferOutput<typeof attachmentSchema>

/** A registration, or null for the unit itself, whose attachments only its 单位管理员 changes (`forbidden`). */
const owner = v.nullable(idSchema)
const anyCall = ['not-signed-in', 'locked', 'not-found', 'local-busy', 'local-full', 'local-read-only'] as const
const ofRules = [
  'attachment-empty', 'attachment-too-large', 'attachment-kind-refused', 'attachment-photo-wanted', 'attachment-name-wrong', 'attachment-too-many', 'proof-date-missing',
  'proof-date-future', 'proof-too-old',
] as const
const ofContent = ['attachment-lost-here', 'attachment-damaged', 'central-unreachable', 'central-busy', 'central-not-trusted', 'central-reply-invalid', 'session-missing', 'session-expired', 'session-suspended'] as const

export const attachmentsGroup = {
  methods: {
    /** In the order they were added. `registered` is false while the central service does not have the registration yet: nothing is uploaded so long. */
    list: method(v.strictObject({ recordId: owner }), v.strictObject({ items: v.array(attachmentSchema), registered: v.boolean() }), anyCall),
    /**
     * 添加文件, first of three: what is to come. Refuses by size and type before a byte is read. The page never names a place on
     * the disk: it reads what the clerk chose and hands it over piece by piece.
     */
    beginAdding: method(
      v.strictObject({
        recordId: owner,
        type: attachmentTypeSchema,
        name: v.pipe(v.string(), v.maxLength(fileNameMaxLength)),
        /** Bytes. */
        size: countSchema,
        proofDate: v.nullable(calendarDateSchema),
      }),
      v.strictObject({ id: idSchema }),
      [...anyCall, ...ofRules, 'registration-left', 'forbidden'],
    ),
    /** The next piece, at most `attachmentChunkSize` bytes. Works behind the lock screen: it shows nothing. */
    addChunk: method(
      v.strictObject({ id: idSchema, offset: v.pipe(countSchema, v.maxValue(largestAttachment)), chunk: bytesSchema(attachmentChunkSize) }),
      v.strictObject({ received: countSchema }),
      [...anyCall, 'attachment-add-broken', 'attachment-kind-refused', 'attachment-photo-wanted', 'attachment-too-large'],
    ),
    /** The last of three. Durable when it answers, and uploaded by itself from here on. */
    finishAdding: method(v.strictObject({ id: idSchema }), attachmentSchema, [...anyCall, ...ofRules, 'attachment-add-broken', 'attachment-here', 'registration-left', 'forbidden']),
    /** Whose photos files are by their names; for a ZIP of photos, before anything of it is added. */
    matchPhotos: method(
      v.strictObject({ names: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1_000))), v.maxLength(mostPhotoNames)) }),
      v.strictObject({ matches: v.array(photoMatchSchema) }),
      ['not-signed-in', 'locked', 'local-busy'],
    ),
    cancelAdding: method(v.strictObject({ id: idSchema }), done, anyCall),
    /** 删除; for some seconds it can be taken back. */
    remove: method(v.strictObject({ id: idSchema }), done, [...anyCall, 'registration-left', 'forbidden']),
    /** Takes a 删除 back. @throws not-found once it was carried out */
    restore: method(v.strictObject({ id: idSchema }), done, [...anyCall, 'forbidden']),
    /** 上传: goes on with what is paused, and tries at once what was put off or refused. Of one, or of all. */
    startUpload: method(v.strictObject({ recordId: owner, id: v.nullable(idSchema) }), done, [...anyCall, 'forbidden']),
    /** 暂停, of one or of all that are not uploaded yet. */
    pauseUpload: method(v.strictObject({ recordId: owner, id: v.nullable(idSchema) }), done, [...anyCall, 'forbidden']),
    /** A piece of the content, for a preview; fetched from the central service where it is not here. */
    read: method(
      v.strictObject({ id: idSchema, offset: v.pipe(countSchema, v.maxValue(largestAttachment)) }),
      v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema }),
      [...anyCall, ...ofContent],
    ),
    /** 下载 to a place that the clerk chooses in a dialog of the shell; `saved` is false where they chose none. */
    download: method(v.strictObject({ id: idSchema }), v.strictObject({ saved: v.boolean() }), [...anyCall, ...ofContent, 'dialog-unavailable', 'download-full', 'download-read-only']),
    /** 社保缴费证明 that run out within ten days or have run out, the first to do so first. */
    expiringProofs: method(
      noInput,
      v.strictObject({
        items: v.array(
          v.strictObject({
            recordId: idSchema,
            /** 姓名. */
            name: v.string(),
            maskedIdCardNo: v.string(),
            proofDate: calendarDateSchema,
            /** Below 0: run out. */
            daysLeft: v.pipe(v.number(), v.safeInteger()),
          }),
        ),
      }),
      ['not-signed-in', 'locked'],
    ),
  },
  events: {
    /** Attachments of this registration changed; null: of the unit. */
    changed: v.strictObject({ recordId: owner }),
    /** Some times a second while one is uploaded. */
    progress: v.strictObject({ id: idSchema, recordId: owner, sent: countSchema, bytesPerSecond: countSchema }),
  },
} as const
