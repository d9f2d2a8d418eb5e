import { faceConsentVersion } from '../../shared/domain/face/consent.ts'
import { faceCropVersion, faceModelId } from '../../shared/domain/face/template.ts'

interface Whose {
  readonly registrationId: string
  readonly accountId: string
  /** When it was made, and agreed to. */
  readonly at: string
}

/** `record-face-check` as a workstation queues it, without its key: nothing of the face comes along. */
export const faceCheckOf = ({ registrationId, accountId, at }: Whose) => ({
  kind: 'record-face-check', registrationId, accountId, at, score: 0.83, outcome: 'matched', decisionReason: null, liveness: 'passed', modelId: faceModelId, cropVersion: faceCropVersion,
  consent: { version: faceConsentVersion, at, channel: 'screen', guardian: false }, sent: null,
})

/** `withdraw-face-consent`, without its key. */
export const faceWithdrawalOf = ({ registrationId, accountId, at }: Whose) => ({ kind: 'withdraw-face-consent', registrationId, accountId, at, reason: '本人要求' })
