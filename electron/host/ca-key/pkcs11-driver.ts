import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import type { PinState } from '../../../shared/contract/ca-key.contract.ts'
import type { SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { ckr, ckrOf, keyFailure } from './ckr.ts'
import { certificatesOn, shownCertificate, type FoundCertificate } from './key-certificates.ts'
import type { KeyDriver, KeySignature } from './key-driver.ts'
import { afterFailedTry, pinStateOf, refuseBeforeTrying } from './pkcs11-pin.ts'
import { signOnce } from './pkcs11-signing.ts'
import { loadLibrary, tokenInfo, tokensOf, type OpenToken, type Pkcs11Tokens, type PresentToken, type Signer } from './pkcs11-tokens.ts'
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
      const found = read(token).find((each) => each.certificateId === certificateId)
      if (!found) throw new AppError('key-no-certificate')
      return found
    })
  }

  /** What is on the key now, in place of what signatures remember of it. */
  function read(token: PresentToken): FoundCertificate[] {
    tokens().opened(token.serial)?.signers.clear()
    return certificatesOn(tokens(), token, now())
  }

  /** As the signature before found it, where the same key is still in its slot; else it is looked for. */
  function signerOf(certificateId: string): Signer {
    const serial = serialOf(certificateId)
    const known = tokens().opened(serial)?.signers.get(certificateId)
    if (known && looking(serial, () => tokens().isAt(known.found.token.slot, serial))) return known
    return { found: find(certificateId) }
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
          return looking(token.serial, () => read(token)).map(shownCertificate)
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
      const signer = signerOf(certificateId)
      const { found } = signer
      return guarded(found.token.serial, (): KeySignature => {
        const open = tokens().open(found.token.slot, found.token.serial)
        // The login went with the session it was made on: the key has been out since.
        if (!open.loggedIn) throw new AppError('key-removed')
        const certificateSha256 = createHash('sha256').update(found.der).digest('hex')
        const whole: SignedStatement = { ...statement, certificateSha256, alg: algorithmFor(found.view) }
        const signature = signStatement(whole, (mechanism, data) => signOnce(tokens().p11, open.session, signer, mechanism, data))
        open.signers.set(certificateId, signer)
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
