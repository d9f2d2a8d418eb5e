import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProjectsService } from '../../../electron/host/services/projects/projects.service.ts'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { nextCreditCode } from '../../support/central-service.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

const all = { projectNo: '', name: '', status: null, page: 1, pageSize: 15 } as const

describe('项目人员绑定 on a workstation', () => {
  let rig: SyncRig
  let unit: SyncUnit
  let creditCode: string
  let here: Workstation
  beforeAll(async () => {
    rig = await startSyncRig()
    unit = await rig.addUnit()
    creditCode = (await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', unit.id).executeTakeFirstOrThrow()).credit_code
    here = await rig.workstation(unit)
  })
  afterAll(() => rig?.close())

  const projectsOf = ({ local, client, engine }: Workstation) => createProjectsService({ local, central: client, clock: { now: () => new Date() }, syncNow: () => engine.syncNow() })
  const numbers = async (station: Workstation, asked: Partial<Parameters<ReturnType<typeof projectsOf>['list']>[0]> = {}) => (await projectsOf(station).list({ ...all, ...asked })).rows.map(({ projectNo }) => projectNo)
  const feed = (record: unknown) => deliver({ context: rig.context(), clock: { pass: () => undefined } }, record)
  async function file(name: string, status = 'active') {
    const projectNo = newProjectNo()
    const project = feedRecords.project(projectNo, { creditCode: nextCreditCode() }, { name, status })
    await feed(project)
    await feed(feedRecords.party(projectNo, { creditCode }))
    return { projectNo, project }
  }
  async function add(station: Workstation, projectNo: string) {
    const projects = projectsOf(station)
    const { id } = await projects.lookUp({ projectNo })
    await projects.link({ id })
    return id
  }

  it('is there once 新增 answers, on this machine at once and on another with its next sync', async () => {
    const { projectNo } = await file('甲小区改造工程')
    await add(here, projectNo.toLowerCase())
    expect(await numbers(here)).toEqual([projectNo])
    const there = await rig.workstation(unit)
    expect(await numbers(there)).toEqual([projectNo])
  })

  it('is found by a part of number or name and by 项目状态, newest number first, page by page', async () => {
    const [lift, roof] = [await file('加装电梯 A座 工程', 'completed'), await file('屋面改造工程')]
    for (const { projectNo } of [lift, roof]) await add(here, projectNo)
    expect((await numbers(here)).slice(0, 2)).toEqual([roof.projectNo, lift.projectNo])
    expect(await numbers(here, { projectNo: ` ${lift.projectNo.slice(4).toLowerCase()}` })).toEqual([lift.projectNo])
    expect(await numbers(here, { name: 'a座' })).toEqual([lift.projectNo])
    expect(await numbers(here, { name: '%' })).toEqual([])
    expect(await numbers(here, { status: 'completed' })).toEqual([lift.projectNo])
    expect(await projectsOf(here).list({ ...all, page: 9, pageSize: 2 })).toMatchObject({ total: 3, page: 2, rows: [{}] })
  })

  it('follows the feed: counts, closure, and a list that another machine made shorter', async () => {
    const { projectNo, project } = await file('乙小区改造工程')
    const id = await add(here, projectNo)
    const shown = async () => (await projectsOf(here).list({ ...all, projectNo })).rows[0]
    await feed(feedRecords.manager(projectNo, { creditCode }, 1))
    await here.sync()
    expect(await shown()).toMatchObject({ managerCount: 1, workerCount: 0, closure: null })
    await feed(feedRecords.withdrawal(project, 2))
    await here.sync()
    expect(await shown()).toMatchObject({ closure: 'project-withdrawn' })
    const there = await rig.workstation(unit)
    await projectsOf(there).unlink({ id })
    await here.sync()
    expect(await shown()).toBeUndefined()
  })

  it('says so and changes nothing where the central service cannot be had', async () => {
    const before = await numbers(here)
    rig.proxy.on('/v1/project-look-ups', { kind: 'drop-request' })
    await expect(projectsOf(here).lookUp({ projectNo: '2103HK0001' })).rejects.toMatchObject({ code: 'central-needed' })
    expect(await numbers(here)).toEqual(before)
    rig.proxy.heal()
  })

  it('goes where a restored central service does not know of it any more', async () => {
    const backup = rig.backUp()
    const { projectNo } = await file('丙小区改造工程')
    await add(here, projectNo)
    await rig.restore(backup)
    await here.connect()
    expect(await numbers(here)).not.toContain(projectNo)
    expect((await numbers(here)).length).toBeGreaterThan(0)
  })
})
