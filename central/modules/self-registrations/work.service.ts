import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1'
import type { WorkChallenge, WorkSolution } from '../../../shared/api/self-registrations.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext } from '../../service-context.ts'

/** Half as many hashes on the average: about a second on an old phone. Whoever sends forms by the thousand pays for each. */
const maxnumber = 100_000
/** Milliseconds that a challenge is good for: it is solved while a form is filled in, and sent on a poor line. */
const goodFor = 30 * 60_000

/** The same in every process over one set of keys, and of no use elsewhere. */
const secretOf = ({ personal }: Pick<ServiceContext, 'personal'>) => personal.hashPayload('proof of work')

export async function newWork(context: Pick<ServiceContext, 'personal' | 'clock'>): Promise<WorkChallenge> {
  const expires = new Date(context.clock.now().getTime() + goodFor)
  const { challenge, salt, signature } = await createChallenge({ hmacKey: secretOf(context), algorithm: 'SHA-256', maxnumber, expires })
  return { algorithm: 'SHA-256', challenge, salt, signature, maxnumber }
}

/**
 * Uses up a solution, in the transaction of what it pays for.
 * @throws AppError work-not-done where it is wrong, has run out or was used before
 */
export async function useWork(context: ServiceContext, trx: CentralDb, work: WorkSolution): Promise<void> {
  const now = context.clock.now()
  // By our clock: the library asks the machine's.
  const expires = Number(extractParams(work)['expires']) * 1000
  if (!(expires > now.getTime()) || !(await verifySolution(work, secretOf(context), false))) throw new AppError('work-not-done')
  const used = await trx
    .insertInto('used_work')
    .values({ challenge: work.challenge, expires_at: new Date(expires).toISOString() })
    .onConflict((conflict) => conflict.column('challenge').doNothing())
    .returning('challenge')
    .execute()
  if (used.length === 0) throw new AppError('work-not-done')
}
