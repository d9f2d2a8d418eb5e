import pkcs11 from 'pkcs11js'
import { AppError } from '../../../shared/errors/app-error.ts'
import { ckr, ckrOf } from './ckr.ts'
import { checkDriverFile } from './driver-file.ts'
import type { FoundCertificate } from './key-certificates.ts'

export interface PresentToken {
  readonly slot: pkcs11.Handle
  readonly info: pkcs11.TokenInfo
  /** As this program names the key. */
  readonly serial: string
}

export interface OpenToken {
  readonly session: pkcs11.Handle
  loggedIn: boolean
  /** What signatures were made with since the last look at its certificates, by certificate id: a driver takes longer to find it than to sign. */
  readonly signers: Map<string, Signer>
}

export interface Signer {
  readonly found: FoundCertificate
  /** Of the private key; looked up at the first signature. */
  key?: pkcs11.Handle
}

/** The keys one library shows, and one session on each. */
export interface Pkcs11Tokens {
  readonly p11: pkcs11.PKCS11
  present(): PresentToken[]
  /** Whether this very key is in the slot. */
  isAt(slot: pkcs11.Handle, serial: string): boolean
  open(slot: pkcs11.Handle, serial: string): OpenToken
  /** The open session of a key, if there is one. */
  opened(serial: string): OpenToken | undefined
  /** Closes the session of a key: pulled out it leaves a dead one behind, a failed operation one that is stuck. */
  drop(serial: string): void
}

/** @throws AppError key-driver-missing, key-driver-not-pkcs11, key-driver-wrong-bits, or what C_Initialize failed with */
export function loadLibrary(path: string): pkcs11.PKCS11 {
  checkDriverFile(path)
  const p11 = new pkcs11.PKCS11()
  try {
    p11.load(path)
  } catch (error) {
    throw loadFailure(error)
  }
  p11.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  return p11
}

/**
 * dlopen and LoadLibrary fail without a code. A library without C_GetFunctionList (Win32 error 127) is no driver; one
 * that is there and does not load lacks another library of its installation (Win32 error 126).
 */
function loadFailure(error: unknown): AppError {
  const message = error instanceof Error ? error.message : ''
  const lacksAnother = /cannot open shared object|Win32 error 126\b/.test(message)
  return new AppError(lacksAnother ? 'key-driver-missing' : 'key-driver-not-pkcs11')
}

export function tokensOf(p11: pkcs11.PKCS11): Pkcs11Tokens {
  const tokens = new Map<string, OpenToken>()
  return {
    p11,
    present: () =>
      p11.C_GetSlotList(true).flatMap((slot) => {
        const info = tokenInfo(p11, slot)
        // SoftHSM shows an empty, uninitialised slot as a token: there is nothing on it to sign with.
        if (!info || (info.flags & pkcs11.CKF_TOKEN_INITIALIZED) === 0) return []
        return [{ slot, info, serial: serialOf(slot, info) }]
      }),
    isAt: (slot, serial) => {
      const info = tokenInfo(p11, slot)
      return info !== undefined && serialOf(slot, info) === serial
    },
    open: (slot, serial) => {
      const known = tokens.get(serial)
      if (known) return known
      const token: OpenToken = { session: p11.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION), loggedIn: false, signers: new Map() }
      tokens.set(serial, token)
      return token
    },
    opened: (serial) => tokens.get(serial),
    drop: (serial) => {
      const token = tokens.get(serial)
      tokens.delete(serial)
      if (!token) return
      try {
        p11.C_CloseSession(token.session)
      } catch (error) {
        // Dead already, with its key.
        if (ckrOf(error) === undefined) throw error
      }
    },
  }
}

/** A slot that vanished between the list and this call holds nothing any more. */
export function tokenInfo(p11: pkcs11.PKCS11, slot: pkcs11.Handle): pkcs11.TokenInfo | undefined {
  try {
    return p11.C_GetTokenInfo(slot)
  } catch (error) {
    const value = ckrOf(error)
    if (value === ckr.TOKEN_NOT_PRESENT || value === ckr.DEVICE_REMOVED || value === ckr.TOKEN_NOT_RECOGNIZED) return undefined
    throw error
  }
}

/** Two keys without a number stay two keys. */
function serialOf(slot: pkcs11.Handle, info: pkcs11.TokenInfo): string {
  const serial = info.serialNumber.replace(/[^\w .-]/g, '').trim()
  return serial === '' ? `slot-${slot.toString('hex')}` : serial
}

export function findObjects(p11: pkcs11.PKCS11, session: pkcs11.Handle, template: pkcs11.Template): pkcs11.Handle[] {
  p11.C_FindObjectsInit(session, template)
  try {
    const found: pkcs11.Handle[] = []
    for (let batch = p11.C_FindObjects(session, 50); batch.length > 0; batch = p11.C_FindObjects(session, 50)) found.push(...batch)
    return found
  } finally {
    p11.C_FindObjectsFinal(session)
  }
}
