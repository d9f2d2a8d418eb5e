import { createHash } from 'node:crypto'
import type { PushOperation } from '../../../../shared/api/resources.ts'
import { submissionPurpose } from '../../../../shared/domain/ca-login-bytes.ts'
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { SubmissionProof } from '../../central/central-port.ts'
import type { PhaseHolder } from './session-phase.ts'
import type { SessionDeps } from './session-ports.ts'

/**
 * Has the key of the open session sign a submission. The PIN was given at the sign-in; a key that has been out, or a
 * session of a password, has to be proven first.
 * @throws AppError submission-needs-key; `key-*` where the key is there and fails; what a challenge is refused with
 */
export async function signSubmission({ central, keys, device }: SessionDeps, phase: PhaseHolder, operations: readonly PushOperation[]): Promise<SubmissionProof> {
  const key = phase.open()?.key
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
