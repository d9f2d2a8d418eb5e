import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { unlinkProject } from '../../../central/modules/projects/projects.service.ts'
import { inTransaction } from '../../../central/database/transaction.ts'
import { deliver, feedRecords, fileProject, newProjectNo } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, nextCreditCode, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'

type Linked = { projectNo: string; name: string; closure: string | null; managerCount: number; workerCount: number; archived: boolean }

describe.each(backends)('项目 of a unit on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    clerk = await central.newClerk('甲修缮有限公司')
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const lookUp = (projectNo: string, who: Clerk = clerk) => who.call('lookUpProject', { body: { projectNo } })
  const link = (projectId: string, who: Clerk = clerk, key = newKey()) => who.call('linkProject', { body: { projectId }, headers: { 'idempotency-key': key } })
  const unlink = (id: string, who: Clerk = clerk) => who.call('unlinkProject', { params: { id } })
  const listed = async (who: Clerk = clerk) => (await who.call('listProjects')).body['items'] as Linked[]
  const told = async (after: number, who: Clerk = clerk) => {
    const { body } = await who.changes(after)
    return { next: Number(body['next']), projects: (body['items'] as { kind: string; project: Linked }[]).filter(({ kind }) => kind === 'project').map(({ project }) => project) }
  }
  const code = ({ body }: Reply) => body['code']

  it('finds one by its 报建编号, however that is typed, and puts it into the list once', async () => {
    const { id, projectNo } = await fileProject(central, clerk.unit)
    expect(await lookUp(` ${projectNo.toLowerCase().slice(0, 6)} ${projectNo.slice(6)}`)).toMatchObject({ status: 200, body: { id, projectNo, name: '某小区屋面及相关设施改造工程', linked: false } })
    const key = newKey()
    expect(await link(id, clerk, key)).toMatchObject({ status: 201, body: { id } })
    expect(await link(id, clerk, key)).toMatchObject({ status: 201, body: { id } })
    expect(await link(id)).toMatchObject({ status: 201, body: { id } })
    expect(await listed()).toEqual([{ id, projectNo, name: '某小区屋面及相关设施改造工程', status: 'active', closure: null, managerCount: 0, workerCount: 0, contract: null, archived: false, facesMayBeSent: false }])
    expect((await lookUp(projectNo)).body).toMatchObject({ linked: true })
  })

  it('answers the same for a number that nobody has and for a project of other units, and links neither', async () => {
    const { id, projectNo } = await fileProject(central, await central.addUnit('乙修缮有限公司'))
    const [theirs, nobodys] = [await lookUp(projectNo), await lookUp('1999ZZ0000')]
    expect(theirs.text.replaceAll(/"instance":"[^"]*",?/g, '')).toBe(nobodys.text.replaceAll(/"instance":"[^"]*",?/g, ''))
    expect(code(theirs)).toBe('project-not-found')
    expect(code(await link(id))).toBe('project-not-found')
    expect(await listed()).toEqual([])
  })

  it('lets the implementer have it too, without a filing of its own', async () => {
    const implementer = await central.newClerk('实施单位')
    const projectNo = newProjectNo()
    await deliver(central, feedRecords.project(projectNo, implementer.unit))
    expect(await lookUp(projectNo, implementer)).toMatchObject({ status: 200, body: { projectNo } })
    expect(code(await lookUp(projectNo))).toBe('project-not-found')
  })

  it('counts the managers that the own unit has filed, and those of nobody else', async () => {
    const { id, projectNo } = await fileProject(central, clerk.unit)
    const other = await central.addUnit('乙修缮有限公司')
    await link(id)
    const { next } = await told(0)
    await deliver(central, feedRecords.manager(projectNo, clerk.unit, 1))
    const second = feedRecords.manager(projectNo, clerk.unit, 2)
    await deliver(central, second)
    await deliver(central, feedRecords.manager(projectNo, other, 3))
    expect((await told(next)).projects).toMatchObject([{ projectNo, managerCount: 2, workerCount: 0 }])
    await deliver(central, feedRecords.withdrawal(second, 2))
    expect(await listed()).toMatchObject([{ managerCount: 1 }])
  })

  it('takes it off the list, which the unit’s other machines hear, and lets it be added again', async () => {
    const { id } = await fileProject(central, clerk.unit)
    await link(id)
    const { next } = await told(0)
    expect(await unlink(id)).toMatchObject({ status: 200, body: { id } })
    expect(await listed()).toEqual([])
    expect((await told(next)).projects).toMatchObject([{ archived: true }])
    expect(code(await unlink(id))).toBe('not-found')
    await link(id)
    expect(await listed()).toMatchObject([{ archived: false }])
  })

  it('keeps it in the list while people of the unit are bound to it', async () => {
    const { id } = await fileProject(central, clerk.unit)
    await link(id)
    const people = { workersOf: async () => new Map(), count: async () => 3 }
    const who = { accountId: clerk.unit.accountId, organizationId: clerk.unit.id, deviceId: clerk.deviceId }
    await expect(inTransaction(central.db, (trx) => unlinkProject(central.context, trx, people, who, id))).rejects.toMatchObject({ code: 'project-has-people', details: { count: 3 } })
    expect(await listed()).toHaveLength(1)
  })

  it('shows one that was withdrawn, or that the unit has left, as closed, and destroys nothing', async () => {
    const projectNo = newProjectNo()
    const [project, party] = [feedRecords.project(projectNo, { creditCode: nextCreditCode() }), feedRecords.party(projectNo, clerk.unit)]
    await deliver(central, project)
    await deliver(central, party)
    const id = String((await lookUp(projectNo)).body['id'])
    await link(id)
    await deliver(central, feedRecords.withdrawal(party, 2))
    expect(await listed()).toMatchObject([{ closure: 'party-withdrawn' }])
    await deliver(central, { ...party, version: 3 })
    expect(await listed()).toMatchObject([{ closure: null }])
    await deliver(central, feedRecords.withdrawal(project, 2))
    expect(await listed()).toMatchObject([{ projectNo, closure: 'project-withdrawn' }])
    expect(code(await lookUp(projectNo))).toBe('project-not-found')
  })

  it('tells each unit what it did itself, and of another unit’s list nothing', async () => {
    const { id, projectNo } = await fileProject(central, clerk.unit)
    const other = await central.newClerk('乙修缮有限公司')
    await deliver(central, feedRecords.party(projectNo, other.unit))
    await link(id)
    expect((await told(0, other)).projects).toEqual([])
    expect(await listed(other)).toEqual([])
    expect(code(await unlink(id, other))).toBe('not-found')
    const kinds = await central.db.selectFrom('audit_event').select('kind').where('organization_id', '=', clerk.unit.id).where('kind', 'like', 'project-%').execute()
    expect(kinds).toEqual([{ kind: 'project-linked' }])
  })
})
