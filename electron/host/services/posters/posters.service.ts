import { randomUUID } from 'node:crypto'
import { attachmentChunkSize } from '../../../../shared/contract/attachment-chunk.ts'
import type { Organization } from '../../../../shared/contract/common.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import type { PosterPaper } from '../../../../shared/domain/poster-paper.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralPosters } from '../../central/central-port.ts'
import { newId } from '../../database/new-id.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { findProjects } from '../../database/project.repository.ts'
import type { HostPorts } from '../../ports.ts'
import { posterDocument, type Poster } from '../../posters/poster-document.ts'
import { createAskedOnce } from '../asked-once.ts'
import { saveContent } from '../attachments/save-content.ts'
import { createLocalWork } from '../local-work.ts'

export interface PostersContext {
  readonly local: LocalDatabase
  readonly central: CentralPosters
  readonly ports: Pick<HostPorts, 'clock' | 'dialogs' | 'printing'>
  /** The unit whose posters they are. */
  readonly organization: Pick<Organization, 'name'>
  readonly damaged?: () => void
}

interface PosterFile {
  readonly html: Buffer
  readonly pdf: Buffer
  readonly name: string
}

/** A window shows one, and there are hardly ever more than two windows. */
const mostKept = 4

/** 项目二维码 of the open unit: codes from the central service, sheets from here, the PDF from the shell. */
export function createPostersService({ local, central, ports, organization, damaged }: PostersContext): BridgeServices['posters'] {
  const { clock, dialogs, printing } = ports
  const { guarded } = createLocalWork(local, clock, damaged)
  const once = createAskedOnce(() => newId(clock.now()), 'poster-needs-network')
  /** Oldest first. */
  const kept = new Map<string, PosterFile>()

  function documentOf(id: string): PosterFile {
    const found = kept.get(id)
    if (!found) throw new AppError('poster-gone')
    return found
  }

  async function keep(posters: readonly Poster[], paper: PosterPaper): Promise<string> {
    const html = posterDocument(posters, paper)
    const pdf = Buffer.from(await printing.toPdf(html))
    const id = randomUUID()
    kept.set(id, { html: Buffer.from(html, 'utf8'), pdf, name: fileNameOf(posters, paper) })
    for (const old of [...kept.keys()].slice(0, -mostKept)) kept.delete(old)
    return id
  }

  return {
    prepare: async ({ projectIds, paper, evenStopped }) => {
      const wanted = { projectIds: [...new Set(projectIds)], evenStopped }
      const { items: codes, refused } = await once(JSON.stringify(wanted), (key) => central.issuePosterCodes(wanted, key))
      const projects = await guarded(() => findProjects(local.db, wanted.projectIds))
      const named = (projectId: string) => ({ projectId, projectNo: projects.get(projectId)?.project_no ?? '', name: projects.get(projectId)?.name ?? '' })
      const items = codes.map(({ projectId, code, expiresAt }) => ({ ...named(projectId), code, lastDay: lastDayOf(expiresAt) }))
      const posters = codes.map(({ projectId, code, url, expiresAt }) => {
        const { projectNo, name } = named(projectId)
        return { projectNo, projectName: name, unitName: organization.name, code, url, lastDay: lastDayOf(expiresAt) }
      })
      return { documentId: posters.length === 0 ? null : await keep(posters, paper), items, refused: refused.map(({ projectId, code }) => ({ ...named(projectId), code })) }
    },
    read: async ({ documentId, as, offset }) => {
      const content = documentOf(documentId)[as]
      return { chunk: content.subarray(offset, offset + attachmentChunkSize).toString('base64'), size: content.length }
    },
    save: async ({ documentId }) => {
      const { pdf, name } = documentOf(documentId)
      const saved = await dialogs.saveFile({ title: '保存项目二维码', filters: [{ name: 'PDF', extensions: ['pdf'] }], suggestedName: name }, (path) =>
        saveContent(path, pdf.length, async (offset) => pdf.subarray(offset)),
      )
      return { saved: saved !== null }
    },
    reissue: async (seen) => {
      await once(`reissue ${seen.projectId} ${seen.code}`, (key) => central.reissuePosterCode(seen, key))
      return {}
    },
    revoke: async (seen) => {
      await once(`revoke ${seen.projectId} ${seen.code}`, (key) => central.revokePosterCode(seen, key))
      return {}
    },
  }
}

/** A code is good until midnight: the day before that is the last one. */
const lastDayOf = (expiresAt: string): string => shanghaiDate(new Date(Date.parse(expiresAt) - 1))

/** A 报建编号 has letters and digits; whatever else came in one stands in no file name. */
function fileNameOf(posters: readonly Poster[], paper: PosterPaper): string {
  const [first] = posters
  const what = posters.length === 1 && first ? first.projectNo.replace(/[^\p{L}\p{N}-]/gu, '') : `${posters.length}个项目`
  return `项目二维码-${what}-${paper}.pdf`
}
