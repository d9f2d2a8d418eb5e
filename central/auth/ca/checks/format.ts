import { caLoginFormat } from '../../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'

/** The format names the order of the signed fields: of another one nothing can be rebuilt. */
export function checkFormat(fmt: string): void {
  if (fmt !== caLoginFormat) throw new AppError('ca-format-unsupported')
}
