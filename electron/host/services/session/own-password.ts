import { AppError } from '../../../../shared/errors/app-error.ts'
import type { OpenSession } from './session-phase.ts'

/** The central service has told the session of this unit that it ended because the password changed; nobody who tries one is told so. */
export function passwordHasChanged(open: OpenSession | null): boolean {
  return open?.workspace.sync.status().problem?.code === 'session-password-changed'
}

/** An attempt where no user name is asked for: its refusal speaks of the password alone, and of the new one where that is known to be wanted. */
export async function withOwnPassword<T>(open: () => OpenSession | null, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt
  } catch (error) {
    if (!AppError.is(error, 'sign-in-failed')) throw error
    throw new AppError(passwordHasChanged(open()) ? 'session-password-changed' : 'own-password-wrong', {}, { cause: error })
  }
}
