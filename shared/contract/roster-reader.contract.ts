import * as v from 'valibot'
import { personValuesSchema } from '../domain/person-schema.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, done, idSchema, noInput } from './common.ts'
import { exportMarkSchema } from './export-mark.ts'
import { photoTypeSchema } from './photo-matches.ts'
import { rosterCountsSchema, rosterKindSchema, rosterRowSchema } from './roster-rows.ts'

const pathSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(4_000))

/** Somebody whom the register already has, by ID number. */
export const knownPersonSchema = v.strictObject({
  id: idSchema,
  idCardNo: v.string(),
  /** 离职: registered anew by an import. */
  left: v.boolean(),
  /** Why an import must not touch the record; null where it may. */
  blocked: v.nullable(v.picklist(['draft', 'conflict', 'worker'])),
  /** The newest values here. */
  values: personValuesSchema,
})
export type KnownPerson = v.InferOutput<typeof knownPersonSchema>

/** A row that is right, as it is written into the register. */
export const readyRowSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('create'),
    sheetRow: countSchema,
    number: v.string(),
    /** The values as JSON, as the table keeps them. */
    body: v.string(),
    /** In the search (`lineText`). */
    line: v.string(),
  }),
  /** `changes`: by column. Whatever else the record says by then stays. */
  v.strictObject({ kind: v.literal('update'), sheetRow: countSchema, id: idSchema, changes: v.record(v.string(), v.string()) }),
])
export type ReadyRow = v.InferOutput<typeof readyRowSchema>

const row = v.strictObject({ row: rosterRowSchema, counts: rosterCountsSchema })

/**
 * Between the host and the thread that reads and writes rosters, and nobody else. The thread keeps the one roster that was read
 * last; the host keeps what becomes of it.
 */
export const rosterReaderContract = {
  roster: {
    methods: {
      /** A workbook that comes piece by piece, and on no disk: then `read` without a path. @param size bytes */
      beginFile: method(v.strictObject({ size: countSchema }), done),
      addPiece: method(v.strictObject({ offset: countSchema, chunk: bytesSchema(attachmentChunkSize) }), v.strictObject({ received: countSchema })),
      /** Reads a workbook; nothing of the one before is left. `numbers`: every ID number in it, for `check`. */
      read: method(
        v.strictObject({ path: v.nullable(pathSchema), resources: pathSchema }),
        v.strictObject({ sheet: v.string(), rows: countSchema, unknownHeaders: v.array(v.string()), missingHeaders: v.array(v.string()), photos: countSchema, numbers: v.array(v.string()) }),
      ),
      /** As `read` told them; other ones where cells have been edited. */
      numbers: method(noInput, v.strictObject({ numbers: v.array(v.string()) })),
      /** Checks every row. @param today yyyy-MM-dd in Shanghai */
      check: method(v.strictObject({ known: v.array(knownPersonSchema), today: v.string() }), rosterCountsSchema),
      rows: method(
        v.strictObject({ kind: v.nullable(rosterKindSchema), from: countSchema, count: countSchema }),
        v.strictObject({ rows: v.array(rosterRowSchema), total: countSchema }),
      ),
      /** The ID number that the row would have with this text in the cell, so that the host can say who that is. */
      numberAfter: method(v.strictObject({ index: countSchema, column: v.string(), text: v.string() }), v.strictObject({ number: v.string() })),
      /** Puts a text into a cell. `known` is whoever has the number that the row has then. */
      edit: method(v.strictObject({ index: countSchema, column: v.string(), text: v.string(), known: v.nullable(knownPersonSchema) }), row),
      /** The next row with an error behind this one, from the top again at the end; null where there is none. */
      errorAfter: method(v.strictObject({ index: v.pipe(v.number(), v.safeInteger()) }), v.strictObject({ index: v.nullable(countSchema) })),
      /** Some of the rows that are right and change something, in the order of the sheet, as an import keeps them (`packPlan`). */
      plan: method(v.strictObject({ from: countSchema, count: countSchema }), v.strictObject({ rows: countSchema, plan: v.string() })),
      /** Pictures of the rows that are right: a row's by their places in it. `number` is the row's ID number. */
      photos: method(
        noInput,
        v.strictObject({
          photos: v.array(v.strictObject({ row: countSchema, place: countSchema, sheetRow: countSchema, number: v.string(), name: v.string(), type: v.nullable(photoTypeSchema), size: countSchema })),
        }),
      ),
      /** A piece of one. @param row `index` of the row */
      photo: method(v.strictObject({ row: countSchema, place: countSchema, offset: countSchema }), v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema })),
      writeTemplate: method(v.strictObject({ path: pathSchema, resources: pathSchema }), done),
      /** The rows with errors in the form of the file they came from, with 错误信息. */
      writeErrors: method(v.strictObject({ path: pathSchema }), v.strictObject({ rows: countSchema })),
      /** A sheet of texts under headers, for 导出; `finish` writes it. */
      beginSheet: method(v.strictObject({ mark: exportMarkSchema, headers: v.array(v.string()) }), done),
      addRows: method(v.strictObject({ rows: v.array(v.array(v.string())) }), done),
      finishSheet: method(v.strictObject({ path: pathSchema }), done),
      forget: method(noInput, done),
    },
    events: {
      /** 0 to 1. */
      progress: v.strictObject({ part: v.number() }),
    },
  },
} as const
export type RosterReaderContract = typeof rosterReaderContract
