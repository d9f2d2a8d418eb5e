import * as v from 'valibot'
import { idSchema, instantSchema } from '../../../shared/api/resources.ts'
import type { revealPage, RevealReport, revealSearchRequest } from '../../../shared/api/reveal-resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudits, type AuditEntry } from '../../audit/audit.repository.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { accountsOf, findReveals, insertReveal, type RevealFilter } from './reveals.repository.ts'

const pageSize = 50
const day = 86_400_000

/**
 * Keeps who looked at which masked number, each once, with an event in the unit's chain of audit events. Nothing is refused for
 * what it says: a log that can be refused has holes.
 */
export async function keepReveals(context: ServiceContext, who: Who, reports: readonly RevealReport[]): Promise<void> {
  const { db, clock, personal } = context
  await inTransaction(db, async (trx) => {
    const own = new Set((await accountsOf(trx, who.organizationId)).map(({ id }) => id))
    const now = clock.now()
    const events: AuditEntry[] = []
    for (const { id, registrationId, field, reason, words, accountId: told, at, exported } of reports) {
      // Of no other unit's clerk can this one say anything.
      const accountId = own.has(told) ? told : who.accountId
      const revealedAt = new Date(at).toISOString()
      const isNew = await insertReveal(trx, {
        id, organization_id: who.organizationId, registration_id: registrationId, field, reason, words_sealed: personal.seal(words, { column: 'reveal.words', rowId: id }),
        account_id: accountId, sent_by_account_id: who.accountId, device_id: who.deviceId, revealed_at: revealedAt, received_at: now.toISOString(), exported: exported ? 1 : 0,
      })
      // The words may name somebody: the chain vouches for them by a hash.
      const details = { revealId: id, registrationId, field, reason, words: personal.hashPayload(words), revealedAt, toldBy: who.accountId, exported: exported ? 1 : 0 }
      if (isNew) events.push({ kind: 'number-revealed', organizationId: who.organizationId, accountId, deviceId: who.deviceId, details })
    }
    if (events.length > 0) await appendAudits(personal, trx, events, now)
  })
}

/** The log of the own unit, newest first. @throws AppError cursor-expired */
export async function searchReveals({ db, personal }: ServiceContext, who: Who, { from, to, accountId, name, cursor }: v.InferOutput<typeof revealSearchRequest>): Promise<v.InferOutput<typeof revealPage>> {
  const part = name.normalize('NFKC').replace(/\s/g, '').toLowerCase()
  const filter: RevealFilter = { from: from && startOf(from), before: to && new Date(Date.parse(startOf(to)) + day).toISOString(), accountId, name: part || null }
  const found = await findReveals(db, who.organizationId, filter, readPlace(cursor), pageSize + 1)
  const rows = found.slice(0, pageSize)
  const last = rows.at(-1)
  return {
    items: rows.map((row) => ({
      id: row.id, at: row.revealed_at, receivedAt: row.received_at, registrationId: row.registration_id, name: row.name, field: row.field, reason: row.reason,
      words: personal.open(row.words_sealed, { column: 'reveal.words', rowId: row.id }), displayName: row.display_name, exported: row.exported === 1,
      toldBy: row.sent_by_account_id === row.account_id ? null : row.teller_name,
    })),
    next: found.length > pageSize && last ? Buffer.from(JSON.stringify({ at: last.revealed_at, id: last.id })).toString('base64url') : null,
    accounts: (await accountsOf(db, who.organizationId)).map(({ id, display_name: displayName }) => ({ id, displayName })),
  }
}

/** Shanghai has had no daylight saving since 1991: always UTC+8. */
const startOf = (date: string): string => new Date(`${date}T00:00:00+08:00`).toISOString()

const placeContent = v.pipe(v.string(), v.parseJson(), v.strictObject({ at: instantSchema, id: idSchema }))

function readPlace(cursor: string | null): { at: string; id: string } | null {
  if (cursor === null) return null
  const parsed = v.safeParse(placeContent, Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!parsed.success) throw new AppError('cursor-expired')
  return parsed.output
}
