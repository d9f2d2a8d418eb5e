import { deflateRawSync, inflateRawSync } from 'node:zlib'
import * as v from 'valibot'
import { readyRowSchema, type ReadyRow } from '../../../shared/contract/roster-reader.contract.ts'

/**
 * A group of an import as it is kept until it is written. Packed to a seventh: what is not written need not be encrypted, synced and
 * copied out of the journal either, and the thread packs while the clerk looks at the preview.
 */
export function packPlan(rows: readonly ReadyRow[]): string {
  return deflateRawSync(JSON.stringify(rows), { level: 1 }).toString('base64')
}

const plan = v.pipe(v.string(), v.parseJson(), v.array(readyRowSchema))

/** Also of one that an earlier version of the program left behind, which packed nothing. */
export function readPlan(text: string): ReadyRow[] {
  return v.parse(plan, text.startsWith('[') ? text : inflateRawSync(Buffer.from(text, 'base64')).toString('utf8'))
}
