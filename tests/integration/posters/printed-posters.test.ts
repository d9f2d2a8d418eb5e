import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPdf } from '../../../electron/browser/chromium-pdf.ts'
import { createPostersService } from '../../../electron/host/services/posters/posters.service.ts'
import { createProjectsService } from '../../../electron/host/services/projects/projects.service.ts'
import { groupPosterCode } from '../../../shared/domain/poster-code.ts'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { dialogsSavingAt } from '../../support/attachment-files.ts'
import { nextCreditCode } from '../../support/central-service.ts'
import { readPrinted } from '../../support/printed-pages.ts'
import { dialogsCancelled } from '../../support/shell-ports.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

const names = [
  '某小区屋面及相关设施改造工程',
  '2026年度某某区示例路街道住宅修缮工程（第一标段）屋面、外墙、楼道公共部位及小区附属设施综合改造、二次供水设施改造与适老化改造项目',
  '历史风貌住宅<示例里>“修旧如旧”修缮工程 & Phase II',
]
const clock = { now: () => new Date() }

describe('项目二维码 on a workstation', () => {
  let rig: SyncRig
  let unit: SyncUnit
  let station: Workstation
  let projects: { id: string; projectNo: string; name: string }[]
  beforeAll(async () => {
    rig = await startSyncRig()
    unit = await rig.addUnit('上海某某建筑装饰工程有限公司')
    station = await rig.workstation(unit)
    const { credit_code: creditCode } = await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', unit.id).executeTakeFirstOrThrow()
    projects = []
    for (const name of names) projects.push({ ...(await add(creditCode, name)), name })
  })
  afterAll(() => rig?.close())

  async function add(creditCode: string, name: string) {
    const projectNo = newProjectNo()
    for (const record of [feedRecords.project(projectNo, { creditCode: nextCreditCode() }, { name }), feedRecords.party(projectNo, { creditCode })]) {
      await deliver({ context: rig.context(), clock: { pass: () => undefined } }, record)
    }
    const service = createProjectsService({ local: station.local, central: station.client, clock, syncNow: () => station.engine.syncNow() })
    const { id } = await service.lookUp({ projectNo })
    await service.link({ id })
    return { id, projectNo }
  }
  const postersOf = (dialogs = dialogsCancelled) =>
    createPostersService({ local: station.local, central: station.client, organization: { name: '上海某某建筑装饰工程有限公司' }, ports: { clock, dialogs, printing: { toPdf: (html) => chromiumPdf(html) } } })
  type Posters = ReturnType<typeof postersOf>
  const prepare = (posters: Posters, ids: readonly string[], more: Partial<Parameters<Posters['prepare']>[0]> = {}) => posters.prepare({ projectIds: [...ids], paper: 'A4', evenStopped: false, ...more })

  async function contentOf(posters: Posters, documentId: string | null, as: 'pdf' | 'html'): Promise<Buffer> {
    const pieces: Buffer[] = []
    for (let offset = 0; ; ) {
      const { chunk, size } = await posters.read({ documentId: documentId ?? '', as, offset })
      pieces.push(Buffer.from(chunk, 'base64'))
      offset += pieces.at(-1)?.length ?? 0
      if (offset >= size) return Buffer.concat(pieces)
    }
  }

  it.each(['A4', 'A3'] as const)('are vectors, a project a page on %s, and each decodes from a 150 dpi rendering to its own address', async (paper) => {
    const posters = postersOf()
    const { documentId, items, refused } = await prepare(posters, projects.map(({ id }) => id), { paper })
    expect(refused).toEqual([])
    const { pages, images, papers } = await readPrinted(await contentOf(posters, documentId, 'pdf'))
    expect(images).toBe(0)
    expect(papers).toEqual([paper, paper, paper])
    expect(pages.map(({ codes }) => codes)).toEqual(items.map(({ code }) => [`HTTPS://CENTRAL.TEST/W/${code}`]))
    for (const [index, { text }] of pages.entries()) {
      const [printed, item, project] = [text.replaceAll(/\s/g, ''), items[index], projects[index]]
      for (const part of [project?.projectNo, project?.name, '上海某某建筑装饰工程有限公司', groupPosterCode(item?.code ?? ''), '现场作业人员扫码登记', '有效期至']) expect(printed).toContain(part?.replaceAll(' ', ''))
    }
  })

  it('are saved as they were shown, under a name that says whose they are', async () => {
    const place = join(station.folder, 'saved.pdf')
    const posters = postersOf(dialogsSavingAt(() => place))
    const { documentId } = await prepare(posters, [projects[0]?.id ?? ''])
    expect(await posters.save({ documentId: documentId ?? '' })).toEqual({ saved: true })
    expect(readFileSync(place)).toEqual(await contentOf(posters, documentId, 'pdf'))
    await expect(postersOf().save({ documentId: documentId ?? '' })).rejects.toMatchObject({ code: 'poster-gone' })
  })

  it('change their code with 换发, have none after 停用, and one again when that is asked for', async () => {
    const posters = postersOf()
    const [, { id: projectId } = { id: '' }] = projects
    const codeOf = async (more = {}) => (await prepare(posters, [projectId], more)).items[0]?.code
    const first = (await codeOf()) ?? ''
    await posters.reissue({ projectId, code: first })
    const second = (await codeOf()) ?? ''
    expect(second).not.toBe(first)
    await expect(posters.revoke({ projectId, code: first })).rejects.toMatchObject({ code: 'poster-code-changed' })
    await posters.revoke({ projectId, code: second })
    expect(await prepare(posters, [projectId])).toMatchObject({ documentId: null, items: [], refused: [{ projectId, name: names[1], code: 'poster-code-stopped' }] })
    expect([undefined, first, second]).not.toContain(await codeOf({ evenStopped: true }))
  })

  it('need the central service, and say so', async () => {
    rig.proxy.on('/v1/poster-codes', { kind: 'drop-request' })
    await expect(prepare(postersOf(), [projects[0]?.id ?? ''])).rejects.toMatchObject({ code: 'poster-needs-network', retriable: true })
    rig.proxy.heal()
  })
})

describe('a document that becomes a PDF in the browser shell', () => {
  it('runs nothing and fetches nothing, whatever stands in it', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const html = `<p id="text">as written</p><script>document.getElementById('text').textContent = 'run'</script><img src="${address}/image"><link rel="stylesheet" href="${address}/style"><iframe src="${address}/frame"></iframe><img src="x" onerror="document.body.append('run')">`
    const [page] = (await readPrinted(await chromiumPdf(`<!doctype html>${html}`))).pages
    server.close()
    expect(page?.text.trim()).toBe('as written')
    expect(asked).toEqual([])
  })

  it('is none without Chromium, or where that ends at once', async () => {
    await expect(chromiumPdf('<p>x', '/nowhere/chromium')).rejects.toMatchObject({ code: 'pdf-unavailable' })
    await expect(chromiumPdf('<p>x', '/bin/false')).rejects.toMatchObject({ code: 'pdf-failed' })
  })
})
