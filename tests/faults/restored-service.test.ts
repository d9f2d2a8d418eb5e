import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let mine: Workstation
let theirs: Workstation
beforeEach(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  mine = await rig.workstation(unit)
  theirs = await rig.workstation(await rig.addAccount(unit.id))
})
afterEach(() => rig.close())

const atCentral = async (id: string) => (await rig.registrations()).find((row) => row.id === id)

it('a restored central service is fetched from anew, and the people only this machine still has are offered for another submission', async () => {
  const old = await mine.add(1)
  await mine.sync()
  const backup = rig.backUp()
  const lost = await mine.add(2)
  await mine.sync()
  await rig.restore(backup)
  // Another machine goes on there, so that the numbers of the changes pass those this one knows.
  await theirs.connect()
  const fresh = [await theirs.add(3), await theirs.add(4)]
  await theirs.sync()
  await mine.connect()
  expect(await mine.row(old)).toMatchObject({ syncState: 'uploaded' })
  for (const id of fresh) expect(await mine.row(id), 'registered after the restore').toMatchObject({ syncState: 'uploaded' })
  expect(await mine.row(lost)).toMatchObject({ syncState: 'returned', returnReason: { code: 'registration-forgotten' } })
  await mine.edit(lost, {})
  await mine.sync()
  expect(await mine.row(lost)).toMatchObject({ syncState: 'uploaded' })
  expect(await atCentral(lost)).toMatchObject({ version: 1 })
})

describe.each(['new', 'forgotten'] as const)('the central service restored from a backup, its epoch %s', (epoch) => {
  it('with an older text shows both side by side, and either choice makes the two agree', async () => {
    const [kept, dropped] = [await mine.add(1), await mine.add(2)]
    await mine.sync()
    const backup = rig.backUp()
    for (const id of [kept, dropped]) await mine.edit(id, { jobPosition: '备份之后改的' })
    await mine.sync()
    // Has seen its own writes in the feed: the cursor is ahead of what will be restored.
    await mine.sync()
    await rig.restore(backup, { epoch })
    expect(await mine.connect()).toMatchObject({ phase: 'idle', needsAttention: 2 })
    for (const id of [kept, dropped]) {
      expect(await mine.registrations.conflict({ id })).toMatchObject({ fields: [{ field: 'jobPosition', mine: '备份之后改的', theirs: '项目经理' }] })
    }
    await mine.registrations.resolveConflict({ id: kept, choices: { jobPosition: 'mine' } })
    await mine.registrations.resolveConflict({ id: dropped, choices: { jobPosition: 'theirs' } })
    expect(await mine.sync()).toMatchObject({ queued: 0, needsAttention: 0 })
    await theirs.connect()
    for (const clerk of [mine, theirs]) {
      expect(await clerk.values(kept)).toMatchObject({ jobPosition: '备份之后改的' })
      expect(await clerk.values(dropped)).toMatchObject({ jobPosition: '项目经理' })
      expect(await clerk.row(kept)).toMatchObject({ syncState: 'uploaded' })
    }
  })

  it('with the same text changes nothing here', async () => {
    const id = await mine.add(1)
    await mine.sync()
    const backup = rig.backUp()
    await mine.add(2)
    await mine.sync()
    await mine.sync()
    await rig.restore(backup, { epoch })
    await mine.connect()
    expect(await mine.row(id)).toMatchObject({ syncState: 'uploaded' })
  })
})

it('a write that comes before the restore is noticed is not taken for a removal', async () => {
  const backup = rig.backUp()
  const id = await mine.add(1)
  await mine.sync()
  await mine.edit(id, { jobPosition: '恢复之前提交的' })
  // The pull still meets the old database, the push the restored one.
  let go = () => undefined as void
  const until = new Promise<void>((resolve) => (go = resolve))
  rig.proxy.on('/v1/sync/push', { kind: 'hold-request', until })
  const arrived = rig.proxy.nextRequest('/v1/sync/push')
  const syncing = mine.sync()
  await arrived
  await rig.restore(backup)
  go()
  await syncing
  expect(await mine.row(id)).toMatchObject({ syncState: 'returned', returnReason: { code: 'registration-forgotten' } })
  expect(await mine.values(id)).toMatchObject({ jobPosition: '恢复之前提交的' })
})

it('a queued edit follows the person into a restored service whose text it was made on', async () => {
  const id = await mine.add(1)
  await mine.sync()
  const backup = rig.backUp()
  await mine.edit(id, { jobPosition: '排队的修改' })
  await rig.restore(backup)
  expect(await mine.connect()).toMatchObject({ queued: 0, needsAttention: 0 })
  expect(await atCentral(id)).toMatchObject({ version: 2 })
  expect(await mine.row(id)).toMatchObject({ syncState: 'uploaded' })
})

it('of two machines that both submit a forgotten person again, the second agrees with the first', async () => {
  const backup = rig.backUp()
  const id = await mine.add(1)
  await mine.sync()
  await theirs.sync()
  await rig.restore(backup)
  for (const clerk of [mine, theirs]) {
    await clerk.connect()
    await clerk.edit(id, {})
  }
  await mine.sync()
  await theirs.sync()
  for (const clerk of [mine, theirs]) expect(await clerk.row(id)).toMatchObject({ syncState: 'uploaded' })
  expect(await atCentral(id)).toMatchObject({ version: 1 })
})

describe('a central service that has lost everything, or is another', () => {
  it('makes nothing here removed or sent back until the clerk agrees', async () => {
    const backup = rig.backUp()
    for (let person = 1; person <= 5; person++) await mine.add(person)
    await mine.sync()
    await rig.restore(backup)
    expect(await mine.connect()).toMatchObject({ phase: 'stopped', problem: { code: 'sync-many-removals', details: { count: 5, what: 'forgotten' } }, needsAttention: 0 })
    expect((await mine.rows()).map((row) => row.syncState)).toEqual(Array.from({ length: 5 }, () => 'uploaded'))
    expect(await mine.sync(), 'and asks again').toMatchObject({ phase: 'stopped', needsAttention: 0 })
    expect(await mine.engine.acceptRemovals()).toMatchObject({ phase: 'idle', needsAttention: 5 })
    expect(await mine.rows()).toHaveLength(5)
  })

  it('is not synced with where it belongs to another unit', async () => {
    const id = await mine.add(1)
    await mine.sync()
    const waiting = await mine.add(2)
    await mine.signIn((await rig.addUnit('乙修缮有限公司')).username)
    expect(await mine.sync()).toMatchObject({ phase: 'stopped', problem: { code: 'central-wrong' } })
    expect(await mine.row(id)).toMatchObject({ syncState: 'uploaded' })
    expect(await atCentral(waiting), 'nothing of this unit went there').toBeUndefined()
  })
})

describe('many removals', () => {
  const withdraw = async (ids: readonly string[]) => {
    await theirs.client.push(ids.map((id) => ({ kind: 'withdraw', opId: `withdraw-${id}`, id, baseVersion: 1 })))
  }

  it('over several pages are counted together and ask before the first of them', async () => {
    const ids: string[] = []
    for (let person = 1; person <= 8; person++) ids.push(await mine.add(person))
    await mine.sync()
    await withdraw(ids.slice(0, 4))
    const pull = mine.client.pull.bind(mine.client)
    // One item a page.
    mine.client.pull = ({ after, epoch }, signal) => pull({ after, epoch, limit: 1 }, signal)
    expect(await mine.sync()).toMatchObject({ phase: 'stopped', problem: { code: 'sync-many-removals', details: { count: 4, what: 'removed' } } })
    expect(await mine.rows()).toHaveLength(8)
    expect(await mine.engine.acceptRemovals()).toMatchObject({ phase: 'idle' })
    expect(await mine.rows()).toHaveLength(4)
  })

  it('are agreed to once: not for a later attempt, and not for more than was asked about', async () => {
    const ids: string[] = []
    for (let person = 1; person <= 8; person++) ids.push(await mine.add(person))
    await mine.sync()
    await withdraw(ids.slice(0, 2))
    expect(await mine.sync()).toMatchObject({ phase: 'stopped' })
    rig.proxy.on('/v1/changes', { kind: 'drop-request' })
    expect(await mine.engine.acceptRemovals()).toMatchObject({ phase: 'offline' })
    expect(await mine.sync()).toMatchObject({ phase: 'stopped', problem: { details: { count: 2 } } })
    await withdraw(ids.slice(2, 6))
    expect(await mine.engine.acceptRemovals(), 'six are not the two agreed to').toMatchObject({ phase: 'stopped', problem: { details: { count: 6 } } })
    expect(await mine.rows()).toHaveLength(8)
  })
})

describe('a central service that knows nobody', () => {
  it('is not synced with: nobody is signed in, and nothing here is removed, sent or dropped until the right one answers again', async () => {
    const sent = await mine.add(1)
    await mine.sync()
    const [queued, saved, typed] = [await mine.add(2), await mine.add(3), await mine.add(4)]
    await mine.edit(saved, {}, 'save')
    await mine.edit(typed, { jobPosition: '写到一半' }, 'keepDraft')
    const whole = rig.backUp()
    const before = await mine.rows()
    await rig.empty()
    expect(await mine.sync()).toMatchObject({ phase: 'waiting-for-sign-in' })
    await expect(mine.signIn()).rejects.toMatchObject({ code: 'sign-in-failed' })
    expect(await mine.sync()).toMatchObject({ phase: 'waiting-for-sign-in' })
    expect(await mine.rows()).toEqual(before)
    expect(await rig.registrations()).toEqual([])
    // The right one, as it was left.
    await rig.restore(whole, { epoch: 'forgotten' })
    expect(await mine.connect()).toMatchObject({ phase: 'idle' })
    expect(await mine.row(sent)).toMatchObject({ syncState: 'uploaded' })
    for (const id of [queued, typed]) expect(await atCentral(id)).toMatchObject({ version: 1 })
    expect(await atCentral(saved)).toBeUndefined()
    expect(await mine.values(typed)).toMatchObject({ jobPosition: '写到一半' })
  })
})
