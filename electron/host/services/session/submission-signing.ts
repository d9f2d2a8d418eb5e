import { createHash } from 'node:crypto'
import type { PushOperation } from '../../../../shared/api/resources.ts'
import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import { submissionPurpose } from '../../../../shared/domain/ca-login-bytes.ts'
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { SubmissionProof } from '../../central/central-port.ts'
import type { KeyInput } from './key-sign-in.ts'
import { keyInHand, type PhaseHolder } from './session-phase.ts'
import type { SessionDeps } from './session-ports.ts'
import { shutKey } from './shut-key.ts'

/**
 * Has the key of the open session sign a submission. The PIN was given at the sign-in; a key that has been out, or a
 * session of a password, has to be proven first.
 * @throws AppError submission-needs-key; `key-*` where the key is there and fails; what a challenge is refused with
 */
export async function signSubmission({ central, keys, device }: SessionDeps, phase: PhaseHolder, operations: readonly PushOperation[]): Promise<SubmissionProof> {
  const key = keyInHand(phase.current())
  if (!key) throw new AppError('submission-needs-key')
  const deviceId = device.deviceId()
  const { cid, nonce } = await central.createChallenge(deviceId)
  const purpose = submissionPurpose(createHash('sha256').update(canonicalJson(operations)).digest('hex'))
  const signed = await keys.sign(key.certificateId, { audience: central.audience, cid, nonce, deviceId, purpose }).catch((error: unknown) => {
    // Also a key whose process was started anew: it is in, but shut.
    if (AppError.is(error, 'key-removed', 'key-removed-while-signing', 'key-not-present')) throw new AppError('submission-needs-key')
    throw error
  })
  return { cid, unverifiedCertificate: signed.certificate, alg: signed.alg, signature: signed.signature }
}

/**
 * Opens a lock of the unit to sign with, beside the session that is open: whose lock it is does not matter, for it proves the
 * unit, and the session stays its clerk's. A lock of another unit is found out by the central service at the first signature.
 * @throws AppError `key-*`; not-signed-in, locked where that came in between
 */
export async function openSigningKey(deps: SessionDeps, phase: PhaseHolder, { certificateId, pin, confirmFinalTry }: KeyInput): Promise<SessionState> {
  const { keys } = deps
  const certificate = keys.state().certificates.find((each) => each.certificateId === certificateId)
  if (!certificate) throw new AppError('key-not-present')
  await keys.login(certificateId, pin, confirmFinalTry)
  const key = { certificateId, serial: certificate.tokenSerial, company: certificate.company }
  const open = phase.open()
  if (!open || open.locked) {
    await shutKey(deps, key)
    throw new AppError(open ? 'locked' : 'not-signed-in')
  }
  const before = keyInHand(open)
  if (before && before.certificateId !== certificateId) await shutKey(deps, before)
  keys.watch(key.serial)
  const opened = phase.enter(open.way === 'ca-key' ? { ...open, key } : { ...open, signingKey: key })
  open.workspace.sync.resume()
  return opened
}
