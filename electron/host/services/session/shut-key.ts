import { AppError } from '../../../../shared/errors/app-error.ts'
import type { UsedKey } from './session-phase.ts'
import type { SessionDeps } from './session-ports.ts'

/** Never fails: a key that is gone is shut. */
export async function shutKey({ keys, log }: Pick<SessionDeps, 'keys' | 'log'>, key: UsedKey | null): Promise<void> {
  if (!key) return
  await keys.logout(key.certificateId).catch((error: unknown) => log.info('key not logged out', { code: codeOf(error) }))
}

/** What a log may say of a failure. */
export function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'internal'
}
