import { normalizeProjectNo } from '../../shared/domain/project.ts'
import { faceFilingFrom, faceWarnFrom } from '../../shared/domain/face/storage.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import { inTransaction } from '../database/transaction.ts'
import { concernedLinks, tellLink } from '../modules/approval-feed/feed.repository.ts'
import { countFaceData, forgetFaceData } from '../modules/faces/face-data.repository.ts'
import { findProjectByNo, holdProject } from '../modules/projects/project.repository.ts'
import type { ServiceContext } from '../service-context.ts'

/** What the operator decides about faces: for which projects 人脸数据 may leave the workstations at all. */

/**
 * Turns a project's switch on or off; every unit that has the project in its list hears it. Turned off, what was sent for the project is deleted.
 * @returns what was deleted
 * @throws Error of one line where there is no such project
 */
export async function setFaceUpload({ db, clock, personal }: ServiceContext, projectNo: string, allowed: boolean): Promise<{ templates: number; pictures: number }> {
  return inTransaction(db, async (trx) => {
    const found = await findProjectByNo(trx, normalizeProjectNo(projectNo))
    const project = found && (await holdProject(trx, found.id))
    if (!project) throw new Error('没有这个报建编号的项目。')
    await trx.updateTable('project').set({ faces_may_be_sent: allowed ? 1 : 0 }).where('id', '=', project.id).execute()
    const links = await concernedLinks(trx, [project.id], null)
    for (const link of links) await tellLink(trx, link)
    const deleted = { templates: 0, pictures: 0 }
    for (const { organization_id: organizationId } of links) {
      const { templates, pictures } = allowed ? { templates: 0, pictures: 0 } : await forgetFaceData(trx, organizationId, { projectId: project.id })
      deleted.templates += templates
      deleted.pictures += pictures
      const kind = allowed ? 'face-upload-allowed' : 'face-upload-forbidden'
      await appendAudit(personal, trx, { kind, organizationId, accountId: null, deviceId: null, details: { projectId: project.id, templates, pictures } }, clock.now())
    }
    return deleted
  })
}

/** How many faces are stored, and what that asks of the operator. */
export async function faceStatus({ db }: Pick<ServiceContext, 'db'>): Promise<string> {
  const { templates, pictures } = await countFaceData(db)
  const projects = await db.selectFrom('project').select('project_no').where('faces_may_be_sent', '=', 1).orderBy('project_no').execute()
  const lines = [`中心服务存有${templates}人的人脸特征、${pictures}人的人脸照片。`, `允许传送的项目：${projects.map(({ project_no }) => project_no).join('、') || '无'}`]
  const warning = `已超过${faceWarnFrom}人。存储达到${faceFilingFrom}人须依《人脸识别技术应用安全管理办法》备案，请提前办理，或对不再需要的项目执行 face-upload --remove。`
  return [...lines, ...(Math.max(templates, pictures) >= faceWarnFrom ? [warning] : [])].join('\n')
}
