import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { PersonalData } from '../personal-data/personal-data.ts'
import { hashOfEvent, sealOfEnd, serviceChain } from './audit.repository.ts'

/** The end of each chain, by unit. Kept elsewhere, it shows later that nothing was rolled back to an earlier copy. */
export type ChainEnds = Readonly<Record<string, { readonly position: number; readonly hash: string }>>

export interface ChainFindings {
  readonly events: number
  /** From before there were chains. */
  readonly unchained: number
  readonly ends: ChainEnds
  /** One line each, in Chinese; none: whole. */
  readonly complaints: readonly string[]
}

const pageSize = 1_000

/** Goes through every event. @param known ends that were noted down earlier */
export async function verifyAuditChain(db: Kysely<Database>, personal: PersonalData, known: ChainEnds = {}): Promise<ChainFindings> {
  const chains = await db.selectFrom('audit_chain').selectAll().orderBy('chain').execute()
  const named = await db.selectFrom('audit_event').select('organization_id').distinct().where('chain_position', 'is not', null).execute()
  const names = new Set([...chains.map(({ chain }) => chain), ...named.map(({ organization_id }) => organization_id ?? serviceChain), ...Object.keys(known)])
  const complaints: string[] = []
  const ends: Record<string, { position: number; hash: string }> = {}
  let events = 0
  for (const chain of names) {
    const walked = await walk(db, personal, chain, known[chain])
    events += walked.position
    ends[chain] = { position: walked.position, hash: walked.hash }
    complaints.push(...walked.complaints.map((complaint) => `${chain || '系统'}：${complaint}`))
    const end = chains.find((candidate) => candidate.chain === chain)
    const isEnd = end?.position === walked.position && end.hash === walked.hash && end.seal === sealOfEnd(personal, end)
    if (walked.complaints.length === 0 && !isEnd) complaints.push(`${chain || '系统'}：链尾不符，末尾的记录可能已被删除`)
  }
  const unchained = await countUnchained(db, complaints)
  return { events, unchained, ends, complaints }
}

interface Walked {
  position: number
  hash: string
  complaints: string[]
}

/** Ends at the first event that is not what was written: of what follows it nothing can be said. */
async function walk(db: Kysely<Database>, personal: PersonalData, chain: string, known: ChainEnds[string] | undefined): Promise<Walked> {
  const walked: Walked = { position: 0, hash: '', complaints: [] }
  for (;;) {
    const page = await db
      .selectFrom('audit_event')
      .selectAll()
      .where((eb) => (chain === serviceChain ? eb('organization_id', 'is', null) : eb('organization_id', '=', chain)))
      .where('chain_position', '>', walked.position)
      .orderBy('chain_position')
      .limit(pageSize)
      .execute()
    for (const event of page) {
      if (event.chain_position !== walked.position + 1) return complain(walked, `第${walked.position + 1}条缺失`)
      if (event.chain_hash !== hashOfEvent(personal, walked.hash, event)) return complain(walked, `第${event.chain_position}条（${event.at}）与写入时不符`)
      walked.position = event.chain_position
      walked.hash = event.chain_hash
      if (known?.position === walked.position && known.hash !== walked.hash) return complain(walked, `第${walked.position}条与此前保存的链尾不符`)
    }
    if (page.length < pageSize) break
  }
  return known && known.position > walked.position ? complain(walked, `此前保存时有${known.position}条，现只有${walked.position}条`) : walked
}

const complain = (walked: Walked, complaint: string): Walked => ({ ...walked, complaints: [complaint] })

/** An event without a place may only be older than every one that has one. */
async function countUnchained(db: Kysely<Database>, complaints: string[]): Promise<number> {
  const first = await db.selectFrom('audit_event').select('at').where('chain_position', 'is not', null).orderBy('at').limit(1).executeTakeFirst()
  const loose = await db.selectFrom('audit_event').select('at').where('chain_position', 'is', null).orderBy('at', 'desc').execute()
  const late = loose.filter(({ at }) => first !== undefined && at > first.at)
  if (late.length > 0) complaints.push(`有${late.length}条记录不在链中`)
  return loose.length
}
