import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'

const ofTheLine: readonly ErrorCode[] = ['central-unreachable', 'central-busy', 'central-reply-invalid', 'idempotency-in-flight']

/** Said before the wish itself is looked at: whether an earlier attempt was carried out is as open as it was. */
const saysNothing: readonly ErrorCode[] = [
  ...ofTheLine, 'too-many-requests', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended',
]

/** Says that nothing waits here: what needs the central service at once is not done without it. */
export type NeedsNetwork = 'transfer-needs-network' | 'central-needed' | 'poster-needs-network'

/** @throws AppError `code` where there is no answer to be had now */
export async function online<T>(call: Promise<T>, code: NeedsNetwork = 'transfer-needs-network'): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof AppError && ofTheLine.includes(error.code)) throw new AppError(code, {}, { cause: error })
    throw error
  }
}

/**
 * Keys for what is asked of the central service at once. Where the answer was lost, the same wish goes out under the same key, and is
 * done once; a new window or a restart needs none: what is closed or asked for already is answered so.
 * @param make a key, and whatever else must be the same each time
 */
export function createAskedOnce<Made>(make: () => Made, code: NeedsNetwork = 'transfer-needs-network') {
  const open = new Map<string, Made>()
  /** @param wish tells one wish from another; stays in memory */
  return async <T>(wish: string, call: (made: Made) => Promise<T>): Promise<T> => {
    const made = open.get(wish) ?? make()
    open.set(wish, made)
    try {
      const answer = await online(call(made), code)
      open.delete(wish)
      return answer
    } catch (error) {
      if (!AppError.is(error, code, ...saysNothing)) open.delete(wish)
      throw error
    }
  }
}
