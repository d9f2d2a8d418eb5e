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
 * What changed since one last looked. Nothing of it is stored: it is read off the records, bindings and requests themselves, by the times at which the
 * central service says that they changed.
 */
export function createNoticesService({ local, account, clock, damaged }: NoticesContext): NoticesService {
  const { db } = local
  const { guarded, write } = createLocalWork(local, clock, damaged)
  const key = `notices-seen:${account.id}` as const
  const seenUntil = async () => (await readMeta(db, key)) ?? ''

  async function all(since: string, limit: number): Promise<Omit<Notice, 'isNew'>[]> {
    const rows = [...(await decidedRegistrations(db, since, limit)), ...(await movedBindings(db, since, limit))]
    const { incoming } = await viewRequests(db, await readRequests(db), clock.now())
    const asked = incoming.filter(({ state }) => state === 'waiting').map(({ askedAt, name, registrationId }): NoticeRow => ({ kind: 'transfer-asked', at: askedAt, name, recordId: registrationId, personType: null, project: null }))
    const proofs = (await expiringProofs(db, clock.now())).map(({ recordId, proofDate, name }): NoticeRow => ({ kind: 'proof-expiring', at: warnedFrom(proofDate), name, recordId, personType: null, project: null }))
    return [...rows, ...asked, ...proofs].filter(({ at }) => at > since).sort((one, other) => (one.at < other.at ? 1 : -1))
  }

  return {
    list: () =>
      guarded(async () => {
        const seen = await seenUntil()
        const items = (await all('', most)).slice(0, most).map((notice) => ({ ...notice, isNew: notice.at > seen }))
        return { items, unseen: (await all(seen, 1_000)).length }
      }),
    markSeen: async () => {
      const newest = await guarded(() => all('', 1))
      const until = newest[0]?.at
      if (until !== undefined && until > (await seenUntil())) await write((trx) => writeMeta(trx, key, until))
      return {}
    },
    begin: async () => {
      // The central service's clock counts for what it tells; this one is a first guess and is behind it at worst by what is shown once more.
      if ((await readMeta(db, key)) === null) await write((trx) => writeMeta(trx, key, clock.now().toISOString()))
    },
  }
}
