import { AppError } from '../../../shared/errors/app-error.ts'
import type { Who } from '../../service-context.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { findOwnAttachment } from '../attachments/attachment.repository.ts'
import { openContent, type Download } from '../attachments/download.service.ts'
import { findToReview } from './reviews.service.ts'

/**
 * The content of a photo or attachment of a registration that waits for the caller's decision. That somebody outside the unit looked at it is in the
 * unit's audit.
 * @throws AppError not-found outside the review scope and for attachments of anything else, review-done, attachment-damaged
 */
export async function openReviewedAttachment(context: AttachmentContext, who: Who, registrationId: string, attachmentId: string): Promise<Download> {
  const { organization_id: organizationId } = await findToReview(context.db, who, registrationId)
  const row = await findOwnAttachment(context.db, organizationId, attachmentId)
  if (row?.registration_id !== registrationId) throw new AppError('not-found')
  return openContent(context, row, who, 'attachment-read-by-reviewer')
}
