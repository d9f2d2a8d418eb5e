import { appendAudit } from '../audit/audit.repository.ts'
import { findAccount, setAccountDisabled, resetPasswordOf, type Account } from '../auth/accounts.repository.ts'
import { findBinding, unbindCertificate, type CertificateIdentity } from '../auth/certificate-bindings.repository.ts'
import { hashPassword } from '../auth/passwords.ts'
import type { CentralDb } from '../database/database.ts'
import { inTransaction } from '../database/transaction.ts'
import type { ServiceContext } from '../service-context.ts'
import { checkedPassword } from './operations.ts'

/** How the operator takes away what somebody can get in with. Sessions that it opened end with it, at once. */

/** A forgotten password, or one that others know. @throws Error of one line where there is no such account, or the password is refused */
export async function resetPassword(context: ServiceContext, accountId: string, password: string): Promise<void> {
  await change(context, accountId, 'password-reset', async (trx, { username }) => resetPasswordOf(trx, accountId, await hashPassword(checkedPassword(password, username))))
}

/** @throws Error of one line where there is no such account */
export async function disableAccount(context: ServiceContext, accountId: string): Promise<void> {
  await change(context, accountId, 'account-disabled', (trx) => setAccountDisabled(trx, accountId, context.clock.now()))
}

/** @throws Error of one line where there is no such account */
export async function enableAccount(context: ServiceContext, accountId: string): Promise<void> {
  await change(context, accountId, 'account-enabled', (trx) => setAccountDisabled(trx, accountId, null))
}

/** A lock that is lost, or whose unit is wound up. Every certificate with this identity goes with it. @throws Error of one line where it is not bound */
export async function unbind({ db, clock, personal }: ServiceContext, identity: CertificateIdentity): Promise<void> {
  await inTransaction(db, async (trx) => {
    const binding = await findBinding(trx, identity)
    if (!binding) throw new Error('该证书没有绑定任何单位。')
    await unbindCertificate(trx, identity)
    await appendAudit(personal, trx, { kind: 'certificate-unbound', organizationId: binding.organization_id, accountId: null, deviceId: null, details: { bindingId: binding.id } }, clock.now())
  })
}

async function change({ db, clock, personal }: ServiceContext, accountId: string, kind: string, write: (trx: CentralDb, account: Account) => Promise<void>): Promise<void> {
  await inTransaction(db, async (trx) => {
    const account: Account | undefined = await findAccount(trx, accountId)
    if (!account) throw new Error('没有这个账号。')
    await write(trx, account)
    await appendAudit(personal, trx, { kind, organizationId: account.organization_id, accountId, deviceId: null, details: {} }, clock.now())
  })
}
