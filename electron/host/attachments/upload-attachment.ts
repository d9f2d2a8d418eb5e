import { kindOfMediaType, attachmentKindTable } from '../../../shared/domain/attachments.ts'
import type { AttachmentClaim } from '../../../shared/api/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralAttachments } from '../central/central-port.ts'
import type { AttachmentRow } from '../database/local-tables.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import type { SealedReader } from './sealed-file.ts'

export interface Upload {
  readonly central: CentralAttachments
  readonly files: AttachmentFiles
  readonly signal: AbortSignal
  /** Told as bytes go out, often. What has not been answered may be sent again. */
  onSent(bytes: number): void
  /** So many bytes have arrived. */
  onArrived(bytes: number): Promise<void>
}

/** Bytes of a piece: one takes some seconds, so that a lost line costs little and a fast one is not kept waiting. */
const smallest = 64 << 10
const first = 1 << 20
const largest = 8 << 20
const secondsAPiece = 3
/** Where the two sides disagree about how much has arrived, it is asked for anew, so often. */
const mostDisagreements = 5

/**
 * Brings one attachment to the central service, from wherever it was left. What is there already is not sent again: neither
 * what this machine has sent before, nor a content that the unit has.
 * @throws AppError attachment-lost-here, and whatever the central service answers
 */
export async function uploadAttachment(upload: Upload, row: AttachmentRow): Promise<void> {
  const claim = claimOf(row)
  const { central, signal } = upload
  if (row.sent === 0 && (await central.attachStored(claim, signal))) return
  const file = await upload.files.open(row.id)
  try {
    for (let disagreements = 0; ; disagreements++) {
      try {
        return await sendFrom(upload, claim, file, await arrived(upload, claim))
      } catch (error) {
        if (!AppError.is(error, 'attachment-offset-wrong') || disagreements >= mostDisagreements) throw error
      }
    }
  } finally {
    await file.close()
  }
}

async function arrived({ central, signal }: Upload, claim: AttachmentClaim): Promise<number> {
  const known = await central.uploadedBytes(claim, signal)
  if (known !== null) return known
  // Forgotten, or never begun.
  if (await central.attachStored(claim, signal)) return claim.size
  await central.createUpload(claim, signal)
  return 0
}

async function sendFrom({ central, signal, onSent, onArrived }: Upload, claim: AttachmentClaim, file: SealedReader, from: number): Promise<void> {
  let offset = from
  let length = first
  await onArrived(offset)
  while (offset < claim.size) {
    signal.throwIfAborted()
    const bytes = await file.read(offset, length, claim.size)
    const begun = performance.now()
    const before = offset
    offset = await central.appendUpload(claim, { offset, bytes, onSent: (sent) => onSent(Math.min(before + sent, claim.size)) }, signal)
    // A service that takes a piece and has no more than before would be sent to for ever.
    if (offset <= before) throw new AppError('central-reply-invalid', { route: 'appendUpload' })
    await onArrived(offset)
    const aSecond = ((offset - before) / Math.max(performance.now() - begun, 1)) * 1_000
    length = Math.min(largest, Math.max(smallest, Math.round(aSecond * secondsAPiece)))
  }
}

function claimOf(row: AttachmentRow): AttachmentClaim {
  const kind = kindOfMediaType(row.media_type)
  if (kind === null) throw new AppError('attachment-kind-refused')
  const { id, record_id: registrationId, type, name: fileName, size, sha256, proof_date: proofDate } = row
  return { id, registrationId, type, fileName, mediaType: attachmentKindTable[kind].mediaType, size, sha256, proofDate }
}
