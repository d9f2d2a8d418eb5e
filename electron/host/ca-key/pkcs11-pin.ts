import pkcs11 from 'pkcs11js'
import type { PinState } from '../../../shared/contract/ca-key.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { keyFailure } from './ckr.ts'

/** The longest PIN that crosses a border here, and what a key is taken to allow that names no sensible limit. */
const longestPin = 300

/** What a key tells of its PIN. Some tell 0, or CK_UNAVAILABLE_INFORMATION, as lengths: then only the widest limits hold. */
export function pinStateOf(info: pkcs11.TokenInfo): PinState {
  const has = (flag: number) => (info.flags & flag) !== 0
  const sane = (length: number) => Number.isSafeInteger(length) && length >= 1 && length <= longestPin
  const minLength = sane(info.minPinLen) ? info.minPinLen : 1
  return {
    minLength,
    maxLength: sane(info.maxPinLen) && info.maxPinLen >= minLength ? info.maxPinLen : longestPin,
    low: has(pkcs11.CKF_USER_PIN_COUNT_LOW),
    finalTry: has(pkcs11.CKF_USER_PIN_FINAL_TRY),
    locked: has(pkcs11.CKF_USER_PIN_LOCKED),
  }
}

/** What would only burn a try never reaches the key: SoftHSM, for one, answers PIN_INCORRECT to an empty PIN. */
export function refuseBeforeTrying(state: PinState, pin: string, confirmFinalTry: boolean): void {
  if (state.locked) throw new AppError('key-pin-locked')
  const length = Buffer.byteLength(pin, 'utf8')
  if (length < state.minLength || length > state.maxLength) throw lengthError(state)
  if (state.finalTry && !confirmFinalTry) throw new AppError('key-pin-final-try')
}

/**
 * What a refused C_Login means. The try that locks a key may itself answer "wrong PIN": the flags tell.
 * @param state the flags as they are after the try; undefined where the key tells nothing any more
 */
export function afterFailedTry(error: unknown, state: PinState | undefined): AppError {
  const failure = keyFailure(error)
  if (!state) return failure
  if (failure.code === 'key-pin-length') return lengthError(state)
  if (failure.code !== 'key-pin-wrong') return failure
  return state.locked ? new AppError('key-pin-locked') : new AppError('key-pin-wrong', { low: state.low, finalTry: state.finalTry })
}

const lengthError = ({ minLength, maxLength }: PinState) => new AppError('key-pin-length', { min: minLength, max: maxLength })
