import type { FaceWrite } from '../../database/face-check.repository.ts'
import { noteFaceWrite } from '../../database/face-check.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { enqueueProjectWrite, isQueuedProjectWrite } from '../../database/project-outbox.repository.ts'
import { forgetWrite, noteWrite, unqueuedWrites } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import type { FaceDb, JournalRow } from '../../faces/face-tables.ts'
import type { FacesContext } from './faces-context.ts'

/**
 * A face is in one file and the write that tells of it in another: no transaction holds both. So the first one keeps what the second has to be told,
 * until it has been. A kill in between is finished at the next opening, under the same key.
 */
export async function noteForQueue(trx: FaceDb, opId: string, write: FaceWrite): Promise<void> {
  await noteWrite(trx, { op_id: opId, registration_id: write.registrationId, kind: write.kind, body_json: JSON.stringify(write), at: write.at })
}

/** Queues what the unit's own file has not been told. @returns of which registrations */
export async function queueNoted({ local }: Pick<FacesContext, 'local'>, file: FaceFile): Promise<string[]> {
  const rows = await unqueuedWrites(file.db)
  for (const row of rows) {
    await local.db.transaction().execute((trx) => queue(trx, row))
    await forgetWrite(file.db, row.op_id)
  }
  return rows.map((row) => row.registration_id)
}

async function queue(trx: LocalDb, { op_id, registration_id: lane, kind, body_json, at }: JournalRow): Promise<void> {
  if (await isQueuedProjectWrite(trx, op_id)) return
  await enqueueProjectWrite(trx, { op_id, lane, kind, body: { face: JSON.parse(body_json) as FaceWrite }, base_version: null, created_at: at })
  await noteFaceWrite(trx, lane)
}
