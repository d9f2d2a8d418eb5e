import { appendAudit } from '../audit/audit.repository.ts'
import { inTransaction } from '../database/transaction.ts'
import type { AuthContext } from './auth-context.ts'
import type { Certificate } from './ca/certificate.ts'
import type { RevocationChecker } from './ca/revocation/revocation-checker.ts'

/** The service's check, after which nothing stays open that a revoked certificate has opened. */
export function endingRevoked(context: AuthContext): RevocationChecker {
  return {
    statusOf: async (certificate, issuers, purpose) => {
      const status = await context.auth.revocation.statusOf(certificate, issuers, purpose)
      if (status === 'revoked') await endSessionsOf(context, certificate)
      return status
    },
  }
}

async function endSessionsOf({ db, clock, personal }: AuthContext, { fingerprint }: Certificate): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('account_ticket').where('fingerprint', '=', fingerprint).execute()
    const ended = await trx.deleteFrom('session').where('fingerprint', '=', fingerprint).returning(['organization_id', 'account_id', 'device_id']).execute()
    for (const { organization_id: organizationId, account_id: accountId, device_id: deviceId } of ended) {
      await appendAudit(personal, trx, { kind: 'session-revoked', organizationId, accountId, deviceId, details: { fingerprint } }, clock.now())
    }
  })
}
