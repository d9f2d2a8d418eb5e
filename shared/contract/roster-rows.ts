import * as v from 'valibot'
import { countSchema } from './common.ts'

/** What becomes of a row of a roster. */
export const rosterKinds = ['create', 'update', 'same', 'error'] as const
export const rosterKindSchema = v.picklist(rosterKinds)
export type RosterKind = v.InferOutput<typeof rosterKindSchema>
/** 跳过: the register has the same already. */
export const rosterKindLabels: Readonly<Record<RosterKind, string>> = { create: '新增', update: '更新', same: '跳过', error: '错误' }

export const rosterCountsSchema = v.strictObject({ create: countSchema, update: countSchema, same: countSchema, error: countSchema })
export type RosterCounts = v.InferOutput<typeof rosterCountsSchema>

/** A row of the preview. Cells are texts as people read them, by the key of their column; empty ones are left out. */
export const rosterRowSchema = v.strictObject({
  /** Its place in the preview, from 0. */
  index: countSchema,
  /** As the spreadsheet numbers it, from 1. */
  sheetRow: countSchema,
  kind: rosterKindSchema,
  cells: v.record(v.string(), v.string()),
  /** A sentence for each cell that is wrong. */
  problems: v.record(v.string(), v.string()),
  /** 更新: what the register has in the cells that would change. */
  before: v.record(v.string(), v.string()),
  /** Something to know about the row that is no error: 曾离职. */
  note: v.nullable(v.string()),
  /** Pictures in the row, or lying over it. */
  photos: countSchema,
})
export type RosterRow = v.InferOutput<typeof rosterRowSchema>
