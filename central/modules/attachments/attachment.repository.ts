import type { Selectable } from 'kysely'
import type { AttachmentResource } from '../../../shared/api/attachments.ts'
import type { CentralDb } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import { openDetails } from './attachment-context.ts'
import type { AttachmentTable } from './attachment.tables.ts'

/** An attachment with what its content and its account say of it. */
export interface AttachmentRow extends Selectable<AttachmentTable> {
  media_type: string
  size: number
  key_sealed: string
  display_name: string
}

/** A registration's id, or null for the unit itself. */
export type Owner = string | null

const whole = (db: CentralDb) =>
  db
    .selectFrom('attachment as a')
    .innerJoin('attachment_content as c', 'c.id', 'a.content_id')
    .innerJoin('account', 'account.id', 'a.account_id')
    .selectAll('a')
    .select(['c.media_type', 'c.size', 'c.key_sealed', 'account.display_name'])

export async function findOwnAttachment(db: CentralDb, organizationId: string, id: string): Promise<AttachmentRow | undefined> {
  return whole(db).where('a.organization_id', '=', organizationId).where('a.id', '=', id).executeTakeFirst()
}

export async function attachmentsOf(db: CentralDb, organizationId: string, owners: readonly Owner[]): Promise<AttachmentRow[]> {
  const ids = owners.filter((owner) => owner !== null)
  return whole(db)
    .where('a.organization_id', '=', organizationId)
    .where((eb) => eb.or([...(ids.length > 0 ? [eb('a.registration_id', 'in', ids)] : []), ...(owners.includes(null) ? [eb('a.registration_id', 'is', null)] : [])]))
    .orderBy('a.uploaded_at')
    .orderBy('a.id')
    .execute()
}

export async function isAttachmentIdTaken(db: CentralDb, id: string): Promise<boolean> {
  const attachment = await db.selectFrom('attachment').select('id').where('id', '=', id).executeTakeFirst()
  return (attachment ?? (await db.selectFrom('attachment_upload').select('id').where('id', '=', id).executeTakeFirst())) !== undefined
}

export async function insertAttachment(trx: CentralDb, row: AttachmentTable): Promise<void> {
  await trx.insertInto('attachment').values(row).execute()
}

export async function deleteAttachment(trx: CentralDb, id: string): Promise<void> {
  await trx.deleteFrom('attachment').where('id', '=', id).execute()
}

/** From this number on the feed tells the attachments of this owner anew. */
export async function noteChange(trx: CentralDb, organizationId: string, owner: Owner, seq: number): Promise<void> {
  await trx
    .insertInto('attachment_change')
    .values({ organization_id: organizationId, owner_id: owner ?? '', seq })
    .onConflict((conflict) => conflict.columns(['organization_id', 'owner_id']).doUpdateSet({ seq }))
    .execute()
}

/** The number of the last change of these attachments in the feed; 0: there was none. */
export async function lastChangeOf(db: CentralDb, organizationId: string, owner: Owner): Promise<number> {
  const found = await db.selectFrom('attachment_change').select('seq').where('organization_id', '=', organizationId).where('owner_id', '=', owner ?? '').executeTakeFirst()
  return Number(found?.seq ?? 0)
}

/** For a registration that is there no more. */
export async function forgetChange(trx: CentralDb, organizationId: string, registrationId: string): Promise<void> {
  await trx.deleteFrom('attachment_change').where('organization_id', '=', organizationId).where('owner_id', '=', registrationId).execute()
}

export interface ChangedAttachments {
  readonly seq: number
  readonly registrationId: Owner
  readonly items: readonly AttachmentRow[]
}

export async function changedAttachments(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<ChangedAttachments[]> {
  const changes = await db
    .selectFrom('attachment_change').selectAll().where('organization_id', '=', organizationId).where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()
  if (changes.length === 0) return []
  const rows = await attachmentsOf(db, organizationId, changes.map(({ owner_id }) => owner_id || null))
  const byOwner = Map.groupBy(rows, ({ registration_id }) => registration_id ?? '')
  return changes.map(({ seq, owner_id }) => ({ seq, registrationId: owner_id || null, items: byOwner.get(owner_id) ?? [] }))
}

export function toAttachmentResource(row: AttachmentRow, personal: PersonalData): AttachmentResource {
  return {
    id: row.id,
    registrationId: row.registration_id,
    type: row.type,
    mediaType: row.media_type,
    size: row.size,
    proofDate: row.proof_date,
    uploadedAt: row.uploaded_at,
    uploadedBy: row.display_name,
    ...openDetails(personal, 'attachment.details', row),
  }
}
