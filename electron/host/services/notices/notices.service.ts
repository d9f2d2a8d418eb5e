import type { Account } from '../../../../shared/contract/common.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { Notice } from '../../../../shared/contract/notices.contract.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { readMeta, writeMeta } from '../../database/meta.repository.ts'
import { decidedRegistrations, movedBindings, type NoticeRow } from './notice-rows.ts'
import type { Clock } from '../../ports.ts'
import { expiringProofs, warnedFrom } from '../attachments/expiring-proofs.ts'
import { createLocalWork } from '../local-work.ts'
import { readRequests, viewRequests } from '../transfers/known-requests.ts'

const most = 100

export interface NoticesContext {
  readonly local: LocalDatabase
  /** Each account has seen something else, also at one workstation. */
  readonly account: Pick<Account, 'id'>
  readonly clock: Clock
  readonly damaged?: () => void
}

export type NoticesService = BridgeServices['notices'] & {
  /** Nothing that was there when an account first comes to this workstation is new to it. */
  begin(): Promise<void>
}

/**
 * By which way a notice comes here. Each has its own mark up to where it was looked at: what the central service did while the line was down comes in after
 * the calendar has gone on.
 */
const sources = ['told', 'transfers', 'calendar'] as const
type Source = (typeof sources)[number]
const sourceOf = ({ kind }: Pick<Notice, 'kind'>): Source => (kind === 'transfer-asked' ? 'transfers' : kind === 'proof-expiring' ? 'calendar' : 'told')
type Marks = Readonly<Record<Source, string>>
const fromTheBeginning: Marks = { told: '', transfers: '', calendar: '' }

/**
 * What changed since one last looked. Nothing of it is stored: it is read off the records, bindings and requests themselves, by the times at which the
 * central service says that they changed.
 */
export function createNoticesService({ local, account, clock, damaged }: NoticesContext): NoticesService {
  const { db } = local
  const { guarded, write } = createLocalWork(local, clock, damaged)
  const keyOf = (source: Source) => `notices-seen:${account.id}:${source}` as const
  const marks = async (): Promise<Marks> => {
    const [told = '', transfers = '', calendar = ''] = await Promise.all(sources.map(async (source) => (await readMeta(db, keyOf(source))) ?? ''))
    return { told, transfers, calendar }
  }

  async function all(since: Marks, limit: number): Promise<Omit<Notice, 'isNew'>[]> {
    const rows = [...(await decidedRegistrations(db, since.told, limit)), ...(await movedBindings(db, since.told, limit))]
    const { incoming } = await viewRequests(db, await readRequests(db), clock.now())
    const asked = incoming.filter(({ state }) => state === 'waiting').map(({ askedAt, name, registrationId }): NoticeRow => ({ kind: 'transfer-asked', at: askedAt, name, recordId: registrationId, personType: null, project: null }))
    const proofs = (await expiringProofs(db, clock.now())).map(({ recordId, proofDate, name }): NoticeRow => ({ kind: 'proof-expiring', at: warnedFrom(proofDate), name, recordId, personType: null, project: null }))
    return [...rows, ...asked, ...proofs].filter((notice) => notice.at > since[sourceOf(notice)]).sort((one, other) => (one.at < other.at ? 1 : -1))
  }

  return {
    list: () =>
      guarded(async () => {
        const seen = await marks()
        const items = (await all(fromTheBeginning, most)).slice(0, most).map((notice) => ({ ...notice, isNew: notice.at > seen[sourceOf(notice)] }))
        return { items, unseen: (await all(seen, 1_000)).length }
      }),
    markSeen: async () => {
      const { known, seen } = await guarded(async () => ({ known: await all(fromTheBeginning, 1), seen: await marks() }))
      const newest = sources.map((source) => ({ source, at: known.find((notice) => sourceOf(notice) === source)?.at ?? '' })).filter(({ source, at }) => at > seen[source])
      if (newest.length > 0) await write(async (trx) => {
        for (const { source, at } of newest) await writeMeta(trx, keyOf(source), at)
      })
      return {}
    },
    begin: async () => {
      // The central service's clock counts for what it tells; this one is a first guess and is behind it at worst by what is shown once more.
      const at = clock.now().toISOString()
      for (const source of sources) if ((await readMeta(db, keyOf(source))) === null) await write((trx) => writeMeta(trx, keyOf(source), at))
    },
  }
}
