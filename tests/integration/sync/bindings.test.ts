import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inTransaction } from '../../../central/database/transaction.ts'
import { tellBindingsOf } from '../../../central/modules/bindings/binding.repository.ts'
import { moveOne } from '../../../central/modules/bindings/move-binding.ts'
import { createProjectsService } from '../../../electron/host/services/projects/projects.service.ts'
import type { BindingRow } from '../../../shared/contract/bindings.contract.ts'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { nextCreditCode } from '../../support/central-service.ts'
import { personValues, workerValues } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

let people = 7_000

describe('a day of 项目人员绑定 on a workstation', () => {
  let rig: SyncRig
  let unit: SyncUnit
  let creditCode: string
  let here: Workstation
  let projectId: string
  let projectNo: string
  let sourceId: string
  const feed = (record: unknown) => deliver({ context: rig.context(), clock: { pass: () => undefined } }, record)
  beforeAll(async () => {
    rig = await startSyncRig()
    unit = await rig.addUnit()
    creditCode = (await rig.context().db.selectFrom('organization').select('credit_code').where('id', '=', unit.id).executeTakeFirstOrThrow()).credit_code
    here = await rig.workstation(unit)
  })
  beforeEach(async () => {
    rig.proxy.heal()
    projectNo = newProjectNo()
    const project = feedRecords.project(projectNo, { creditCode: nextCreditCode() })
    sourceId = project.sourceId
    await feed(project)
    await feed(feedRecords.party(projectNo, { creditCode }))
    projectId = await link(here)
  })
  afterAll(() => rig?.close())

  async function link({ local, client, engine }: Workstation): Promise<string> {
    const projects = createProjectsService({ local, central: client, clock: { now: () => new Date() }, syncNow: () => engine.syncNow() })
    const { id } = await projects.lookUp({ projectNo })
    await projects.link({ id })
    return id
  }
  const cut = () => rig.proxy.on('/', { kind: 'drop-request' }, { times: 1e9 })
  const list = async (station: Workstation, personType: BindingRow['personType'] = 'worker', status: BindingRow['status'] | null = null) =>
    (await station.bindings.list({ projectId, personType, name: '', status, page: 1, pageSize: 100 })).rows
  async function begin(station: Workstation, person: number): Promise<string> {
    const values = workerValues(person)
    const { id, revision } = await station.registrations.begin({ idCardNo: values.idCardNo, personType: 'worker' })
    await station.bindings.add({ projectId, recordIds: [id] })
    await station.registrations.submit({ id, values, revision })
    return id
  }
  /** As the attendance system does it: the unit hears it with its next pull. */
  async function enrolAll(): Promise<void> {
    await rig.context().db.updateTable('registration').set({ face_enrolled: 1 }).execute()
    const bindings = await centralBindings()
    await inTransaction(rig.context().db, async (trx) => {
      for (const { id_card_no_hash } of bindings) await tellBindingsOf(trx, unit.id, id_card_no_hash)
    })
  }
  const centralBindings = () => rig.context().db.selectFrom('binding').selectAll().where('project_id', '=', projectId).orderBy('id').execute()

  it('offline: workers come onto the project, into a team, and are there once the line is back, nothing twice, also where replies are lost', async () => {
    cut()
    const ids = [await begin(here, ++people), await begin(here, ++people), await begin(here, ++people)]
    await here.sync()
    const rows = await list(here)
    expect(rows.map(({ recordId, status, syncState, waitsFor, block }) => [recordId, status, syncState, waitsFor, block])).toEqual(ids.map((id) => [id, 'unsubmitted', 'queued', 'registration', 'identity-check-missing']))
    const { id: teamId } = await here.bindings.putTeam({ id: null, projectId, name: '木工一班', leaderBindingId: rows[0]?.id ?? null })
    await here.bindings.assignTeam({ ids: rows.map(({ id }) => id), teamId })
    expect((await list(here)).map(({ team }) => team)).toEqual([{ id: teamId, name: '木工一班', isLeader: true }, ...Array.from({ length: 2 }, () => ({ id: teamId, name: '木工一班', isLeader: false }))])
    rig.proxy.heal()
    // Registrations, bindings and teams: of each the reply to the first attempt is lost.
    for (const kind of ['"create"', '"bind"', '"put-team"', '"assign-team"']) rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' }, { body: (body) => body.includes(kind) })
    for (let attempt = 0; attempt < 6; attempt++) await here.sync()
    expect((await list(here)).map(({ status, syncState, waitsFor, team }) => [status, syncState, waitsFor, team?.name])).toEqual(ids.map(() => ['unsubmitted', 'uploaded', null, '木工一班']))
    expect((await centralBindings()).map(({ registration_id, team_id }) => [registration_id, team_id])).toEqual(ids.map((id) => [id, teamId]))
    expect(await here.bindings.teams({ projectId })).toMatchObject({ teams: [{ name: '木工一班', memberCount: 3, leaderBindingId: rows[0]?.id }] })
    const there = await rig.workstation(unit)
    expect((await list(there)).map(({ team }) => team?.isLeader)).toEqual([true, false, false])
    await there.close()
  })

  it('submits offline whom it may, says of each other why not, and each refusal of the central service stands on its row', async () => {
    await begin(here, ++people)
    await begin(here, ++people)
    await here.sync()
    await enrolAll()
    await here.sync()
    const [first, second] = (await list(here)).map(({ id }) => id)
    if (!first || !second) throw new Error('two people')
    const colleague = await rig.workstation(unit)
    cut()
    expect(await here.bindings.submit({ ids: [first, second] })).toEqual({ results: [{ id: first, refusal: null }, { id: second, refusal: null }] })
    expect(await here.bindings.submit({ ids: [first] })).toMatchObject({ results: [{ refusal: { code: 'binding-submitted' } }] })
    expect(await here.bindings.leave({ ids: [first] })).toMatchObject({ results: [{ refusal: { code: 'binding-not-approved' } }] })
    expect((await list(here)).map(({ status, syncState }) => [status, syncState])).toEqual([['pending', 'queued'], ['pending', 'queued']])
    rig.proxy.heal()
    await colleague.bindings.submit({ ids: [first] })
    await colleague.bindings.remove({ ids: [second] })
    await colleague.sync()
    await here.sync()
    expect((await list(here)).map(({ id, status, syncState }) => [id, status, syncState])).toEqual([[first, 'pending', 'uploaded']])
    expect(await list(here, 'worker', 'ended')).toMatchObject([{ id: second, ending: 'removed', syncState: 'returned', refusal: { what: 'submit-binding', code: 'binding-ended' } }])
    await colleague.close()
  })

  it('a refusal stays on its row where news of the person comes right behind it, and goes where what was wanted has come about', async () => {
    await begin(here, ++people)
    await here.sync()
    await enrolAll()
    await here.sync()
    const [{ id } = { id: '' }] = await list(here)
    await here.bindings.submit({ ids: [id] })
    await here.sync()
    await here.bindings.remove({ ids: [id] })
    const { push } = here.client
    // The reviewer is faster by a moment: after the pull, before the push.
    Object.assign(here.client, { push: async (...asked: Parameters<typeof push>) => {
      Object.assign(here.client, { push })
      const approval = { id, baseVersion: null, action: 'approve', actor: 'implementer', comment: '' } as const
      await inTransaction(rig.context().db, (trx) => moveOne(rig.context(), trx, null, approval))
      return push(...asked)
    } })
    await here.sync()
    expect(await list(here)).toMatchObject([{ id, status: 'approved', syncState: 'returned', refusal: { what: 'remove-binding', code: 'binding-approved' } }])
    const colleague = await rig.workstation(unit)
    await colleague.bindings.leave({ ids: [id] })
    await colleague.sync()
    await here.sync()
    expect(await list(here, 'worker', 'ended')).toMatchObject([{ id, syncState: 'uploaded', refusal: null }])
    await colleague.close()
  })

  it('a receipt that comes late takes nothing back: what became of person and team meanwhile stands', async () => {
    await begin(here, ++people)
    await here.sync()
    await enrolAll()
    await here.sync()
    const [{ id } = { id: '' }] = await list(here)
    const { id: teamId } = await here.bindings.putTeam({ id: null, projectId, name: '瓦工班', leaderBindingId: null })
    await here.sync()
    const colleague = await rig.workstation(unit)
    const loseReplyTo = (kind: string) => rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' }, { body: (body) => body.includes(kind) })
    await here.bindings.putTeam({ id: teamId, projectId, name: '瓦工一班', leaderBindingId: null })
    await here.bindings.assignTeam({ ids: [id], teamId })
    loseReplyTo('"assign-team"')
    await here.sync()
    await colleague.sync()
    expect(await list(colleague)).toMatchObject([{ team: { name: '瓦工一班' } }])
    await colleague.bindings.putTeam({ id: teamId, projectId, name: '瓦工二班', leaderBindingId: null })
    await colleague.bindings.assignTeam({ ids: [id], teamId: null })
    await colleague.sync()
    await here.sync()
    expect(await here.bindings.teams({ projectId })).toMatchObject({ teams: [{ name: '瓦工二班', memberCount: 0, syncState: 'uploaded' }] })
    await here.bindings.submit({ ids: [id] })
    loseReplyTo('"submit-binding"')
    await here.sync()
    const approval = { id, baseVersion: null, action: 'approve', actor: 'implementer', comment: '' } as const
    await inTransaction(rig.context().db, (trx) => moveOne(rig.context(), trx, null, approval))
    await here.sync()
    expect(await list(here)).toMatchObject([{ id, status: 'approved', syncState: 'uploaded', team: null }])
    await here.bindings.leave({ ids: [id] })
    await here.sync()
    expect(await list(here, 'worker', 'ended')).toMatchObject([{ id, ending: 'left-project', refusal: null }])
    await colleague.close()
  })

  it('shows filed managers with what stands against each, and the end of the project ends them with everybody', async () => {
    const [unknown, own] = [++people, ++people]
    for (const person of [unknown, own]) await feed(feedRecords.manager(projectNo, { creditCode }, person))
    await here.add(own)
    await here.sync()
    await begin(here, ++people)
    await here.sync()
    const managers = await list(here, 'manager')
    expect(managers.map(({ name, post, block }) => [name, post, block])).toEqual([
      [personValues(unknown).name, '项目经理', 'not-registered'],
      [personValues(own).name, '项目经理', 'identity-check-missing'],
    ])
    expect(await here.bindings.isElsewhere({ id: managers[0]?.id ?? '' })).toEqual({ elsewhere: false })
    const { recordId } = await here.bindings.beginRegistration({ id: managers[0]?.id ?? '' })
    expect(await here.values(recordId)).toMatchObject({ name: personValues(unknown).name, idCardNo: personValues(unknown).idCardNo })
    cut()
    await begin(here, ++people)
    rig.proxy.heal()
    await feed({ ...feedRecords.project(projectNo, { creditCode: nextCreditCode() }, { sourceId, version: 2, status: 'completed' }) })
    await here.sync()
    expect(await list(here, 'manager')).toEqual([])
    expect((await list(here, 'worker', 'ended')).map(({ ending }) => ending)).toEqual(['project-completed'])
    expect(await list(here)).toMatchObject([{ status: 'unsubmitted', syncState: 'returned', block: 'project-closed', refusal: { what: 'bind', code: 'binding-blocked', details: { block: 'project-closed' } } }])
    await here.bindings.dismiss({ id: (await list(here))[0]?.id ?? '' })
    expect(await list(here)).toEqual([])
  })

  it('修缮工程工作经历 fills itself from whoever was approved and has left since, with the dates of the 合同备案, and from nobody who was refused', async () => {
    await feed({ sourceId: randomUUID(), kind: 'contract-filing', version: 1, body: { projectNo, creditCode, bidPriceWan: '1280.5', area: '24600', startDate: '2026-03-15', completionDate: '2026-12-20' } })
    const [worker, refused] = [await begin(here, ++people), await begin(here, ++people)]
    await here.sync()
    await enrolAll()
    await here.sync()
    const ids = (await list(here)).map(({ id }) => id)
    await here.bindings.submit({ ids })
    await here.sync()
    const context = rig.context()
    for (const { id, registration_id } of await centralBindings()) {
      const action = registration_id === worker ? 'approve' : 'refuse'
      await inTransaction(context.db, (trx) => moveOne(context, trx, null, { id, baseVersion: null, action, actor: 'implementer', comment: action === 'refuse' ? '照片不清晰。' : '' }))
    }
    await here.sync()
    const told = [{
      projectNo, projectName: '某小区屋面及相关设施改造工程', bidPriceWan: '1280.5', area: '24600', employerOrg: '甲修缮有限公司', projectPost: '木工', startDate: '2026-03-15', completionDate: '2026-12-20', totalWorkHours: '',
    }]
    expect(await here.bindings.workHistory({ recordId: worker })).toMatchObject({ rows: told })
    expect(await here.bindings.refusals({ recordId: refused })).toMatchObject({ rows: [{ projectName: '某小区屋面及相关设施改造工程', comment: '照片不清晰。' }] })
    expect(await here.bindings.refusals({ recordId: worker })).toEqual({ rows: [] })
    const [left] = (await list(here, 'worker', 'approved')).map(({ id }) => id)
    expect(await here.bindings.leave({ ids: [left ?? ''] })).toMatchObject({ results: [{ refusal: null }] })
    await here.bindings.remove({ ids: ids.filter((id) => id !== left) })
    await here.sync()
    expect((await list(here, 'worker', 'ended')).map(({ ending }) => ending).sort()).toEqual(['left-project', 'removed'])
    expect(await here.bindings.workHistory({ recordId: worker })).toMatchObject({ rows: told })
    expect(await here.bindings.workHistory({ recordId: refused })).toEqual({ rows: [] })
    expect(await here.bindings.refusals({ recordId: refused })).toEqual({ rows: [] })
  })
})
