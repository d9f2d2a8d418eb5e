import type { SignInWay } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import type { AuthContext } from './auth-context.ts'

/** Runs one attempt to sign in; a refusal leaves its code in the audit, and only that. */
export async function auditRefusal<T>(context: AuthContext, { way, deviceId }: { way: SignInWay; deviceId: string }, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof AppError) {
      const entry = { kind: 'sign-in-refused', organizationId: null, accountId: null, deviceId, details: { way, code: error.code } }
      await appendAudit(context.personal, context.db, entry, context.clock.now())
    }
    throw error
  }
}
