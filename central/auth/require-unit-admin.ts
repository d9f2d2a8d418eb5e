import { AppError } from '../../shared/errors/app-error.ts'
import type { Principal } from './auth-context.ts'

/** @throws AppError forbidden to anybody but a 单位管理员, who may only ever do it to the own unit */
export function requireUnitAdmin({ role }: Pick<Principal, 'role'>): void {
  if (role !== 'unit-admin') throw new AppError('forbidden')
}
