import { faceCheckReceipt, faceWithdrawalReceipt, type FaceCheckReceipt, type FaceOperation, type FaceWithdrawalReceipt } from '../../../shared/api/faces.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import type { OneWrite } from '../../write-once.ts'
import { recordFaceCheck } from './face-check.service.ts'
import { withdrawFaceConsent } from './face-consent.service.ts'

const kinds: ReadonlySet<string> = new Set<FaceOperation['kind']>(['record-face-check', 'withdraw-face-consent'])

export const isFaceWrite = (operation: { readonly kind: string }): operation is FaceOperation => kinds.has(operation.kind)

/** A queued write of 人脸识别, under its key. */
export function faceWriteOf(context: ServiceContext, who: Who, operation: FaceOperation): OneWrite<FaceCheckReceipt> | OneWrite<FaceWithdrawalReceipt> {
  const { opId: key, ...content } = operation
  switch (operation.kind) {
    case 'record-face-check':
      return { key, content, receipt: faceCheckReceipt, apply: (trx) => recordFaceCheck(context, trx, who, operation) }
    case 'withdraw-face-consent':
      return { key, content, receipt: faceWithdrawalReceipt, apply: (trx) => withdrawFaceConsent(context, trx, who, operation) }
  }
}
