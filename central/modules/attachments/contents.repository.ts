import { sql } from 'kysely'
import { isForeignKeyViolation } from '../../database/constraint.ts'
import type { CentralDb } from '../../database/database.ts'
import type { AttachmentContentTable } from './attachment.tables.ts'
import type { Part } from './content-files.ts'

export async function insertContent(trx: CentralDb, row: AttachmentContentTable): Promise<void> {
  await trx.insertInto('attachment_content').values(row).execute()
}

/** Bytes that a unit keeps, with those that are on their way. */
export async function keptBytes(db: CentralDb, organizationId: string): Promise<number> {
  const { total } = await db
    .selectFrom('attachment_content')
    .select(sql<number>`cast(coalesce(sum(size), 0) as bigint)`.as('total'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow()
  return total
}

export async function findContent(db: CentralDb, id: string): Promise<AttachmentContentTable | undefined> {
  return db.selectFrom('attachment_content').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The whole content with this hash, in its own unit alone. */
export async function findWholeContent(db: CentralDb, organizationId: string, contentHash: string): Promise<AttachmentContentTable | undefined> {
  return db.selectFrom('attachment_content').selectAll().where('organization_id', '=', organizationId).where('content_hash', '=', contentHash).executeTakeFirst()
}

export async function markWhole(trx: CentralDb, id: string, contentHash: string): Promise<void> {
  await trx.updateTable('attachment_content').set({ content_hash: contentHash }).where('id', '=', id).execute()
}

/** Its bytes cannot be had any more: whoever brings them again is not told that they are here. */
export async function forgetHash(db: CentralDb, id: string): Promise<void> {
  await db.updateTable('attachment_content').set({ content_hash: null }).where('id', '=', id).execute()
}

export async function partsOf(db: CentralDb, contentId: string): Promise<Part[]> {
  const rows = await db.selectFrom('attachment_part').selectAll().where('content_id', '=', contentId).orderBy('from_byte').execute()
  return rows.map(({ from_byte, size, sealed_size, file }) => ({ from: from_byte, size, sealedSize: sealed_size, file }))
}

/** @returns false where another request was faster with these bytes, or the content is gone */
export async function insertPart(db: CentralDb, contentId: string, { from, size, sealedSize, file }: Part): Promise<boolean> {
  try {
    const rows = await db
      .insertInto('attachment_part')
      .values({ content_id: contentId, from_byte: from, size, sealed_size: sealedSize, file })
      .onConflict((conflict) => conflict.columns(['content_id', 'from_byte']).doNothing())
      .returning('from_byte')
      .execute()
    return rows.length > 0
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error
    return false
  }
}

/** Forgets what a disk has lost, and whatever came after it. */
export async function deletePartsFrom(db: CentralDb, contentId: string, from: number): Promise<void> {
  await db.deleteFrom('attachment_part').where('content_id', '=', contentId).where('from_byte', '>=', from).execute()
}

/** The rows go now and the files after the commit: whatever happens in between, no row is left without its file. */
export async function wasteContent(trx: CentralDb, contentId: string, at: string): Promise<void> {
  await trx.deleteFrom('attachment_part').where('content_id', '=', contentId).execute()
  await trx.deleteFrom('attachment_content').where('id', '=', contentId).execute()
  await trx.insertInto('attachment_waste').values({ content_id: contentId, since: at }).execute()
}

export async function wasteIfUnused(trx: CentralDb, contentId: string, at: string): Promise<void> {
  const use = await trx.selectFrom('attachment').select('id').where('content_id', '=', contentId).limit(1).executeTakeFirst()
  // Of a form that waits for a clerk.
  const photo = await trx.selectFrom('self_registration_photo').select('photo').where('content_id', '=', contentId).limit(1).executeTakeFirst()
  if (!use && !photo) await wasteContent(trx, contentId, at)
}

export async function listWaste(db: CentralDb, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('attachment_waste').select('content_id').orderBy('content_id').limit(limit).execute()
  return rows.map(({ content_id }) => content_id)
}

export async function forgetWaste(db: CentralDb, contentId: string): Promise<void> {
  await db.deleteFrom('attachment_waste').where('content_id', '=', contentId).execute()
}
