import * as v from 'valibot'

/**
 * Bytes on a wire of plain JSON: base64 (RFC 4648, 4, with padding). The one codec of every contract; each end has its own
 * function for it, since neither `Buffer` nor `Uint8Array.fromBase64` is everywhere.
 * @param max bytes
 */
export const bytesSchema = (max: number) => v.pipe(v.string(), v.maxLength(Math.ceil(max / 3) * 4), v.base64())
