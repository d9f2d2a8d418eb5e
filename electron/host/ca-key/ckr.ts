import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'

/** CKR_ values by name, as far as they are told apart; the rest is `key-failed` with its name. */
export const ckr = {
  GENERAL_ERROR: 0x05,
  DATA_LEN_RANGE: 0x21,
  DEVICE_ERROR: 0x30,
  DEVICE_MEMORY: 0x31,
  DEVICE_REMOVED: 0x32,
  FUNCTION_NOT_SUPPORTED: 0x54,
  KEY_HANDLE_INVALID: 0x60,
  MECHANISM_INVALID: 0x70,
  OBJECT_HANDLE_INVALID: 0x82,
  OPERATION_ACTIVE: 0x90,
  OPERATION_NOT_INITIALIZED: 0x91,
  PIN_INCORRECT: 0xa0,
  PIN_INVALID: 0xa1,
  PIN_LEN_RANGE: 0xa2,
  PIN_EXPIRED: 0xa3,
  PIN_LOCKED: 0xa4,
  SESSION_CLOSED: 0xb0,
  SESSION_HANDLE_INVALID: 0xb3,
  TOKEN_NOT_PRESENT: 0xe0,
  TOKEN_NOT_RECOGNIZED: 0xe1,
  USER_ALREADY_LOGGED_IN: 0x100,
  USER_NOT_LOGGED_IN: 0x101,
  BUFFER_TOO_SMALL: 0x150,
} as const

const codes: Readonly<Partial<Record<number, ErrorCode>>> = {
  [ckr.GENERAL_ERROR]: 'key-unreadable',
  [ckr.DEVICE_ERROR]: 'key-unreadable',
  [ckr.DEVICE_REMOVED]: 'key-removed',
  [ckr.TOKEN_NOT_PRESENT]: 'key-removed',
  [ckr.SESSION_HANDLE_INVALID]: 'key-removed',
  [ckr.SESSION_CLOSED]: 'key-removed',
  [ckr.TOKEN_NOT_RECOGNIZED]: 'key-unreadable',
  [ckr.OBJECT_HANDLE_INVALID]: 'key-unreadable',
  [ckr.KEY_HANDLE_INVALID]: 'key-unreadable',
  [ckr.MECHANISM_INVALID]: 'key-mechanism-missing',
  [ckr.FUNCTION_NOT_SUPPORTED]: 'key-mechanism-missing',
  [ckr.OPERATION_ACTIVE]: 'key-busy',
  [ckr.PIN_INCORRECT]: 'key-pin-wrong',
  [ckr.PIN_INVALID]: 'key-pin-wrong',
  [ckr.PIN_LEN_RANGE]: 'key-pin-length',
  [ckr.PIN_EXPIRED]: 'key-pin-expired',
  [ckr.PIN_LOCKED]: 'key-pin-locked',
}

/**
 * The CKR_ value of whatever pkcs11js threw: a Pkcs11Error carries it as `code`, some calls (C_FindObjects) throw a
 * plain Error that ends in `:145`. Undefined for anything else.
 */
export function ckrOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as { code?: unknown }
  if (typeof code === 'number' && code > 0) return code
  const tail = /CKR_\w+:(\d+)/.exec(error.message)?.[1]
  return tail === undefined ? undefined : Number(tail)
}

/** What a failed call of a driver means. The driver's own message is dropped: nobody knows what a vendor writes there. */
export function keyFailure(error: unknown): AppError {
  if (error instanceof AppError) return error
  const value = ckrOf(error)
  if (value === undefined) return new AppError('key-failed', { ckr: 'unknown' })
  const name = Object.entries(ckr).find(([, each]) => each === value)?.[0] ?? `0x${value.toString(16)}`
  return new AppError(codes[value] ?? 'key-failed', { ckr: name })
}
