import { sql } from 'kysely'
import type { CentralDb } from '../../database/database.ts'

/** Where a unit's changes end, and what there is of the bindings that it reviews. */
export interface News {
  readonly seq: number
  readonly bindings: string
}

export interface NewsDesk {
  /**
   * What there is now, as soon as it is other than what is known, and after so many seconds in any case.
   * @param known `bindings` null: not asked for
   */
  wait(organizationId: string, known: { readonly seq: number; readonly bindings: string | null }, seconds: number): Promise<News>
  /** Lets everybody go who waits. */
  close(): void
}

/** ms between two looks while somebody waits. */
const lookEvery = 400

interface Waiting {
  readonly organizationId: string
  readonly known: { readonly seq: number; readonly bindings: string | null }
  readonly until: number
  readonly answer: (news: News) => void
  readonly fail: (error: unknown) => void
}

/**
 * One look at the database for everybody who waits at this process, however many they are: what another process wrote is seen as well as
 * what this one did, without either having to say so.
 */
export function createNewsDesk(db: CentralDb): NewsDesk {
  let waiting: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function look(): Promise<void> {
    const present = waiting
    try {
      const now = await newsOf(db, present)
      for (const one of present) {
        const news = now.get(one.organizationId)
        if (news && (closed || isNew(news, one.known) || Date.now() >= one.until)) leave(one).answer(news)
      }
    } catch (error) {
      for (const one of present) leave(one).fail(error)
    }
    timer = undefined
    schedule()
  }

  function leave(one: Waiting): Waiting {
    waiting = waiting.filter((other) => other !== one)
    return one
  }

  function schedule(): void {
    if (waiting.length === 0 || timer) return
    timer = setTimeout(() => void look(), closed ? 0 : lookEvery)
  }

  return {
    wait: async (organizationId, known, seconds) => {
      const [first] = (await newsOf(db, [{ organizationId, known }])).values()
      if (first && (closed || seconds === 0 || isNew(first, known))) return first
      return new Promise((answer, fail) => {
        waiting.push({ organizationId, known, until: Date.now() + seconds * 1_000, answer, fail })
        schedule()
      })
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      timer = undefined
      schedule()
    },
  }
}

const isNew = (news: News, known: Waiting['known']) => news.seq !== known.seq || (known.bindings !== null && news.bindings !== known.bindings)

async function newsOf(db: CentralDb, asked: readonly Pick<Waiting, 'organizationId' | 'known'>[]): Promise<Map<string, News>> {
  const ids = [...new Set(asked.map(({ organizationId }) => organizationId))]
  const reviewing = new Set(asked.filter(({ known }) => known.bindings !== null).map(({ organizationId }) => organizationId))
  const units = await db.selectFrom('organization').select(['id', 'seq', 'credit_code']).where('id', 'in', ids).execute()
  const news = new Map<string, News>()
  for (const { id, seq, credit_code: creditCode } of units) news.set(id, { seq: Number(seq), bindings: reviewing.has(id) ? await lastBindingChange(db, creditCode) : '' })
  return news
}

/** One look into an index a project: the newest change of a binding on any that this unit reviews. */
async function lastBindingChange(db: CentralDb, creditCode: string): Promise<string> {
  const { rows } = await sql<{ at: string | null }>`
    select max((select max(b.updated_at) from binding b where b.project_id = p.id)) as at from project p where p.implementer_credit_code = ${creditCode}`.execute(db)
  return rows[0]?.at ?? ''
}
