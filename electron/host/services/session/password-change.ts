import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { OfflinePasses } from './offline-passes.ts'
import { outOfReach } from './out-of-reach.ts'
import type { OpenSession, PhaseHolder } from './session-phase.ts'
import type { SessionDeps } from './session-ports.ts'

export interface PasswordChange {
  readonly password: string
  readonly newPassword: string
}

/**
 * Changes the clerk's own password at the central service, and with it what opens the account offline here. The session and
 * its token go on.
 * @throws AppError `password-needs-network` where nothing was sent, `password-unconfirmed` where no answer came back; what
 *   the central service refuses
 */
export async function changePassword({ central }: Pick<SessionDeps, 'central'>, phase: PhaseHolder, passes: OfflinePasses, { account }: OpenSession, change: PasswordChange): Promise<SessionState> {
  // Nobody can tell afterwards whether a lost call has arrived, so the line is tried with one that changes nothing.
  await told('password-needs-network', central.readOrganization())
  try {
    await told('password-unconfirmed', central.changePassword(change))
  } catch (error) {
    await passes.changeRefused(error, account.id, change.password)
    throw error
  }
  await passes.passwordChanged(account.id, change.newPassword)
  const open = phase.open()
  return open ? phase.enter({ ...open, passwordByOperator: false }) : phase.state()
}

/** No usable answer, under the name that tells the clerk where that leaves the password. */
async function told(code: 'password-needs-network' | 'password-unconfirmed', attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt
  } catch (error) {
    throw AppError.is(error, ...outOfReach) ? new AppError(code) : error
  }
}
