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

/** For what the workstation keeps nothing of. @throws AppError `code` where there is no answer to be had now */
export async function orCentralNeeded<T>(attempt: Promise<T>, code: 'central-needed' | 'review-needs-network' = 'central-needed'): Promise<T> {
  const answer = await orOutOfReach(attempt)
  if (answer === 'out-of-reach') throw new AppError(code)
  return answer
}
