import * as v from 'valibot'
import { exportColumnKeys } from '../domain/export-columns.ts'
import { revealWhySchema } from '../domain/reveals.ts'
import { rosterColumnKeys } from '../domain/roster-columns.ts'
import { employmentStatusSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, idSchema, instantSchema, noInput } from './common.ts'
import { watermarkSchema } from './export-mark.ts'
import { photoMatchSchema } from './photo-matches.ts'
import { rosterCountsSchema, rosterKindSchema, rosterRowSchema } from './roster-rows.ts'

/** 提交: each row is queued as the form's own button does it. 保存: kept on this machine only, to be submitted from the form. */
export const importModes = ['submit', 'save'] as const
export const importModeSchema = v.picklist(importModes)
export type ImportMode = v.InferOutput<typeof importModeSchema>

const problem = v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })

const preview = {
  /** Name of the file, without folders. */
  source: v.string(),
  sheet: v.string(),
  counts: rosterCountsSchema,
  /** Headers of the file that mean nothing here. */
  unknownHeaders: v.array(v.string()),
  /** Labels of required columns that the file has not. */
  missingHeaders: v.array(v.string()),
  /** Pictures in rows: added once the rows are registered. */
  photos: countSchema,
}

export const rosterStateSchema = v.variant('phase', [
  v.strictObject({ phase: v.literal('idle') }),
  /** `part`: 0 to 1; null while it cannot be told. */
  v.strictObject({ phase: v.literal('reading'), source: v.string(), part: v.nullable(v.number()) }),
  v.strictObject({
    phase: v.literal('refused'),
    source: v.string(),
    problem,
  }),
  v.strictObject({ phase: v.literal('preview'), ...preview }),
  v.strictObject({ phase: v.literal('writing'), source: v.string(), written: countSchema, total: countSchema, stopping: v.boolean() }),
  v.strictObject({
    phase: v.literal('written'),
    id: idSchema,
    source: v.string(),
    created: countSchema,
    updated: countSchema,
    /** Passed over while writing, as the register has changed since the preview; see the list of imports. */
    passedOver: countSchema,
    /** Rows with errors that the preview still has: 错误文件. */
    errors: countSchema,
    /** Not written: the clerk stopped it, or `problem` did. 继续导入 goes on. */
    left: countSchema,
    problem: v.nullable(problem),
  }),
])
export type RosterState = v.InferOutput<typeof rosterStateSchema>

export const importEntrySchema = v.strictObject({
  id: idSchema,
  source: v.string(),
  at: instantSchema,
  mode: importModeSchema,
  created: countSchema,
  updated: countSchema,
  /** Rows that are still to be written: it was stopped, or the program ended in the middle. */
  left: countSchema,
  state: v.picklist(['unfinished', 'finished', 'rolled-back']),
})
export type ImportEntry = v.InferOutput<typeof importEntrySchema>

const importInput = v.strictObject({ id: idSchema })
const signedIn = ['not-signed-in', 'locked'] as const
const local = ['local-full', 'local-read-only', 'local-busy'] as const
const thread = ['roster-stopped', 'roster-run-gone'] as const

export const exportColumnSchema = v.picklist(exportColumnKeys)

export const rosterGroup = {
  methods: {
    state: method(noInput, rosterStateSchema, signedIn),
    /** 下载模板. `name`: as it was saved; null where the clerk cancelled. */
    template: method(noInput, v.strictObject({ name: v.nullable(v.string()) }), [...signedIn, ...thread, 'roster-not-saved', 'dialog-unavailable']),
    /** Lets the clerk choose a workbook and begins to read it; what comes of it is told by `changed`. */
    choose: method(noInput, rosterStateSchema, [...signedIn, 'roster-busy', 'dialog-unavailable']),
    /** The first of three: a workbook that was dropped on the page comes over piece by piece, as the page knows no places on the disk. */
    beginFile: method(v.strictObject({ name: v.pipe(v.string(), v.minLength(1), v.maxLength(300)), size: countSchema }), rosterStateSchema, [...signedIn, 'roster-busy']),
    /** The next piece of it, at most `attachmentChunkSize` bytes. */
    addPiece: method(v.strictObject({ offset: countSchema, chunk: bytesSchema(attachmentChunkSize) }), v.strictObject({ received: countSchema }), [...signedIn, ...thread]),
    /** The last of three: it is read as a chosen one is. */
    finishFile: method(noInput, rosterStateSchema, [...signedIn, ...thread]),
    /** While reading or in the preview: forgets it. While writing: stops after the group of rows under way. */
    cancel: method(noInput, rosterStateSchema, signedIn),
    rows: method(
      v.strictObject({ kind: v.nullable(rosterKindSchema), from: countSchema, count: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(200)) }),
      v.strictObject({ rows: v.array(rosterRowSchema), total: countSchema }),
      [...signedIn, ...thread],
    ),
    /** Puts a text into a cell of the preview and checks the row anew; `counts` follow with `changed`. */
    edit: method(
      v.strictObject({ index: countSchema, column: v.picklist(rosterColumnKeys), text: v.pipe(v.string(), v.maxLength(500)) }),
      rosterRowSchema,
      [...signedIn, ...thread, 'not-found'],
    ),
    /** 下一处错误, from the top again at the end; `index` is in the preview of all rows, null where there is none. */
    errorAfter: method(v.strictObject({ index: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)) }), v.strictObject({ index: v.nullable(countSchema) }), [...signedIn, ...thread]),
    /** Writes the rows that are right, group by group; what comes of it is told by `changed`. */
    commit: method(v.strictObject({ mode: importModeSchema }), rosterStateSchema, [...signedIn, ...thread, ...local, 'roster-busy']),
    /** Back to the preview after writing: what was written is 跳过 there, and what was wrong can be put right. */
    review: method(noInput, rosterStateSchema, [...signedIn, ...thread]),
    /** Pictures of the rows that are right, and who they are of by now; `path` says which row. */
    photos: method(
      noInput,
      v.strictObject({ photos: v.array(v.strictObject({ row: countSchema, place: countSchema, path: v.string(), size: countSchema, match: photoMatchSchema })) }),
      [...signedIn, ...thread, 'local-busy'],
    ),
    /** A piece of one of them. */
    readPhoto: method(
      v.strictObject({ row: countSchema, place: countSchema, offset: countSchema }),
      v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema }),
      [...signedIn, ...thread, 'photo-damaged'],
    ),
    /** 下载错误文件 */
    saveErrors: method(noInput, v.strictObject({ name: v.nullable(v.string()), rows: countSchema }), [...signedIn, ...thread, 'roster-not-saved', 'dialog-unavailable']),
    /** Newest first; the last 50. */
    imports: method(noInput, v.strictObject({ entries: v.array(importEntrySchema) }), signedIn),
    /** Writes what is left of an import that was stopped or cut off. */
    resume: method(importInput, rosterStateSchema, [...signedIn, ...local, 'not-found', 'roster-busy']),
    /** 撤销导入: takes back what has been neither sent nor changed since. `kept`: the others, by their place in the list, each with its reason. */
    rollBack: method(
      importInput,
      v.strictObject({
        undone: countSchema,
        kept: v.array(v.strictObject({ sheetRow: countSchema, name: v.string(), reason: v.picklist(['sent', 'changed', 'gone', 'draft']) })),
      }),
      [...signedIn, ...local, 'not-found', 'roster-busy'],
    ),
    /** The columns that this clerk chose last, in their order. */
    exportColumns: method(noInput, v.strictObject({ columns: v.array(exportColumnSchema) }), signedIn),
    /**
     * 导出 of what the list shows: masked, or with ID numbers, phones and birth dates in clear for a reason. Whose numbers go out is
     * durable here before they do, one entry a person and number, and goes to the central service with the next sync.
     */
    exportPeople: method(
      v.strictObject({
        query: v.pipe(v.string(), v.maxLength(100)),
        onlyNeedingAttention: v.boolean(),
        /** Null: whatever it is. */
        employmentStatus: v.nullable(employmentStatusSchema),
        columns: v.pipe(v.array(exportColumnSchema), v.minLength(1), v.maxLength(100)),
        /** Null: masked. */
        why: v.nullable(revealWhySchema),
        watermark: watermarkSchema,
      }),
      v.strictObject({ name: v.nullable(v.string()), rows: countSchema }),
      [...signedIn, ...thread, ...local, 'roster-not-saved', 'dialog-unavailable', 'reason-missing', 'reason-too-long', 'reason-has-number'],
    ),
  },
  events: { changed: rosterStateSchema },
} as const
