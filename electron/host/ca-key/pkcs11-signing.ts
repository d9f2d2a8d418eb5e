import pkcs11 from 'pkcs11js'
import { AppError } from '../../../shared/errors/app-error.ts'
import { ckr, ckrOf } from './ckr.ts'
import { findObjects, type Signer } from './pkcs11-tokens.ts'

/** Enough for RSA-4096 twice over; a driver that wants more is given it. */
const usualBuffer = 1_024
const largeBuffer = 65_536

/** One signature on an open session. Keeps the key's handle with the signer. */
export function signOnce(p11: pkcs11.PKCS11, session: pkcs11.Handle, signer: Signer, mechanism: pkcs11.Mechanism, data: Buffer): Buffer {
  const begin = () => p11.C_SignInit(session, mechanism, (signer.key ??= privateKey(p11, session, signer.found.ckaId)))
  try {
    begin()
  } catch (error) {
    // A handle from before the login is not valid after it with every driver. Nothing has been signed yet.
    const value = ckrOf(error)
    if (value !== ckr.OBJECT_HANDLE_INVALID && value !== ckr.KEY_HANDLE_INVALID) throw error
    delete signer.key
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
