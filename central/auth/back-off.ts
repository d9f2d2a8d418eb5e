import type { Selectable } from 'kysely'
import { AppError } from '../../shared/errors/app-error.ts'
import type { CentralDb, Database } from '../database/database.ts'
import { usernameKey } from './accounts.repository.ts'
import { sha256Hex } from './hashes.ts'

/** Failures that cost nothing; a unit's clerks may share one address, so that allows more. */
const freeFailures = { username: 5, device: 10, address: 50 } as const
const longestDelay = 15 * 60
/** Milliseconds without a failure after which all is forgotten. */
const forgottenAfter = 24 * 3600 * 1000
/** Behind one address a whole unit may sit, where every day somebody mistypes: it is forgiven a failure a minute. */
const forgivenEvery = { username: forgottenAfter, device: forgottenAfter, address: 60 * 1000 } as const

type SubjectKind = keyof typeof freeFailures
export interface Subject {
  readonly kind: SubjectKind
  readonly key: string
}

/** Whom a password try counts against: the name it was for, known here or not, and where it came from. */
export function subjectsOf(username: string, deviceId: string, address: string): Subject[] {
  const subject = (kind: SubjectKind, value: string): Subject => ({ kind, key: `${kind}:${sha256Hex(value)}` })
  return [subject('username', usernameKey(username)), subject('device', deviceId), subject('address', address)]
}

/** Seconds to wait after so many failures: 1, 2, 4 … 900. */
export function delayAfter(kind: SubjectKind, failures: number): number {
  const excess = failures - freeFailures[kind]
  return excess <= 0 ? 0 : Math.min(2 ** (excess - 1), longestDelay)
}

/**
 * Counts a try as failed before its password is looked at, so that a burst of parallel tries cannot slip through; a
 * success takes it back. @throws AppError `sign-in-too-often` with the seconds to wait
 */
export async function countTry(db: CentralDb, subjects: readonly Subject[], now: Date): Promise<void> {
  const waits = await Promise.all(subjects.map(async (subject) => secondsToWait(subject, await findFailures(db, subject), now)))
  const seconds = Math.max(...waits)
  if (seconds > 0) throw new AppError('sign-in-too-often', { seconds })
  for (const subject of subjects) await countOne(db, subject, now)
}

/** Forgets the failures of the name and the device. Those of the address only lose this try, or one known password would free a guesser. */
export async function forgiveTries(db: CentralDb, subjects: readonly Subject[]): Promise<void> {
  const keys = subjects.filter(({ kind }) => kind !== 'address').map(({ key }) => key)
  await db.deleteFrom('sign_in_failure').where('subject', 'in', keys).execute()
  for (const { key } of subjects.filter(({ kind }) => kind === 'address')) {
    await db
      .updateTable('sign_in_failure')
      .set((eb) => ({ failures: eb('failures', '-', 1) }))
      .where('subject', '=', key)
      .where('failures', '>', 0)
      .execute()
  }
}

type Failures = Selectable<Database['sign_in_failure']>

function findFailures(db: CentralDb, { key }: Subject): Promise<Failures | undefined> {
  return db.selectFrom('sign_in_failure').selectAll().where('subject', '=', key).executeTakeFirst()
}

function secondsToWait(subject: Subject, row: Failures | undefined, now: Date): number {
  const delay = row ? delayAfter(subject.kind, failuresLeft(subject, row, now)) : 0
  return delay === 0 || !row ? 0 : Math.max(0, Math.ceil((Date.parse(row.last_failed_at) + delay * 1000 - now.getTime()) / 1000))
}

/**
 * Of the failures counted up to the last one, how many still count. One that lies ahead by more than anybody has to wait
 * is of a clock that was wrong: it must lock nobody out until that day comes.
 */
function failuresLeft({ kind }: Subject, row: Failures, now: Date): number {
  const age = now.getTime() - Date.parse(row.last_failed_at)
  if (age > forgottenAfter || age < -longestDelay * 1000) return 0
  return Math.max(0, row.failures - Math.floor(Math.max(0, age) / forgivenEvery[kind]))
}

/** Only one of two tries that saw the same count may raise it; the other looks again, and may have to wait now. */
async function countOne(db: CentralDb, subject: Subject, now: Date): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const row = await findFailures(db, subject)
    const seconds = secondsToWait(subject, row, now)
    if (seconds > 0) throw new AppError('sign-in-too-often', { seconds })
    if (row ? await raise(db, row, failuresLeft(subject, row, now) + 1, now) : await insertFirst(db, subject, now)) return
  }
  throw new AppError('sign-in-too-often', { seconds: 1 })
}

async function insertFirst(db: CentralDb, { key }: Subject, now: Date): Promise<boolean> {
  const inserted = await db
    .insertInto('sign_in_failure')
    .values({ subject: key, failures: 1, last_failed_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('subject')
    .executeTakeFirst()
  return inserted !== undefined
}

async function raise(db: CentralDb, row: Failures, failures: number, now: Date): Promise<boolean> {
  const raised = await db
    .updateTable('sign_in_failure')
    .set({ failures, last_failed_at: now.toISOString() })
    .where('subject', '=', row.subject)
    .where('failures', '=', row.failures)
    .where('last_failed_at', '=', row.last_failed_at)
    .returning('subject')
    .executeTakeFirst()
  return raised !== undefined
}
