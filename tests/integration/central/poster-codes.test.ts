import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findLiveCode } from '../../../central/modules/poster-codes/poster-codes.service.ts'
import type { PosterCodeResource, PosterCodesReply } from '../../../shared/api/poster-codes.ts'
import { isPosterCode } from '../../../shared/domain/poster-code.ts'
import { deliver, feedRecords, fileProject, newProjectNo } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { audience, newKey, nextCreditCode, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'

const day = 86_400

describe.each(backends)('项目二维码 of a unit on %s', (name) => {
  let backend: Backend
  let central: Central
  let unit: Unit
  let clerk: Clerk
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    unit = await central.addUnit('甲修缮有限公司')
    clerk = await central.signIn(unit.username)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  async function listed(who: Clerk = clerk, of: Unit = unit): Promise<{ id: string; projectNo: string }> {
    const project = await fileProject(central, of)
    await who.call('linkProject', { body: { projectId: project.id } })
    return project
  }
  const issue = async (projectIds: readonly string[], { evenStopped = false, key = newKey(), who = clerk }: { evenStopped?: boolean; key?: string; who?: Clerk } = {}) => {
    const { status, body } = await who.call('issuePosterCodes', { body: { projectIds, evenStopped }, headers: { 'idempotency-key': key } })
    expect(status).toBe(200)
    return body as unknown as PosterCodesReply
  }
  const codeOf = async (projectId: string) => (await issue([projectId])).items[0]?.code ?? 'none'
  const reissue = (projectId: string, code: string, key = newKey()) => clerk.call('reissuePosterCode', { body: { projectId, code }, headers: { 'idempotency-key': key } })
  const revoke = (projectId: string, code: string) => clerk.call('revokePosterCode', { body: { projectId, code } })
  const stands = (code: string) => findLiveCode(central.db, code, central.clock.now())

  it('is one code a project, the same whoever of the unit asks again, for many projects at once', async () => {
    const projects = [await listed(), await listed(), await listed()]
    const ids = projects.map(({ id }) => id)
    const first = await issue(ids)
    expect(first.refused).toEqual([])
    expect(first.items.map(({ projectId }) => projectId)).toEqual(ids)
    expect(first.items.every(({ code }) => isPosterCode(code))).toBe(true)
    expect(new Set(first.items.map(({ code }) => code)).size).toBe(3)
    expect(first.items[0]?.url).toBe(`${audience.toUpperCase()}/W/${String(first.items[0]?.code)}`)
    const other = await issue(ids.toReversed())
    expect(other.items.toReversed()).toEqual(first.items)
    const [project] = projects
    expect(await stands(first.items[0]?.code ?? '')).toMatchObject({ projectId: ids[0], projectNo: project?.projectNo, organizationId: unit.id, organizationName: '甲修缮有限公司' })
  })

  it('is issued once where two ask at the same moment', async () => {
    const { id } = await listed()
    const answers = await Promise.all([issue([id]), issue([id]), issue([id])])
    expect(new Set(answers.map(({ items }) => items[0]?.code)).size).toBe(1)
  })

  it('is of projects in the own list alone, and of another unit’s it says nothing else than of none', async () => {
    const others = await central.newClerk('乙修缮有限公司')
    const theirs = await listed(others, others.unit)
    const mine = await listed()
    const nobodys = newKey()
    expect(await issue([theirs.id, mine.id, nobodys])).toMatchObject({ items: [{ projectId: mine.id }], refused: [{ projectId: theirs.id, code: 'not-found' }, { projectId: nobodys, code: 'not-found' }] })
    const code = (await issue([theirs.id], { who: others })).items[0]?.code ?? ''
    for (const call of [reissue, revoke]) expect((await call(theirs.id, code)).body['code']).toBe('not-found')
    expect(await stands(code)).toMatchObject({ projectId: theirs.id })
  })

  it('is for 施工单位: an implementing unit is told so', async () => {
    const implementer = await central.addUnit('实施单位', 'implementer')
    const theirs = await central.signIn(implementer.username)
    const projectNo = newProjectNo()
    await deliver(central, feedRecords.project(projectNo, implementer))
    const { id } = (await theirs.call('lookUpProject', { body: { projectNo } })).body
    await theirs.call('linkProject', { body: { projectId: id } })
    expect(await theirs.call('issuePosterCodes', { body: { projectIds: [id], evenStopped: false } })).toMatchObject({ status: 403, body: { code: 'poster-not-contractor' } })
  })

  it('换发 leaves one live code, also when the request comes twice, and the old one is good no more', async () => {
    const { id } = await listed()
    const old = await codeOf(id)
    const key = newKey()
    const [first, second] = [await reissue(id, old, key), await reissue(id, old, key)]
    expect(first).toMatchObject({ status: 201, body: { projectId: id } })
    expect(second.body).toEqual(first.body)
    const { code } = first.body as unknown as PosterCodeResource
    expect(code).not.toBe(old)
    expect(await codeOf(id)).toBe(code)
    expect(await stands(old)).toEqual({ reason: 'revoked' })
    expect(await stands(code)).toMatchObject({ projectId: id })
    // A colleague who still sees the old one does not take the new one away.
    expect((await reissue(id, old)).body['code']).toBe('poster-code-changed')
    expect((await revoke(id, old)).body['code']).toBe('poster-code-changed')
    expect(await codeOf(id)).toBe(code)
  })

  it('停用 ends it, and nothing takes its place before somebody asks for that', async () => {
    const { id } = await listed()
    const code = await codeOf(id)
    expect(await revoke(id, code)).toMatchObject({ status: 200, body: { projectId: id } })
    expect(await stands(code)).toEqual({ reason: 'revoked' })
    expect(await issue([id])).toEqual({ items: [], refused: [{ projectId: id, code: 'poster-code-stopped' }] })
    central.clock.pass(1)
    const again = (await issue([id], { evenStopped: true })).items[0]?.code
    expect(again).not.toBe(code)
    expect(await codeOf(id)).toBe(again)
  })

  it('is good to the end of its last day in Shanghai, and then another one is issued', async () => {
    const { id } = await listed()
    const { code = '', expiresAt = '' } = (await issue([id])).items[0] ?? {}
    expect(expiresAt).toMatch(/T16:00:00\.000Z$/)
    const left = (Date.parse(expiresAt) - central.clock.at) / 1000
    expect(left).toBeGreaterThan(180 * day)
    expect(left).toBeLessThanOrEqual(181 * day)
    central.clock.pass(left - 1)
    expect(await stands(code)).toMatchObject({ projectId: id })
    central.clock.pass(1)
    clerk = await central.signIn(unit.username)
    expect(await stands(code)).toEqual({ reason: 'expired' })
    const next = await codeOf(id)
    expect(next).not.toBe(code)
    expect(await stands(code)).toEqual({ reason: 'expired' })
  })

  it('ends with the project, with the unit’s part in it, and with its place in the unit’s list', async () => {
    const projectNo = newProjectNo()
    const [project, party] = [feedRecords.project(projectNo, { creditCode: nextCreditCode() }), feedRecords.party(projectNo, unit)]
    for (const record of [project, party]) await deliver(central, record)
    const { id } = (await clerk.call('lookUpProject', { body: { projectNo } })).body as { id: string }
    await clerk.call('linkProject', { body: { projectId: id } })
    const code = await codeOf(id)
    const closed = async () => {
      expect(await stands(code)).toEqual({ reason: 'project-closed' })
      return (await issue([id])).refused
    }
    await deliver(central, feedRecords.withdrawal(party, 2))
    expect(await closed()).toEqual([{ projectId: id, code: 'project-closed' }])
    expect((await reissue(id, code)).body['code']).toBe('project-closed')
    await deliver(central, { ...party, version: 3 })
    expect(await codeOf(id)).toBe(code)
    await deliver(central, feedRecords.project(projectNo, { creditCode: nextCreditCode() }, { sourceId: project.sourceId, version: 2, status: 'completed' }))
    expect(await closed()).toEqual([{ projectId: id, code: 'project-closed' }])
    await deliver(central, { ...project, version: 3 })
    await clerk.call('unlinkProject', { params: { id } })
    expect(await closed()).toEqual([{ projectId: id, code: 'not-found' }])
    expect(await stands('0000000000')).toEqual({ reason: 'unknown' })
  })

  it('leaves in the audit who issued and revoked, and not the code', async () => {
    const { id } = await listed()
    const code = await codeOf(id)
    await reissue(id, code)
    await revoke(id, await codeOf(id))
    const events = await central.db.selectFrom('audit_event').select(['kind', 'account_id', 'details_json']).where('organization_id', '=', unit.id).where('kind', 'like', 'poster-%').orderBy('chain_position').execute()
    expect(events.map(({ kind, details_json }) => [kind, (JSON.parse(details_json) as { why?: string }).why])).toEqual([
      ['poster-code-issued', undefined], ['poster-code-revoked', 'reissued'], ['poster-code-issued', undefined], ['poster-code-revoked', 'stopped'],
    ])
    expect(events.every(({ account_id, details_json }) => account_id === unit.accountId && details_json.includes(id) && !details_json.includes(code))).toBe(true)
  })
})
