import { AppError } from '../../../../shared/errors/app-error.ts'

/** Failures that mean "the central service cannot be had now" rather than "it said no". */
export const outOfReach = ['central-unreachable', 'central-busy', 'central-reply-invalid'] as const

/** The answer, or that there is none to be had now; a refusal is thrown on. */
export async function orOutOfReach<T>(attempt: Promise<T>): Promise<T | 'out-of-reach'> {
  try {
    return await attempt
  } catch (error) {
    if (AppError.is(error, ...outOfReach)) return 'out-of-reach'
    throw error
  }
}
