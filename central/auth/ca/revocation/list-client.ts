import { isAbsolute } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Certificate } from '../certificate.ts'
import { fetchAnswer, readAnswerFile } from './fetch-answer.ts'
import { readRevocationList, type RevocationList } from './revocation-list.ts'
import { createShared } from './shared-work.ts'
import { UnusableAnswer } from './unusable-answer.ts'

/** Bytes. */
const longestList = 16 * 1024 * 1024
/** Milliseconds: for one download; until a list is fetched again; until a fetch that failed is tried again. */
const downloadDeadline = 60_000
const keptList = 3600 * 1000
const pauseAfterFailure = 60 * 1000
const slack = 5 * 60 * 1000

export interface FoundList {
  readonly list: RevocationList
  readonly fetchedAt: Date
}

export interface ListClient {
  /** The CA's list, in date. @throws UnusableAnswer, DerError, AppError */
  listOf(source: string, issuer: Certificate): Promise<FoundList>
}

interface Options {
  readonly now: () => Date
  /** Milliseconds that a caller waits. The download goes on, so that the next one finds the list. */
  readonly patience: number
  /** What is wrong with a source while an older list of it still serves. */
  readonly onFailure: (issuer: Certificate, error: unknown) => void
}

export function createListClient({ now, patience, onFailure }: Options): ListClient {
  const kept = new Map<string, FoundList & { readonly refreshAt: number }>()
  const shared = createShared<FoundList>()

  async function fetchList(source: string, issuer: Certificate): Promise<FoundList> {
    const bytes = await (isAbsolute(source) ? readAnswerFile(source, longestList) : fetchAnswer(source, { limit: longestList, deadline: downloadDeadline }))
    const fetched = { list: await readRevocationList(bytes, issuer), fetchedAt: now() }
    checkDates(fetched.list, now())
    const older = kept.get(issuer.fingerprint)
    // A list is public and signed: whoever stands in between could play back one from before a revocation.
    if (older && fetched.list.thisUpdate < older.list.thisUpdate) throw new UnusableAnswer('list older than the one before')
    kept.set(issuer.fingerprint, { ...fetched, refreshAt: now().getTime() + keptList })
    return fetched
  }

  async function refresh(source: string, issuer: Certificate): Promise<FoundList> {
    const ended = new AbortController()
    const giveUp = delay(patience, undefined, { signal: ended.signal }).then(() => Promise.reject(new UnusableAnswer('list takes too long')))
    const download = shared(issuer.fingerprint, () => fetchList(source, issuer))
    try {
      return await Promise.race([download, giveUp])
    } finally {
      giveUp.catch(() => undefined)
      download.catch(() => undefined)
      ended.abort()
    }
  }

  return {
    listOf: async (source, issuer) => {
      const known = kept.get(issuer.fingerprint)
      const older = known && isInDate(known.list, now()) ? known : undefined
      if (older && now().getTime() < older.refreshAt && now() >= older.fetchedAt) return older
      try {
        return await refresh(source, issuer)
      } catch (error) {
        if (!older) throw error
        onFailure(issuer, error)
        kept.set(issuer.fingerprint, { ...older, refreshAt: now().getTime() + pauseAfterFailure })
        return older
      }
    },
  }
}

function checkDates({ thisUpdate, nextUpdate }: RevocationList, now: Date): void {
  if (thisUpdate.getTime() > now.getTime() + slack) throw new UnusableAnswer('list from the future')
  if (nextUpdate <= now) throw new UnusableAnswer('list out of date')
}

const isInDate = ({ nextUpdate }: RevocationList, now: Date) => now < nextUpdate
