import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import type { KeyCertificate, PinState } from '../../../shared/contract/ca-key.contract.ts'
import type { SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { certificateProblem, viewCertificate, type CertificateView } from './certificate-view.ts'
import { ckr, ckrOf, keyFailure } from './ckr.ts'
import { checkDriverFile } from './driver-file.ts'
import type { KeyDriver, KeySignature } from './key-driver.ts'
import { algorithmFor, signStatement } from './signing.ts'

interface FoundCertificate {
  readonly certificateId: string
  readonly slot: pkcs11.Handle
  readonly serial: string
  readonly ckaId: Buffer
  readonly der: Buffer
  readonly view: CertificateView
}

interface OpenToken {
  readonly session: pkcs11.Handle
  loggedIn: boolean
}

/**
 * CA locks through PKCS#11. Lives alone in the key process: two threads in one of these libraries crash it, and a
 * library that hangs takes its thread with it. Not reentrant; the process calls it one at a time.
 */
export function createPkcs11Driver(now: () => Date = () => new Date()): KeyDriver {
  let library: pkcs11.PKCS11 | undefined
  const tokens = new Map<string, OpenToken>()

  function loaded(): pkcs11.PKCS11 {
    if (!library) throw new AppError('key-driver-missing')
    return library
  }

  function slots(): { slot: pkcs11.Handle; info: pkcs11.TokenInfo; serial: string }[] {
    const p11 = loaded()
    return p11.C_GetSlotList(true).flatMap((slot) => {
      const info = tokenInfo(p11, slot)
      // SoftHSM shows an empty, uninitialised slot as a token: there is nothing on it to sign with.
      if (!info || (info.flags & pkcs11.CKF_TOKEN_INITIALIZED) === 0) return []
      return [{ slot, info, serial: serialOf(info) }]
    })
  }

  function openToken(slot: pkcs11.Handle, serial: string): OpenToken {
    const open = tokens.get(serial)
    if (open) return open
    const token = { session: loaded().C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION), loggedIn: false }
    tokens.set(serial, token)
    return token
  }

  function certificatesOn(slot: pkcs11.Handle, serial: string): FoundCertificate[] {
    const p11 = loaded()
    const { session } = openToken(slot, serial)
    const handles = findObjects(p11, session, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
      { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
    ])
    return handles.flatMap((handle) => {
      const [der, ckaId] = p11.C_GetAttributeValue(session, handle, [{ type: pkcs11.CKA_VALUE }, { type: pkcs11.CKA_ID }]).map(({ value }) => value as Buffer)
      const view = der && viewCertificate(der)
      if (!der || !ckaId || ckaId.length === 0 || !view?.signs) return []
      return [{ certificateId: `${serial}/${ckaId.toString('hex')}`, slot, serial, ckaId, der, view }]
    })
  }

  function find(certificateId: string): FoundCertificate & { info: pkcs11.TokenInfo } {
    const serial = certificateId.slice(0, certificateId.lastIndexOf('/'))
    const token = slots().find((each) => each.serial === serial)
    if (!token) throw new AppError('key-removed')
    const found = certificatesOn(token.slot, serial).find((each) => each.certificateId === certificateId)
    if (!found) throw new AppError('key-no-certificate')
    return { ...found, info: token.info }
  }

  /** A key pulled out leaves a dead session behind: it is dropped, so that the next call opens a new one. */
  function forget(serial: string): void {
    tokens.delete(serial)
  }

  function guarded<T>(serial: string | undefined, task: () => T): T {
    try {
      return task()
    } catch (error) {
      const failure = keyFailure(error)
      if (serial !== undefined && AppError.is(failure, 'key-removed', 'key-unreadable')) forget(serial)
      throw failure
    }
  }

  const serialOfId = (certificateId: string) => certificateId.slice(0, certificateId.lastIndexOf('/'))

  function privateKey(session: pkcs11.Handle, ckaId: Buffer): pkcs11.Handle {
    const [key] = findObjects(loaded(), session, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
      { type: pkcs11.CKA_ID, value: ckaId },
    ])
    if (!key) throw new AppError('key-no-certificate')
    return key
  }

  function signOnce(session: pkcs11.Handle, key: pkcs11.Handle, mechanism: pkcs11.Mechanism, data: Buffer): Buffer {
    const p11 = loaded()
    p11.C_SignInit(session, mechanism, key)
    return Buffer.from(p11.C_Sign(session, data, Buffer.alloc(1_024)))
  }

  return {
    load: async (path) => {
      checkDriverFile(path)
      const next = new pkcs11.PKCS11()
      try {
        next.load(path)
      } catch (error) {
        // dlopen and LoadLibrary fail without a code; a missing C_GetFunctionList or a foreign library ends here.
        throw new AppError('key-driver-not-pkcs11', {}, { cause: error })
      }
      guarded(undefined, () => {
        try {
          next.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
        } catch (error) {
          if (ckrOf(error) !== ckr.CRYPTOKI_ALREADY_INITIALIZED) throw error
        }
      })
      library = next
      tokens.clear()
    },

    listCertificates: async () =>
      guarded(undefined, () =>
        slots().flatMap(({ slot, info, serial }) =>
          guarded(serial, () =>
            certificatesOn(slot, serial).map(({ certificateId, view }): KeyCertificate => ({
              certificateId,
              tokenLabel: info.label.trim(),
              tokenSerial: serial,
              company: view.company,
              issuer: view.issuer,
              notBefore: view.notBefore.toISOString(),
              notAfter: view.notAfter.toISOString(),
              problem: certificateProblem(view, now()),
              pin: pinStateOf(info),
            })),
          ),
        ),
      ),

    presentSerials: async () => guarded(undefined, () => slots().map(({ serial }) => serial)),

    pinState: async (certificateId) => guarded(serialOfId(certificateId), () => pinStateOf(find(certificateId).info)),

    readCertificate: async (certificateId) => guarded(serialOfId(certificateId), () => find(certificateId).der.toString('base64url')),

    login: async (certificateId, pin, confirmFinalTry) =>
      guarded(serialOfId(certificateId), () => {
        const found = find(certificateId)
        const problem = certificateProblem(found.view, now())
        if (problem) throw new AppError(problem.code, problem.details)
        refuseBeforeTrying(pinStateOf(found.info), pin, confirmFinalTry)
        const token = openToken(found.slot, found.serial)
        try {
          loaded().C_Login(token.session, pkcs11.CKU_USER, pin)
        } catch (error) {
          if (ckrOf(error) !== ckr.USER_ALREADY_LOGGED_IN) throw afterFailedTry(error, tokenInfo(loaded(), found.slot))
          // Open already, and so blind to a wrong PIN: closed and tried for real, or any PIN would do.
          loaded().C_Logout(token.session)
          try {
            loaded().C_Login(token.session, pkcs11.CKU_USER, pin)
          } catch (second) {
            token.loggedIn = false
            throw afterFailedTry(second, tokenInfo(loaded(), found.slot))
          }
        }
        token.loggedIn = true
        return pinStateOf(tokenInfo(loaded(), found.slot) ?? found.info)
      }),

    sign: async (certificateId, statement) =>
      guarded(serialOfId(certificateId), (): KeySignature => {
        const found = find(certificateId)
        const token = openToken(found.slot, found.serial)
        const whole: SignedStatement = {
          ...statement,
          certificateSha256: createHash('sha256').update(found.der).digest('hex'),
          alg: algorithmFor(found.view),
        }
        const signature = signStatement(whole, (mechanism, data) => {
          // Found anew each time: a handle from before the login is not valid after it.
          const key = privateKey(token.session, found.ckaId)
          return signOnce(token.session, key, mechanism, data)
        })
        return { alg: whole.alg, signature: signature.toString('base64url'), certificate: found.der.toString('base64url') }
      }),

    logout: async (certificateId) => {
      const serial = serialOfId(certificateId)
      const token = tokens.get(serial)
      if (!token?.loggedIn) return
      token.loggedIn = false
      guarded(serial, () => loaded().C_Logout(token.session))
    },
  }
}

/** What would only burn a try never reaches the key: SoftHSM, for one, answers PIN_INCORRECT to an empty PIN. */
function refuseBeforeTrying(state: PinState, pin: string, confirmFinalTry: boolean): void {
  if (state.locked) throw new AppError('key-pin-locked')
  const length = Buffer.byteLength(pin, 'utf8')
  if (length < Math.max(1, state.minLength) || length > state.maxLength) {
    throw new AppError('key-pin-length', { min: state.minLength, max: state.maxLength })
  }
  if (state.finalTry && !confirmFinalTry) throw new AppError('key-pin-final-try')
}

/** The try that locks a key may itself answer "wrong PIN": the flags tell. */
function afterFailedTry(error: unknown, info: pkcs11.TokenInfo | undefined): AppError {
  const failure = keyFailure(error)
  if (!info || !AppError.is(failure, 'key-pin-wrong')) return failure
  const { low, finalTry, locked } = pinStateOf(info)
  return locked ? new AppError('key-pin-locked') : new AppError('key-pin-wrong', { low, finalTry })
}

function pinStateOf(info: pkcs11.TokenInfo): PinState {
  const has = (flag: number) => (info.flags & flag) !== 0
  return {
    minLength: info.minPinLen,
    maxLength: info.maxPinLen,
    low: has(pkcs11.CKF_USER_PIN_COUNT_LOW),
    finalTry: has(pkcs11.CKF_USER_PIN_FINAL_TRY),
    locked: has(pkcs11.CKF_USER_PIN_LOCKED),
  }
}

function serialOf(info: pkcs11.TokenInfo): string {
  const serial = info.serialNumber.replace(/[^\w .-]/g, '').trim()
  return serial === '' ? 'unnumbered' : serial
}

/** A slot that vanished between the list and this call holds nothing any more. */
function tokenInfo(p11: pkcs11.PKCS11, slot: pkcs11.Handle): pkcs11.TokenInfo | undefined {
  try {
    return p11.C_GetTokenInfo(slot)
  } catch (error) {
    const value = ckrOf(error)
    if (value === ckr.TOKEN_NOT_PRESENT || value === ckr.DEVICE_REMOVED || value === ckr.TOKEN_NOT_RECOGNIZED) return undefined
    throw error
  }
}

function findObjects(p11: pkcs11.PKCS11, session: pkcs11.Handle, template: pkcs11.Template): pkcs11.Handle[] {
  p11.C_FindObjectsInit(session, template)
  try {
    const found: pkcs11.Handle[] = []
    for (let batch = p11.C_FindObjects(session, 50); batch.length > 0; batch = p11.C_FindObjects(session, 50)) found.push(...batch)
    return found
  } finally {
    p11.C_FindObjectsFinal(session)
  }
}
