import { withdrawalsOf } from '../../database/face-check.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { readMeta } from '../../database/meta.repository.ts'
import { employmentOf } from '../../database/record.repository.ts'
import { consentOfTemplate, enrolledAmong, enrolledIds, standingConsent } from '../../faces/face.repository.ts'
import type { FaceFile } from '../../faces/face-file.ts'
import { forgetFace } from './consent.ts'
import type { FacesContext } from './faces-context.ts'

const atOnce = 500

/**
 * Deletes the faces of those who have left, whose registration is gone, or whose consent was withdrawn at another workstation of the unit: they are kept no longer
 * than what they were collected for (人脸识别技术应用安全管理办法; 个人信息保护法 art. 47).
 * @param recordIds of whom something has changed; null: everybody
 * @returns whose are gone
 */
export async function followRegistrations(context: FacesContext, file: FaceFile, recordIds: readonly string[] | null): Promise<string[]> {
  const gone: string[] = []
  const wanted = recordIds ?? (await enrolledIds(file.db))
  for (let from = 0; from < wanted.length; from += atOnce) gone.push(...(await follow(context, file, wanted.slice(from, from + atOnce))))
  return gone
}

async function follow(context: FacesContext, file: FaceFile, ids: readonly string[]): Promise<string[]> {
  const { local, clock } = context
  const gone: string[] = []
  const withdrawals = await withdrawalsOf(local.db, ids)
  const enrolled = await enrolledAmong(file.db, ids)
  for (const [id, until] of withdrawals) {
    const consents = [await standingConsent(file.db, id), await consentOfTemplate(file.db, id)]
    // One that was given since holds, and what rests on it.
    if (!consents.some((consent) => consent && consent.at <= until)) continue
    await forgetFace(context, file, id, 'withdrawn', until)
    enrolled.delete(id)
    gone.push(id)
  }
  const employment = await employmentOf(local.db, [...enrolled])
  const isWhole = await isWholeRegister(local.db)
  for (const id of enrolled) {
    const status = employment.get(id)
    if (status === 'employed' || (status === undefined && !isWhole)) continue
    await forgetFace(context, file, id, 'deleted', clock.now().toISOString())
    gone.push(id)
  }
  return gone
}

/** Who is not in the unit's file is gone. Not so in one that was made or rebuilt a moment ago: there the central service has yet to tell who there is. */
const isWholeRegister = async (db: LocalDb): Promise<boolean> => (await readMeta(db, 'last-synced-at')) !== null && (await readMeta(db, 'rebuilt-untold')) === null
