import * as v from 'valibot'
import { posterCodeRefusals, posterCodeSchema } from '../api/poster-codes.ts'
import { mostPosters } from '../domain/poster-code.ts'
import { posterPapers } from '../domain/poster-paper.ts'
import { method } from '../wire/contract.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, done, idSchema } from './common.ts'

const project = { projectId: idSchema, projectNo: v.string(), name: v.string() }

export const posterItemSchema = v.strictObject({
  ...project,
  code: posterCodeSchema,
  /** yyyy-MM-dd, Shanghai: the last day on which it is good. */
  lastDay: v.string(),
})
export type PosterItem = v.InferOutput<typeof posterItemSchema>

export const posterRefusalSchema = v.strictObject({ ...project, code: v.picklist(posterCodeRefusals) })
export type PosterRefusal = v.InferOutput<typeof posterRefusalSchema>

const open = ['not-signed-in', 'locked'] as const
/** Codes are the central service's: these are done at once, or not at all. */
const online = [
  ...open, 'poster-needs-network', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled', 'too-many-requests',
  'poster-not-contractor',
] as const
const ofDocument = [...open, 'poster-gone'] as const
const seenCode = v.strictObject({ projectId: idSchema, code: posterCodeSchema })

/** 项目二维码. */
export const postersGroup = {
  methods: {
    /**
     * Posters of these projects as one document, in their order; whoever has no code yet gets one. What is shown, printed and saved is
     * this document.
     */
    prepare: method(
      v.strictObject({
        projectIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(mostPosters)),
        paper: v.picklist(posterPapers),
        /** Also where the last code was stopped by hand. */
        evenStopped: v.boolean(),
      }),
      v.strictObject({
        /** Null where every project was refused. Some are kept, the newest ones, until the unit is closed. */
        documentId: v.nullable(idSchema),
        items: v.array(posterItemSchema),
        refused: v.array(posterRefusalSchema),
      }),
      [...online, 'pdf-unavailable', 'pdf-failed'],
    ),
    /** A piece of it: the PDF, or the same sheets as the HTML that they were made from. */
    read: method(
      v.strictObject({ documentId: idSchema, as: v.picklist(['pdf', 'html']), offset: countSchema }),
      v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema }),
      ofDocument,
    ),
    /** 保存PDF at a place that the clerk chooses in a dialog of the shell; `saved` is false where they chose none. */
    save: method(v.strictObject({ documentId: idSchema }), v.strictObject({ saved: v.boolean() }), [...ofDocument, 'dialog-unavailable', 'download-full', 'download-read-only']),
    /** 换发二维码: the code that was seen is good no more, and another one is. */
    reissue: method(seenCode, done, [...online, 'not-found', 'project-closed', 'poster-code-changed']),
    /** 停用. */
    revoke: method(seenCode, done, [...online, 'not-found', 'poster-code-changed']),
  },
  events: {},
} as const
