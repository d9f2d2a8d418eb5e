import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BindingResource, TeamResource } from '../../../shared/api/bindings.ts'
import { deliver, feedRecords, fileProject } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { personValues, workerValues } from '../../support/people.ts'

type Result = { outcome: string; receipt?: { id: string; version: number; bindingStatus?: string }; problem?: { code: string; details: Record<string, unknown> } }

/** Nobody of another test is the same person. */
let people = 5_000

describe.each(backends)('项目人员绑定 on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let project: { id: string; projectNo: string }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation(), { approvesAutomatically: true })
  })
  beforeEach(async () => {
    clerk = await central.newClerk('甲修缮有限公司')
    project = await fileProject(central, clerk.unit)
    await clerk.call('linkProject', { body: { projectId: project.id } })
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  async function send(operation: Record<string, unknown>, who: Clerk = clerk, opId = newKey()): Promise<Result> {
    central.clock.pass(1)
    const { body } = await who.push([{ opId, ...operation }])
    return (body['results'] as Result[])[0] ?? { outcome: 'none' }
  }
  const answer = ({ receipt, problem }: Result) => receipt?.bindingStatus ?? [problem?.code, ...Object.values(problem?.details ?? {})].join(' ')
  const act = async (kind: string, id: string, baseVersion: number, who: Clerk = clerk) => answer(await send({ kind, id, baseVersion }, who))

  async function register(personType: 'manager' | 'worker', changes = {}, who: Clerk = clerk, person = ++people): Promise<{ id: string; person: number }> {
    const id = randomUUID()
    const values = personType === 'worker' ? workerValues(person, changes) : personValues(person, changes)
    const { status } = await who.call('createRegistration', { body: { id, personType, values } })
    expect(status).toBe(201)
    return { id, person }
  }
  const enrol = (registrationId: string) => central.db.updateTable('registration').set({ face_enrolled: 1 }).where('id', '=', registrationId).execute()

  /** A worker of the unit on the project, with a face that is known. */
  async function bound(changes = {}): Promise<{ id: string; registrationId: string; person: number }> {
    const { id: registrationId, person } = await register('worker', changes)
    await enrol(registrationId)
    const id = randomUUID()
    expect(answer(await send({ kind: 'bind', binding: { id, projectId: project.id, registrationId, teamId: null } }))).toBe('unsubmitted')
    return { id, registrationId, person }
  }

  async function told(after = 0, who: Clerk = clerk) {
    const { body } = await who.changes(after)
    const items = body['items'] as { kind: string; binding: BindingResource; team: TeamResource; project: { managerCount: number; workerCount: number } }[]
    const of = (kind: string) => items.filter((item) => item.kind === kind)
    return { next: Number(body['next']), bindings: of('binding').map(({ binding }) => binding), teams: of('team').map(({ team }) => team), projects: of('project').map((each) => each.project) }
  }
  const managers = async () => (await told()).bindings.filter(({ personType }) => personType === 'manager')

  it('a worker comes onto a project once, is submitted, and every step is told, kept and counted', async () => {
    const { next } = await told()
    const { id: registrationId } = await register('worker')
    const [id, key] = [randomUUID(), newKey()]
    const bind = { kind: 'bind', binding: { id, projectId: project.id, registrationId, teamId: null } }
    const first = await send(bind, clerk, key)
    expect(await send(bind, clerk, key)).toEqual(first)
    expect(await act('submit-binding', id, 1)).toBe('binding-blocked identity-check-missing')
    await enrol(registrationId)
    expect(await act('submit-binding', id, 1)).toBe('pending')
    expect(await act('submit-binding', id, 2)).toBe('binding-submitted')
    const news = await told(next)
    expect(news.bindings).toMatchObject([{ id, projectId: project.id, personType: 'worker', registrationId, filed: null, status: 'pending', version: 2 }])
    expect(news.projects).toMatchObject([{ workerCount: 1 }])
    const events = await central.db.selectFrom('binding_event').select(['action', 'status', 'account_id']).where('binding_id', '=', id).orderBy('id').execute()
    expect(events).toEqual([{ action: 'create', status: 'unsubmitted', account_id: clerk.unit.accountId }, { action: 'submit', status: 'pending', account_id: clerk.unit.accountId }])
  })

  it('says for each person what stands against a submission, and takes it once that is cured', async () => {
    const electrician = await bound({ workType: '130', specialCertificates: [{ id: randomUUID(), specialTrade: '01', certificateNo: 'A1', expiresOn: '2029-06-01' }] })
    expect(await act('submit-binding', electrician.id, 1)).toBe('pending')
    const [unknown, elsewhere, expired] = [++people, ++people, ++people]
    const other = await central.newClerk('乙修缮有限公司')
    for (const person of [unknown, elsewhere, expired]) await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, person))
    await register('manager', {}, other, elsewhere)
    const licence = (validUntil: string) => ({ licences: [{ id: randomUUID(), licenceNo: 'B1', licenceName: '建造师', grantedBy: '', validUntil, remark: '' }] })
    const { id: ownId } = await register('manager', licence('2099-01-01'), clerk, expired)
    await enrol(ownId)
    const byNumber = new Map((await managers()).map((each) => [each.filed?.idCardNo, each.id]))
    const submit = (person: number) => act('submit-binding', byNumber.get(personValues(person).idCardNo) ?? '', 1)
    expect(await submit(unknown)).toBe('binding-blocked not-registered')
    expect(await submit(elsewhere)).toBe('binding-blocked registered-elsewhere')
    const before = central.clock.at
    central.clock.at = Date.parse('2099-02-01')
    const { username } = clerk
    clerk = { ...(await central.signIn(username)), unit: clerk.unit }
    expect(await submit(expired)).toBe('binding-blocked licence-expired')
    central.clock.at = before
    clerk = { ...(await central.signIn(username)), unit: clerk.unit }
    expect(await submit(expired)).toBe('pending')
    expect(await managers()).toContainEqual(expect.objectContaining({ status: 'pending', registrationId: ownId, post: '项目经理' }))
  })

  it('of two clerks at once one wins and the other hears why not; another unit hears nothing but that', async () => {
    const colleague = await central.signIn(clerk.username)
    const { id, registrationId, person } = await bound()
    const both = await Promise.all([act('submit-binding', id, 1), act('submit-binding', id, 1, colleague)])
    expect(both.sort()).toEqual(['binding-submitted', 'pending'])
    expect(answer(await send({ kind: 'bind', binding: { id: randomUUID(), projectId: project.id, registrationId, teamId: null } }, colleague))).toBe(`binding-here ${id}`)
    const other = await central.newClerk('乙修缮有限公司')
    for (const kind of ['submit-binding', 'leave-binding', 'remove-binding']) expect(await act(kind, id, 2, other)).toBe('not-found')
    expect(answer(await send({ kind: 'bind', binding: { id: randomUUID(), projectId: project.id, registrationId, teamId: null } }, other))).toBe('project-not-found')
    expect(await act('leave-binding', id, 2)).toBe('binding-not-approved')
    expect(await act('remove-binding', id, 1)).toBe('binding-changed')
    expect(await act('remove-binding', id, 2)).toBe('ended')
    expect((await told()).bindings).toContainEqual(expect.objectContaining({ id, status: 'ended', ending: 'removed' }))
    expect(person).toBeGreaterThan(0)
  })

  it('gives every filed manager a binding, corrects and withdraws it with the filing, and brings it back with it', async () => {
    const [one, two] = [++people, ++people]
    const filing = feedRecords.manager(project.projectNo, clerk.unit, one)
    await deliver(central, filing)
    expect(await managers()).toMatchObject([{ status: 'unsubmitted', filed: { name: personValues(one).name, idCardNo: personValues(one).idCardNo }, post: '项目经理' }])
    const { id } = await central.db.selectFrom('filed_person').select('id').where('source_id', '=', filing.sourceId).executeTakeFirstOrThrow()
    expect(await managers()).toMatchObject([{ id }])
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, one, { sourceId: filing.sourceId, version: 2, post: '安全员' }))
    expect(await managers()).toMatchObject([{ id, post: '安全员', version: 1 }])
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, two, { sourceId: filing.sourceId, version: 3 }))
    const live = async () => (await managers()).filter(({ status }) => status !== 'ended')
    expect(await live()).toMatchObject([{ filed: { idCardNo: personValues(two).idCardNo } }])
    await deliver(central, feedRecords.withdrawal(filing, 4))
    expect(await live()).toEqual([])
    expect((await managers()).map(({ ending }) => ending)).toEqual(['filing-withdrawn', 'filing-withdrawn'])
    await deliver(central, { ...filing, version: 5 })
    expect(await live()).toMatchObject([{ filed: { idCardNo: personValues(one).idCardNo }, status: 'unsubmitted' }])
  })

  it('a manager whom two units have filed is on the project for one of them, and for the other once that one is out', async () => {
    const other = await central.newClerk('乙修缮有限公司')
    await deliver(central, feedRecords.party(project.projectNo, other.unit))
    await other.call('linkProject', { body: { projectId: project.id } })
    const [leaves, removed] = [++people, ++people]
    const filing = feedRecords.manager(project.projectNo, clerk.unit, leaves)
    for (const record of [filing, feedRecords.manager(project.projectNo, clerk.unit, removed)]) await deliver(central, record)
    for (const person of [leaves, removed]) await deliver(central, feedRecords.manager(project.projectNo, other.unit, person))
    const theirs = async () => (await told(0, other)).bindings.map(({ filed, status }) => [filed?.idCardNo, status])
    expect(await theirs()).toEqual([])
    await deliver(central, feedRecords.withdrawal(filing, 2))
    expect(await theirs()).toEqual([[personValues(leaves).idCardNo, 'unsubmitted']])
    const here = (await managers()).find(({ filed }) => filed?.idCardNo === personValues(removed).idCardNo)
    expect(await act('remove-binding', here?.id ?? '', 1)).toBe('ended')
    expect((await theirs()).sort()).toEqual([leaves, removed].map((person) => [personValues(person).idCardNo, 'unsubmitted']).sort())
  })

  it('a filing that is corrected to somebody else puts that one on the project, also where the wrong one was taken off it', async () => {
    const [wrong, right] = [++people, ++people]
    const filing = feedRecords.manager(project.projectNo, clerk.unit, wrong)
    await deliver(central, filing)
    const [{ id } = { id: '' }] = await managers()
    expect(await act('remove-binding', id, 1)).toBe('ended')
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, right, { sourceId: filing.sourceId, version: 2 }))
    expect((await managers()).filter(({ status }) => status !== 'ended')).toMatchObject([{ filed: { idCardNo: personValues(right).idCardNo } }])
  })

  it('a registration whose number is corrected leaves the filing of the old number in the list, to be registered anew', async () => {
    const [filed, right] = [++people, ++people]
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, filed))
    const { id: registrationId } = await register('manager', {}, clerk, filed)
    await enrol(registrationId)
    const [{ id } = { id: '' }] = await managers()
    expect(await act('submit-binding', id, 1)).toBe('pending')
    const { idCardNo, sex, birthDate } = personValues(right)
    expect(await send({ kind: 'patch', id: registrationId, baseVersion: 1, changes: { idCardNo, sex, birthDate } })).toMatchObject({ outcome: 'applied' })
    expect((await managers()).map(({ status, registrationId: of }) => [status, of]).sort()).toEqual([['ended', registrationId], ['unsubmitted', null]])
  })

  it('ends everybody with the project, and lets nobody onto it any more', async () => {
    const { id, registrationId } = await bound()
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, ++people))
    const { next } = await told()
    const { source_id: sourceId, name: projectName } = await central.db.selectFrom('project').select(['source_id', 'name']).where('id', '=', project.id).executeTakeFirstOrThrow()
    const standing = feedRecords.project(project.projectNo, clerk.unit, { sourceId, version: 2, name: projectName, status: 'completed' })
    await deliver(central, standing)
    const news = await told(next)
    expect(news.bindings.map(({ status, ending }) => [status, ending])).toEqual([['ended', 'project-completed'], ['ended', 'project-completed']])
    expect(news.projects).toMatchObject([{ workerCount: 0 }])
    expect(await act('submit-binding', id, 2)).toBe('binding-ended')
    expect(answer(await send({ kind: 'bind', binding: { id: randomUUID(), projectId: project.id, registrationId, teamId: null } }))).toBe('binding-blocked project-closed')
    await deliver(central, { ...standing, version: 3, body: { ...(standing.body as object), status: 'active' } })
    expect((await told(news.next)).bindings).toMatchObject([{ personType: 'manager', status: 'unsubmitted' }])
  })

  it('离职迁出 ends what somebody is bound to; a filed manager stands in the list anew', async () => {
    const { id, registrationId } = await bound()
    const filed = ++people
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, filed))
    const { id: managerId } = await register('manager', {}, clerk, filed)
    await enrol(managerId)
    const [{ id: bindingId } = { id: '' }] = await managers()
    expect(await act('submit-binding', bindingId, 1)).toBe('pending')
    const leave = { reason: '1', note: '', leftOn: new Date(central.clock.at + 8 * 3_600_000).toISOString().slice(0, 10), requestId: null }
    for (const each of [registrationId, managerId]) expect(await send({ kind: 'transfer-out', id: each, baseVersion: 1, departure: leave })).toMatchObject({ outcome: 'applied' })
    const { bindings } = await told()
    expect(bindings.filter((each) => [id, bindingId].includes(each.id)).map(({ ending }) => ending)).toEqual(['transferred-out', 'transferred-out'])
    expect((await managers()).filter(({ status }) => status !== 'ended')).toMatchObject([{ status: 'unsubmitted', filed: { idCardNo: personValues(filed).idCardNo } }])
  })

  it('删除项目 is refused while somebody is bound, and takes filed managers off the list until it is back', async () => {
    const { id } = await bound()
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, ++people))
    const unlink = () => clerk.call('unlinkProject', { params: { id: project.id } })
    expect((await unlink()).body).toMatchObject({ code: 'project-has-people', details: { count: 1 } })
    expect(await act('remove-binding', id, 1)).toBe('ended')
    expect((await unlink()).status).toBe(200)
    expect((await managers()).map(({ status }) => status)).toEqual(['ended'])
    await clerk.call('linkProject', { body: { projectId: project.id } })
    expect((await managers()).map(({ status }) => status).sort()).toEqual(['ended', 'unsubmitted'])
  })

  it('teams: made, named, led, left; two of one name are not', async () => {
    const { id } = await bound()
    const team = randomUUID()
    const put = (changes: Record<string, unknown>) => send({ kind: 'put-team', id: team, projectId: project.id, name: '木工一班', leaderBindingId: null, baseVersion: null, ...changes })
    expect(await put({})).toMatchObject({ receipt: { version: 1, removed: false } })
    expect(answer(await put({ id: randomUUID(), name: ' 木工一班 ' }))).toBe('team-name-taken')
    expect(await put({ name: '木工二班', leaderBindingId: id, baseVersion: 1 })).toMatchObject({ receipt: { version: 2 } })
    expect(answer(await put({ baseVersion: 1 }))).toBe('team-changed')
    expect((await told()).bindings).toMatchObject([{ teamId: team, version: 1 }])
    expect(answer(await send({ kind: 'assign-team', id, teamId: null }))).toBe('unsubmitted')
    expect((await told()).teams).toMatchObject([{ name: '木工二班', leaderBindingId: null, version: 3 }])
    expect(await send({ kind: 'remove-team', id: team, baseVersion: 3 })).toMatchObject({ receipt: { removed: true } })
    expect(answer(await send({ kind: 'assign-team', id, teamId: team }))).toBe('team-gone')
  })
})
