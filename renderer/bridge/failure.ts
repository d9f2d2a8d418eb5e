import { AppError } from '../../shared/errors/app-error.ts'

/** Whatever was thrown, as a failure with a sentence for the clerk. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal')
}

/** The sentence of a code that came as part of a state. */
export function sentenceOf(problem: { code: AppError['code']; details: Record<string, unknown> }): string {
  return new AppError(problem.code, problem.details).sentence
}
