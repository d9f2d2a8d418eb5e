import type * as v from 'valibot'
import type { caProof, PushOperation } from '../../shared/api/resources.ts'
import { submissionPurpose } from '../../shared/domain/ca-login-bytes.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import type { AuthContext, Principal } from './auth-context.ts'
import { sha256Hex } from './hashes.ts'
import { noteFurtherCertificate, proveUnit } from './proven-unit.ts'

export type SentProof = v.InferOutput<typeof caProof>

export interface SubmissionProof extends SentProof {
  /** The cookie that went out with the challenge, if it came back. */
  readonly connectionCookie: string | undefined
}

/** An operation as it came over the wire, and not as it was read. */
export type SentOperation = Pick<PushOperation, 'opId'>

/**
 * Where the operator wants it, lets writes pass only with a signature of the unit's CA lock over exactly these. The audit
 * keeps the signature, the lines it was made over and the keys under which its operations were applied, so that it can be shown later.
 * @throws AppError submission-not-signed; ca-not-bound for a lock of another unit; what a signature at sign-in is refused with
 */
export async function checkSubmission(context: AuthContext, who: Principal, operations: readonly SentOperation[], proof: SubmissionProof | null): Promise<void> {
  if (!context.auth.submitNeedsSignature) return
  // A workstation asks in this way whether a signature is wanted: no event.
  if (!proof) throw new AppError('submission-not-signed')
  const payloadSha256 = sha256Hex(canonicalJson(operations))
  const { organizationId, accountId, deviceId } = who
  const audit = (kind: string, details: Readonly<Record<string, string>>) =>
    appendAudit(context.personal, context.db, { kind, organizationId, accountId, deviceId, details: { payloadSha256, ...details } }, context.clock.now())
  try {
    const unit = await proveUnit(context, { ...proof, deviceId }, submissionPurpose(payloadSha256))
    if (unit.binding.organization_id !== organizationId) throw new AppError('ca-not-bound')
    await noteFurtherCertificate(context, unit, deviceId)
    const { cid, nonce, alg, certificateSha256 } = unit.key.statement
    await audit('submission-signed', { cid, nonce, alg, certificateSha256, signature: proof.signature, revocation: unit.key.revocation, operations: operations.map(({ opId }) => opId).join(' ') })
  } catch (error) {
    if (error instanceof AppError) await audit('submission-refused', { code: error.code })
    throw error
  }
}
