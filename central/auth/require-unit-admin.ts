import { AppError } from '../../shared/errors/app-error.ts'
import type { CentralDb } from '../database/database.ts'
import type { Principal } from './auth-context.ts'

/** Who asks for something that only a 单位管理员 may do, and by which session. */
export type Asker = Pick<Principal, 'accountId' | 'sessionId'>

/** @throws AppError forbidden to anybody but a 单位管理员, who may only ever do it to the own unit */
export function requireUnitAdmin({ role }: Pick<Principal, 'role'>): void {
  if (role !== 'unit-admin') throw new AppError('forbidden')
}

/**
 * The same in the transaction that writes, once the unit's row is held. Who asks is looked up before the body of a request is read, and a
 * body may be held back for as long as somebody likes: by who was shut out meanwhile, too.
 * @throws AppError forbidden where the account, its role or its password is another by now
 */
export async function requireStillUnitAdmin(trx: CentralDb, { accountId, sessionId }: Asker): Promise<void> {
  const account = await trx.selectFrom('account').select('role').where('id', '=', accountId).where('disabled_at', 'is', null).executeTakeFirst()
  if (account?.role !== 'unit-admin') throw new AppError('forbidden')
  // One that a new sign-in has replaced is not there any more, and nothing is to be said against it.
  const session = await trx.selectFrom('session').select('ended_because').where('id', '=', sessionId).executeTakeFirst()
  if (session && session.ended_because !== null) throw new AppError('forbidden')
}
