import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import type { PinState } from '../../../shared/contract/ca-key.contract.ts'
import type { SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { ckr, ckrOf, keyFailure } from './ckr.ts'
import { certificatesOn, shownCertificate, type FoundCertificate } from './key-certificates.ts'
import type { KeyDriver, KeySignature } from './key-driver.ts'
import { afterFailedTry, pinStateOf, refuseBeforeTrying } from './pkcs11-pin.ts'
import { findObjects, loadLibrary, tokenInfo, tokensOf, type OpenToken, type Pkcs11Tokens } from './pkcs11-tokens.ts'
import { algorithmFor, signStatement } from './signing.ts'

/**
 * CA locks through PKCS#11. Lives alone in the key process: two threads in one of these libraries crash it, and a
 * library that hangs takes its thread with it. Not reentrant; the process calls it one at a time.
 */
export function createPkcs11Driver(now: () => Date = () => new Date()): KeyDriver {
  let loaded: Pkcs11Tokens | undefined

  function tokens(): Pkcs11Tokens {
    if (!loaded) throw new AppError('key-driver-missing')
    return loaded
  }

  /** Whatever failed on a key, its session may be dead or stuck in the middle: the next call opens another. */
  function guarded<T>(serial: string, task: () => T): T {
    try {
      return task()
    } catch (error) {
      const failure = keyFailure(error)
      if (AppError.is(failure, 'key-removed', 'key-unreadable', 'key-busy', 'key-failed')) tokens().drop(serial)
      throw failure
    }
  }

  /** Looking does not change anything, so a session or handle that went stale with a pulled key is replaced once. */
  function looking<T>(serial: string, task: () => T): T {
    try {
      return guarded(serial, task)
    } catch (error) {
      if (!AppError.is(error, 'key-removed', 'key-unreadable', 'key-busy')) throw error
      return guarded(serial, task)
    }
  }

  function find(certificateId: string): FoundCertificate {
    const serial = serialOf(certificateId)
    return looking(serial, () => {
      const token = tokens().present().find((each) => each.serial === serial)
      if (!token) throw new AppError('key-removed')
      const found = certificatesOn(tokens(), token, now()).find((each) => each.certificateId === certificateId)
      if (!found) throw new AppError('key-no-certificate')
      return found
    })
  }

  /** The flags after a try; undefined where the key does not tell them any more. */
  function flagsAfter(slot: pkcs11.Handle): PinState | undefined {
    try {
      const info = tokenInfo(tokens().p11, slot)
      return info && pinStateOf(info)
    } catch (error) {
      if (ckrOf(error) === undefined) throw error
      return undefined
    }
  }

  function tryPin(token: OpenToken, pin: string, slot: pkcs11.Handle): void {
    const { p11 } = tokens()
    try {
      p11.C_Login(token.session, pkcs11.CKU_USER, pin)
    } catch (error) {
      if (ckrOf(error) !== ckr.USER_ALREADY_LOGGED_IN) throw afterFailedTry(error, flagsAfter(slot))
      // Open already, and so blind to a wrong PIN: closed and tried for real, or any PIN would do.
      token.loggedIn = false
      p11.C_Logout(token.session)
      try {
        p11.C_Login(token.session, pkcs11.CKU_USER, pin)
      } catch (second) {
        throw afterFailedTry(second, flagsAfter(slot))
      }
    }
    token.loggedIn = true
  }

  return {
    load: async (path) => {
      if (loaded) throw new Error('a key process takes one driver')
      try {
        loaded = tokensOf(loadLibrary(path))
      } catch (error) {
        throw keyFailure(error)
      }
    },

    listCertificates: async () => {
      const failures: unknown[] = []
      const listed = present().flatMap((token) => {
        try {
          return looking(token.serial, () => certificatesOn(tokens(), token, now())).map(shownCertificate)
        } catch (error) {
          failures.push(error)
          return []
        }
      })
      // A broken key beside a good one does not hide it.
      if (listed.length === 0 && failures.length > 0) throw failures[0]
      return listed
    },

    presentSerials: async () => present().map(({ serial }) => serial),

    pinState: async (certificateId) => pinStateOf(find(certificateId).token.info),

    readCertificate: async (certificateId) => find(certificateId).der.toString('base64url'),

    login: async (certificateId, pin, confirmFinalTry) => {
      const { problem, token } = find(certificateId)
      if (problem) throw new AppError(problem.code, problem.details)
      refuseBeforeTrying(pinStateOf(token.info), pin, confirmFinalTry)
      return guarded(token.serial, () => {
        tryPin(tokens().open(token.slot, token.serial), pin, token.slot)
        return flagsAfter(token.slot) ?? pinStateOf(token.info)
      })
    },

    sign: async (certificateId, statement) => {
      const found = find(certificateId)
      return guarded(found.token.serial, (): KeySignature => {
        const open = tokens().open(found.token.slot, found.token.serial)
        // The login went with the session it was made on: the key has been out since.
        if (!open.loggedIn) throw new AppError('key-removed')
        const certificateSha256 = createHash('sha256').update(found.der).digest('hex')
        const whole: SignedStatement = { ...statement, certificateSha256, alg: algorithmFor(found.view) }
        const signature = signStatement(whole, (mechanism, data) => signOnce(tokens().p11, open.session, found.ckaId, mechanism, data))
        return { alg: whole.alg, signature: signature.toString('base64url'), certificate: found.der.toString('base64url') }
      })
    },

    logout: async (certificateId) => {
      const serial = serialOf(certificateId)
      const token = loaded?.opened(serial)
      if (!token?.loggedIn) return
      token.loggedIn = false
      guarded(serial, () => tokens().p11.C_Logout(token.session))
    },
  }

  function present() {
    try {
      return tokens().present()
    } catch (error) {
      throw keyFailure(error)
    }
  }
}

const serialOf = (certificateId: string) => certificateId.slice(0, certificateId.lastIndexOf('/'))

/** Enough for RSA-4096 twice over; a driver that wants more is given it. */
const usualBuffer = 1_024
const largeBuffer = 65_536

function signOnce(p11: pkcs11.PKCS11, session: pkcs11.Handle, ckaId: Buffer, mechanism: pkcs11.Mechanism, data: Buffer): Buffer {
  const begin = () => p11.C_SignInit(session, mechanism, privateKey(p11, session, ckaId))
  try {
    begin()
  } catch (error) {
    // A handle from before the login is not valid after it with every driver. Nothing has been signed yet.
    const value = ckrOf(error)
    if (value !== ckr.OBJECT_HANDLE_INVALID && value !== ckr.KEY_HANDLE_INVALID) throw error
    begin()
  }
  try {
    return Buffer.from(p11.C_Sign(session, data, Buffer.alloc(usualBuffer)))
  } catch (error) {
    // The one failure that leaves the operation open, to be finished with room enough.
    if (ckrOf(error) !== ckr.BUFFER_TOO_SMALL) throw error
    return Buffer.from(p11.C_Sign(session, data, Buffer.alloc(largeBuffer)))
  }
}

function privateKey(p11: pkcs11.PKCS11, session: pkcs11.Handle, ckaId: Buffer): pkcs11.Handle {
  const [key] = findObjects(p11, session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
    { type: pkcs11.CKA_ID, value: ckaId },
  ])
  if (!key) throw new AppError('key-no-certificate')
  return key
}
