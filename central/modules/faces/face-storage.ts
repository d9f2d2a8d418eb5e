import { faceFilingFrom, faceWarnFrom } from '../../../shared/domain/face/storage.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { countFaceData } from './face-data.repository.ts'

/** A line in the log for the operator, once an hour, while so many faces are stored that a filing is near. @param warnFrom people */
export async function watchFaceStorage({ db, log }: Pick<AttachmentContext, 'db' | 'log'>, warnFrom = faceWarnFrom): Promise<void> {
  const { templates, pictures } = await countFaceData(db)
  if (Math.max(templates, pictures) >= warnFrom) log({ level: 'warn', message: 'many faces are stored', templates, pictures, filingFrom: faceFilingFrom })
}
