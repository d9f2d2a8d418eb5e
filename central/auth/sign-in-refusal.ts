import type { SignInWay } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { AuthContext } from './auth-context.ts'

/** Runs one attempt to sign in; a refusal leaves its code in the audit, and only that. */
export async function auditRefusal<T>(context: AuthContext, { way, deviceId }: { way: SignInWay; deviceId: string }, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof AppError) {
      await context.audit(context.db, { kind: 'sign-in-refused', organizationId: null, accountId: null, deviceId, details: { way, code: error.code } })
    }
    throw error
  }
}
