import { errorTable, isErrorCode, type ErrorCode } from './codes.ts'

export type ErrorDetails = Readonly<Record<string, unknown>>

export interface WireError {
  code: string
  retriable: boolean
  details: Record<string, unknown>
}

/**
 * A failure that was foreseen. `details` may cross every border and reach a log, so it never holds a PIN, password,
 * token, key, ID number, phone number or address.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  get retriable(): boolean {
    return errorTable[this.code].retriable
  }

  /** The Chinese sentence for the user: what happened and what to do next. */
  get sentence(): string {
    return errorTable[this.code].sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => {
      const value = this.details[name]
      return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    })
  }

  toWire(): WireError {
    return { code: this.code, retriable: this.retriable, details: { ...this.details } }
  }

  /** Rebuilds an error that crossed a border. A code this side does not know becomes `internal`. */
  static fromWire(wire: unknown): AppError {
    if (typeof wire !== 'object' || wire === null) return new AppError('internal')
    const { code, details } = wire as Partial<WireError>
    if (typeof code !== 'string') return new AppError('internal')
    // Only what looks like a code is told on: the other side may be no part of this product.
    if (!isErrorCode(code)) return new AppError('internal', /^[a-z-]{1,60}$/.test(code) ? { unknownCode: code } : {})
    return new AppError(code, typeof details === 'object' && details !== null && !Array.isArray(details) ? details : {})
  }

  static is(error: unknown, ...codes: ErrorCode[]): error is AppError {
    return error instanceof AppError && codes.includes(error.code)
  }
}
