import { randomUUID } from 'node:crypto'
import type { AttachmentClaim } from '../../shared/api/attachments.ts'
import type { Central } from '../support/central-service.ts'
import { claimOf, creationHeaders } from '../support/uploads.ts'

/** What a call about attachments is aimed at. */
export interface AimedAttachment {
  readonly attachmentId: string
  /** Of the attachment's content, said once more and for another attachment. */
  readonly again: AttachmentClaim
  /** Begun, and nothing of it here. */
  readonly upload: AttachmentClaim
  readonly uploadBytes: Buffer
}

/** An attachment of this registration, and an upload to it that has only begun. */
export async function aimAttachment(central: Central, session: Readonly<Record<string, string>>, registrationId: string): Promise<AimedAttachment> {
  const [bytes, uploadBytes] = ['stored', 'coming'].map((word) => Buffer.from(`%PDF-1.7 ${word} ${randomUUID()}`)) as [Buffer, Buffer]
  const [claim, upload] = [claimOf(bytes, { registrationId }), claimOf(uploadBytes, { registrationId })]
  for (const each of [claim, upload]) await sendRight(central, 'createUpload', { headers: { ...creationHeaders(each), ...session } }, 201)
  await sendRight(central, 'appendUpload', { ...appending(claim.id, bytes), headers: { ...appending(claim.id, bytes).headers, ...session } }, 204)
  return { attachmentId: claim.id, again: { ...claim, id: randomUUID(), type: '12' }, upload, uploadBytes }
}

/** All of an upload's bytes. */
export const appending = (id: string, body: Buffer) => ({ params: { id }, body, headers: { 'tus-resumable': '1.0.0', 'upload-offset': '0' } })

async function sendRight(central: Central, route: 'createUpload' | 'appendUpload', call: Parameters<Central['send']>[1], status: number): Promise<void> {
  const reply = await central.send(route, call)
  if (reply.status !== status) throw new Error(`${route} answered ${reply.status} ${reply.text}`)
}

