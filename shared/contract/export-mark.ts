import * as v from 'valibot'
import { bytesSchema } from '../wire/bytes.ts'

/** Of one tile, in bytes: ten times what the page draws. */
const mostWatermark = 128 << 10
/** The first bytes of every PNG (PNG 5.2, 11.2.2), as base64 has them: its signature, and a header chunk of 13 bytes. */
const pngHead = 'iVBORw0KGgoAAAANSUhEU'

/** 水印: one tile of it, drawn by the page, which has the fonts. */
export const watermarkSchema = v.pipe(bytesSchema(mostWatermark), v.startsWith(pngHead))

/** What an exported workbook says of itself, wherever it goes. */
export const exportMarkSchema = v.strictObject({
  /** Whose hands it went through: the file's own author. */
  author: v.string(),
  /** Above the header. */
  notice: v.string(),
  /** Below every printed page. */
  footer: v.string(),
  /** 导出说明: what is told, and what it is. */
  facts: v.array(v.tuple([v.string(), v.string()])),
  watermark: watermarkSchema,
})
export type ExportMark = v.InferOutput<typeof exportMarkSchema>
