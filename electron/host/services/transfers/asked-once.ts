import { AppError } from '../../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../../shared/errors/codes.ts'

const ofTheLine: readonly ErrorCode[] = ['central-unreachable', 'central-busy', 'central-reply-invalid', 'idempotency-in-flight']

/** @throws AppError transfer-needs-network instead of a word about what waits here: nothing does */
export async function online<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof AppError && ofTheLine.includes(error.code)) throw new AppError('transfer-needs-network', {}, { cause: error })
    throw error
  }
}

/**
 * Keys for what is asked of the central service at once. Where the answer was lost, the same wish goes out under the same key, and is
 * done once; a new window or a restart needs none: what is closed or asked for already is answered so.
 */
export function createAskedOnce(newKey: () => string) {
  const open = new Map<string, string>()
  /** @param wish tells one wish from another; stays in memory */
  return async <T>(wish: string, call: (key: string) => Promise<T>): Promise<T> => {
    const key = open.get(wish) ?? newKey()
    open.set(wish, key)
    try {
      const answer = await online(call(key))
      open.delete(wish)
      return answer
    } catch (error) {
      if (!AppError.is(error, 'transfer-needs-network')) open.delete(wish)
      throw error
    }
  }
}
