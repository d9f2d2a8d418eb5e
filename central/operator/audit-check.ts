import { writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { verifyAuditChain, type ChainEnds } from '../audit/verify-chain.ts'
import type { ServiceContext } from '../service-context.ts'

const endsSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.strictObject({ position: v.number(), hash: v.string() })))

/** @throws Error of one line where the file is not one that was saved with `--ends` */
export function readChainEnds(file: Buffer): ChainEnds {
  const parsed = v.safeParse(endsSchema, file.toString('utf8'))
  if (!parsed.success) throw new Error('--against：不是用 --ends 另存的文件。')
  return parsed.output
}

/**
 * Whether every audit event is what was written, and none is missing.
 * @param saveTo where to save the ends of the chains; null: nowhere
 * @throws Error with a line for each chain that is not whole
 */
export async function checkAudit({ db, personal }: ServiceContext, known: ChainEnds, saveTo: string | null): Promise<string> {
  const { events, unchained, ends, complaints } = await verifyAuditChain(db, personal, known)
  if (complaints.length > 0) throw new Error(complaints.join('；'))
  if (saveTo !== null) writeFileSync(saveTo, JSON.stringify(ends, null, 2), { mode: 0o600 })
  return `审计记录完整：${Object.keys(ends).length}条链，共${events}条${unchained > 0 ? `；另有${unchained}条早于记录链` : ''}`
}
