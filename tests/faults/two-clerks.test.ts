import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { personValues } from '../support/people.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

let rig: SyncRig
let mine: Workstation
let theirs: Workstation
let person = 100
beforeAll(async () => {
  rig = await startSyncRig()
  const unit = await rig.addUnit()
  mine = await rig.workstation(unit)
  theirs = await rig.workstation(await rig.addAccount(unit.id))
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

/** A person whom both have. */
async function shared(): Promise<string> {
  const id = await mine.add(++person)
  await mine.sync()
  await theirs.sync()
  return id
}

const remove = async (id: string, baseVersion: number) => {
  const { results } = await theirs.client.push([{ kind: 'withdraw', opId: randomUUID(), id, baseVersion }])
  expect(results).toMatchObject([{ outcome: 'applied' }])
}

describe('two clerks of one unit', () => {
  it('who change different fields both get both changes', async () => {
    const id = await shared()
    await mine.edit(id, { jobPosition: '安全员' })
    await theirs.edit(id, { mobile: '13900000001' })
    await mine.sync()
    await theirs.sync()
    await mine.sync()
    for (const clerk of [mine, theirs]) {
      expect(await clerk.values(id)).toMatchObject({ jobPosition: '安全员', mobile: '13900000001' })
      expect(await clerk.row(id)).toMatchObject({ syncState: 'uploaded' })
    }
  })

  it('find a person whose name is cleared in a draft by the name in the list, also after the texts of both are joined', async () => {
    const id = await shared()
    const { name } = await mine.values(id)
    await theirs.edit(id, { mobile: '13900000001' })
    await theirs.sync()
    await mine.edit(id, { jobPosition: '安全员' })
    await mine.edit(id, { name: '' }, 'keepDraft')
    await mine.sync()
    const { rows } = await mine.registrations.list({ query: name, page: 1, pageSize: 50 })
    expect(rows.map((row) => [row.id, row.name])).toContainEqual([id, name])
  })

  it.each(['mine', 'theirs'] as const)('who change the same field see it side by side, and “%s” reaches both', async (choice) => {
    const id = await shared()
    await theirs.edit(id, { jobPosition: '技术负责人' })
    await theirs.sync()
    await mine.edit(id, { jobPosition: '质量员', mobile: '13900000002' })
    expect(await mine.sync()).toMatchObject({ needsAttention: 1 })
    expect((await mine.row(id))?.syncState).toBe('conflict')
    expect(await mine.registrations.conflict({ id })).toMatchObject({ theirsRemoved: false, fields: [{ field: 'jobPosition', mine: '质量员', theirs: '技术负责人' }] })
    await mine.registrations.resolveConflict({ id, choices: { jobPosition: choice } })
    await mine.sync()
    await theirs.sync()
    const jobPosition = choice === 'mine' ? '质量员' : '技术负责人'
    for (const clerk of [mine, theirs]) expect(await clerk.values(id)).toMatchObject({ jobPosition, mobile: '13900000002' })
    const { entries } = await mine.registrations.history({ id })
    const lost = choice === 'mine' ? { what: 'conflict-theirs', changes: { jobPosition: '技术负责人' } } : { what: 'conflict-mine', changes: { jobPosition: '质量员' } }
    expect(entries).toContainEqual(expect.objectContaining(lost))
  })

  it('where one removes what the other edits: nothing is thrown away, and keeping it registers the person again', async () => {
    const id = await shared()
    await mine.edit(id, { residenceDetail: '改过一次' })
    await mine.sync()
    await remove(id, 2)
    await mine.edit(id, { residenceDetail: '改过两次' })
    await mine.sync()
    expect(await mine.registrations.conflict({ id })).toMatchObject({ theirsRemoved: true, fields: [{ field: 'residenceDetail', mine: '改过两次' }] })
    const kept = await mine.registrations.resolveConflict({ id, choices: { residenceDetail: 'mine' } })
    expect(kept).toMatchObject({ syncState: 'queued' })
    const { entries } = await mine.registrations.history({ id: kept.id })
    expect(entries.map(({ changes }) => changes.residenceDetail), 'the history goes along').toContain('改过一次')
    await mine.sync()
    await theirs.sync()
    expect(await theirs.values(kept.id)).toMatchObject({ residenceDetail: '改过两次' })
    expect(await theirs.row(id)).toBeUndefined()
  })

  it('where one removes what the other only saved: keeping it sends nothing before 提交', async () => {
    const id = await shared()
    await mine.edit(id, { residenceDetail: '只是保存' }, 'save')
    await remove(id, 1)
    await mine.sync()
    const kept = await mine.registrations.resolveConflict({ id, choices: { residenceDetail: 'mine' } })
    expect(kept).toMatchObject({ syncState: 'local-only', values: { residenceDetail: '只是保存' } })
    await mine.sync()
    expect((await rig.registrations()).map((row) => row.id)).not.toContain(kept.id)
  })

  it('where one removes what the other only saved and then discarded: keeping it sends what was submitted once', async () => {
    const id = await shared()
    await mine.edit(id, { residenceDetail: '只保存过' }, 'save')
    await remove(id, 1)
    await mine.sync()
    await mine.registrations.discardDraft({ id })
    const { fields } = await mine.registrations.conflict({ id })
    const kept = await mine.registrations.resolveConflict({ id, choices: Object.fromEntries(fields.map(({ field }) => [field, 'mine'])) })
    await mine.sync()
    expect(await mine.row(kept.id)).toMatchObject({ syncState: 'uploaded' })
    expect((await mine.client.readRegistration(kept.id)).values).toMatchObject({ residenceDetail: personValues(person).residenceDetail })
    expect(JSON.stringify(await mine.registrations.history({ id: kept.id }))).toContain('只保存过')
  })

  it('where one removes what the other changed and then changed back, there is still something to choose by', async () => {
    const id = await shared()
    const { residenceDetail } = await mine.values(id)
    await mine.edit(id, { residenceDetail: '只是保存' }, 'save')
    await remove(id, 1)
    await mine.sync()
    await mine.edit(id, { residenceDetail }, 'keepDraft')
    expect(await mine.registrations.conflict({ id })).toMatchObject({ theirsRemoved: true, fields: [{ field: 'name' }] })
    const kept = await mine.registrations.resolveConflict({ id, choices: { name: 'mine' } })
    expect(kept.values).toMatchObject({ residenceDetail })
  })

  it('where one removes what the other does not yet know to have arrived, it goes there too', async () => {
    rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' })
    const id = await mine.add(++person)
    await mine.sync()
    await remove(id, 1)
    expect(await mine.sync()).toMatchObject({ phase: 'idle', queued: 0 })
    expect(await mine.row(id)).toBeUndefined()
  })

  it('where one removes what the other does not yet know to have arrived and has changed since, the other is asked', async () => {
    rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' })
    const id = await mine.add(++person)
    await mine.sync()
    await remove(id, 1)
    await mine.edit(id, { residenceDetail: '随后又改' })
    await mine.sync()
    expect(await mine.registrations.conflict({ id })).toMatchObject({ theirsRemoved: true, fields: [{ field: 'residenceDetail', mine: '随后又改' }] })
    const kept = await mine.registrations.resolveConflict({ id, choices: { residenceDetail: 'mine' } })
    await mine.sync()
    await theirs.sync()
    expect(await theirs.values(kept.id)).toMatchObject({ residenceDetail: '随后又改' })
  })

  it('where one removes what the other did not touch, it goes there too', async () => {
    const id = await shared()
    await remove(id, 1)
    await mine.sync()
    expect(await mine.row(id)).toBeUndefined()
  })
})

describe('a newer text from the other clerk that had to wait', () => {
  it.each(['discardDraft', 'save', 'submit'] as const)('is taken over once nothing is unconfirmed here any more: %s', async (how) => {
    const id = await shared()
    const before = (await mine.values(id)).jobPosition
    await mine.edit(id, { jobPosition: '打了一半' }, 'keepDraft')
    await theirs.edit(id, { mobile: '13900000003' })
    await theirs.sync()
    await mine.sync()
    expect(await mine.values(id)).toMatchObject({ jobPosition: '打了一半' })
    if (how === 'discardDraft') await mine.registrations.discardDraft({ id })
    else await mine.edit(id, { jobPosition: before }, how)
    expect(await mine.values(id)).toMatchObject({ jobPosition: before, mobile: '13900000003' })
    expect(await mine.row(id)).toMatchObject({ syncState: 'uploaded', hasDraft: false })
  })

  it('is taken over when the acknowledgement of an older version comes after it', async () => {
    const id = await shared()
    await mine.edit(id, { jobPosition: '我的修改' })
    rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' })
    await mine.sync()
    await theirs.sync()
    await theirs.edit(id, { mobile: '13900000004' })
    await theirs.sync()
    await mine.sync()
    expect(await mine.values(id)).toMatchObject({ jobPosition: '我的修改', mobile: '13900000004' })
    expect(await mine.row(id)).toMatchObject({ syncState: 'uploaded' })
    await mine.edit(id, { professionalTitle: '高级工程师' })
    await mine.sync()
    expect((await rig.registrations()).find((row) => row.id === id)).toMatchObject({ version: 4 })
  })
})

describe('what was not submitted', () => {
  /** A write of mine that meets a newer version, and what I do while it is under way. */
  async function meanwhile(id: string, work: () => Promise<void>, theirChange: Parameters<Workstation['edit']>[1]): Promise<void> {
    await mine.edit(id, { jobPosition: '已提交' })
    let go = () => undefined as void
    const until = new Promise<void>((resolve) => (go = resolve))
    rig.proxy.on('/v1/sync/push', { kind: 'hold-request', until })
    const arrived = rig.proxy.nextRequest('/v1/sync/push')
    const syncing = mine.sync()
    await arrived
    await theirs.edit(id, theirChange)
    await theirs.sync()
    await work()
    go()
    await syncing
  }

  it('does not go up with a merge, and stays here', async () => {
    const id = await shared()
    await meanwhile(id, () => mine.edit(id, { residenceDetail: '只保存' }, 'save'), { mobile: '13900000005' })
    expect(await mine.row(id)).toMatchObject({ syncState: 'local-only' })
    expect(await mine.values(id)).toMatchObject({ jobPosition: '已提交', residenceDetail: '只保存', mobile: '13900000005' })
    await theirs.sync()
    expect(await theirs.values(id)).toMatchObject({ jobPosition: '已提交', mobile: '13900000005' })
    expect((await theirs.values(id)).residenceDetail).not.toBe('只保存')
  })

  it('and clashes is shown side by side, and settling it sends nothing but what was submitted', async () => {
    const id = await shared()
    await meanwhile(id, () => mine.edit(id, { residenceDetail: '只保存' }, 'save'), { residenceDetail: '别人的' })
    expect(await mine.registrations.conflict({ id })).toMatchObject({ fields: [{ field: 'residenceDetail', mine: '只保存', theirs: '别人的' }] })
    expect(await mine.registrations.resolveConflict({ id, choices: { residenceDetail: 'mine' } })).toMatchObject({ syncState: 'local-only' })
    await mine.sync()
    await theirs.sync()
    expect(await theirs.values(id)).toMatchObject({ residenceDetail: '别人的' })
  })

  it('but 保存’d while the conflict stands is not sent when that is settled', async () => {
    const id = await shared()
    await meanwhile(id, async () => undefined, { jobPosition: '别人的' })
    await mine.edit(id, { residenceDetail: '冲突时保存' }, 'save')
    expect(await mine.registrations.resolveConflict({ id, choices: { jobPosition: 'mine' } })).toMatchObject({
      syncState: 'local-only', values: { jobPosition: '已提交', residenceDetail: '冲突时保存' },
    })
  })

  it('never mixes one clerk’s name with another’s number', async () => {
    const id = await shared()
    const { idCardNo } = await mine.values(id)
    await meanwhile(id, () => mine.edit(id, { idCardNo: '我打到一半的号码' }, 'keepDraft'), { name: '改过名' })
    const { fields } = await mine.registrations.conflict({ id })
    expect(fields.map(({ field, group }) => ({ field, group }))).toEqual([{ field: 'name', group: 'identity' }, { field: 'idCardNo', group: 'identity' }])
    await mine.registrations.resolveConflict({ id, choices: { name: 'theirs', idCardNo: 'theirs' } })
    expect(await mine.values(id)).toMatchObject({ name: '改过名', idCardNo })
  })
})

it('two units that queue the same person offline: one wins, the other’s row says so without naming it', async () => {
  const other = await rig.workstation(await rig.addUnit('乙修缮有限公司'))
  const number = ++person
  const ids = [await mine.add(number), await other.add(number)]
  await Promise.all([mine.sync(), other.sync()])
  expect((await rig.registrations()).filter((row) => ids.includes(row.id))).toHaveLength(1)
  const rows = [await mine.row(ids[0] ?? ''), await other.row(ids[1] ?? '')]
  expect(rows.map((row) => row?.syncState).sort()).toEqual(['returned', 'uploaded'])
  const lost = rows.find((row) => row?.syncState === 'returned')
  expect(lost?.returnReason).toEqual({ code: 'registration-elsewhere', comment: null })
  expect(JSON.stringify(lost)).not.toMatch(/[甲乙]修缮/)
})
