import type { CentralDb } from '../../database/database.ts'
import type { AttachmentUploadTable } from './attachment.tables.ts'

/** An upload that is not finished, with the content that it fills. */
export interface UploadRow extends AttachmentUploadTable {
  size: number
  media_type: string
  key_sealed: string
}

const withContent = (db: CentralDb) =>
  db.selectFrom('attachment_upload as u').innerJoin('attachment_content as c', 'c.id', 'u.content_id').selectAll('u').select(['c.size', 'c.media_type', 'c.key_sealed'])

export async function findOwnUpload(db: CentralDb, organizationId: string, id: string): Promise<UploadRow | undefined> {
  return withContent(db).where('u.organization_id', '=', organizationId).where('u.id', '=', id).executeTakeFirst()
}

export async function insertUpload(trx: CentralDb, row: AttachmentUploadTable): Promise<void> {
  await trx.insertInto('attachment_upload').values(row).execute()
}

export async function touchUpload(db: CentralDb, id: string, at: string): Promise<void> {
  await db.updateTable('attachment_upload').set({ touched_at: at }).where('id', '=', id).execute()
}

/** @returns false where it is gone already */
export async function deleteUpload(trx: CentralDb, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('attachment_upload').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function uploadsOf(db: CentralDb, registrationId: string): Promise<UploadRow[]> {
  return withContent(db).where('u.registration_id', '=', registrationId).execute()
}

export async function uploadsUntouchedSince(db: CentralDb, before: string, limit: number): Promise<UploadRow[]> {
  return withContent(db).where('u.touched_at', '<=', before).orderBy('u.touched_at').limit(limit).execute()
}
