import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { reviewRegistration } from '../../central/operator/review-operations.ts'
import { letGo, startMovingRig, today, type MovingRig } from '../support/moving-rig.ts'
import { idCardNoOf, personName, personValues } from '../support/people.ts'

let moving: MovingRig
beforeAll(async () => {
  moving = await startMovingRig(600)
})
afterAll(() => moving?.rig.close())
beforeEach(() => moving.rig.proxy.heal())

describe('离职迁出 on a workstation', () => {
  it('waits offline like every write, arrives once, and leaves a form to read', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id, { reason: '4', note: ' 已办 退休 ' })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'employed', syncState: 'queued', departure: { reason: '4', note: '已办 退休', leftOn: today(), state: 'queued' } })
    await expect(moving.mine.edit(id, { jobPosition: '安全员' })).rejects.toMatchObject({ code: 'registration-leaving' })
    moving.rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' })
    await moving.mine.sync()
    expect(await moving.mine.sync()).toMatchObject({ phase: 'idle', queued: 0 })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded', reviewStatus: 'pending', departure: { reason: '4', state: 'done' } })
    await expect(moving.mine.edit(id, { jobPosition: '安全员' })).rejects.toMatchObject({ code: 'registration-left' })
    expect(await moving.central(id)).toMatchObject({ status: 'left', version: 2 })
    await moving.colleague.sync()
    expect(await moving.colleague.form(id)).toMatchObject({ employmentStatus: 'left', values: personValues(moving.person()), departure: { reason: '4', note: '已办 退休', state: 'done' } })
  })

  it('shows under 状态: who left, who did not, and all', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id)
    await moving.mine.sync()
    const found = async (employmentStatus?: 'employed' | 'left') => {
      const { rows } = await moving.mine.registrations.list({ query: personName(moving.person()), page: 1, pageSize: 50, ...(employmentStatus ? { employmentStatus } : {}) })
      return rows.map((row) => row.id)
    }
    expect(await found('left')).toContain(id)
    expect(await found('employed')).not.toContain(id)
    expect(await found()).toContain(id)
  })

  it('takes what was submitted before along, and puts what was not into the history', async () => {
    const id = await moving.shared()
    await moving.mine.edit(id, { jobPosition: '安全员' })
    await moving.mine.edit(id, { jobPosition: '只是键入' }, 'keepDraft')
    expect(await moving.mine.transfers.beforeTransferOut({ id })).toMatchObject({ name: personName(moving.person()), hasUnsent: true, bindings: [], registeredOn: today() })
    await letGo(moving.mine, id)
    await moving.mine.sync()
    expect((await moving.mine.client.readRegistration(id)).values).toMatchObject({ jobPosition: '安全员' })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'left', hasDraft: false, values: { jobPosition: '安全员' } })
    expect(await moving.historyOf(moving.mine, id)).toContainEqual(expect.objectContaining({ what: 'left', changes: { jobPosition: '只是键入' } }))
  })

  it('can be taken back until it is sent', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id)
    await moving.mine.transfers.cancelTransferOut({ id })
    expect(await moving.mine.form(id)).toMatchObject({ syncState: 'uploaded', departure: null })
    await moving.mine.sync()
    expect(await moving.central(id)).toMatchObject({ status: 'pending' })
    await moving.mine.edit(id, { jobPosition: '安全员' })
    await letGo(moving.mine, id)
    await moving.mine.transfers.cancelTransferOut({ id })
    expect(await moving.mine.form(id)).toMatchObject({ syncState: 'queued' })
    await letGo(moving.mine, id)
    moving.rig.proxy.on('/v1/sync/push', { kind: 'drop-reply' })
    await moving.mine.sync()
    await moving.mine.sync()
    await moving.mine.transfers.cancelTransferOut({ id })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'left' })
  })

  it('once sent is not taken back, whatever the line did with the answer', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id)
    moving.rig.proxy.on('/v1/sync/push', { kind: 'drop-request' }, { times: 5 })
    await moving.mine.sync()
    await expect(moving.mine.transfers.cancelTransferOut({ id })).rejects.toMatchObject({ code: 'transfer-out-sent' })
    moving.rig.proxy.heal()
    await moving.mine.sync()
    expect(await moving.central(id)).toMatchObject({ status: 'left' })
  })

  it('is refused where it makes no sense, with the words of the form', async () => {
    const begun = await moving.mine.registrations.begin({ idCardNo: idCardNoOf(moving.nextPerson()) })
    await expect(letGo(moving.mine, begun.id)).rejects.toMatchObject({ code: 'transfer-out-not-uploaded' })
    const id = await moving.shared()
    await expect(letGo(moving.mine, id, { reason: '9', leftOn: '2001-01-01' })).rejects.toMatchObject({
      code: 'transfer-out-invalid', details: { count: 2, fields: { note: '离职原因为“其他”时，请填写说明。', leftOn: `离职日期不能早于在本单位登记的日期（${today()}）。` } },
    })
    await letGo(moving.mine, id)
    await expect(letGo(moving.mine, id)).rejects.toMatchObject({ code: 'registration-leaving' })
    await moving.mine.sync()
    await expect(letGo(moving.mine, id)).rejects.toMatchObject({ code: 'registration-left' })
  })

  it('of what a reviewer sent back goes through', async () => {
    const id = await moving.shared()
    await reviewRegistration(moving.rig.context(), id, { approve: false, comment: '材料不全' })
    await moving.mine.sync()
    expect((await moving.mine.row(id))?.syncState).toBe('returned')
    await letGo(moving.mine, id)
    await moving.mine.sync()
    expect(await moving.mine.row(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded', reviewStatus: 'refused' })
    await moving.colleague.sync()
    expect(await moving.colleague.row(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded' })
  })

  it('survives a restart of the program before it is sent', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id)
    moving.mine = await moving.rig.restart(moving.mine)
    expect((await moving.mine.form(id)).departure).toMatchObject({ state: 'queued' })
    await moving.mine.connect()
    expect(await moving.central(id)).toMatchObject({ status: 'left' })
  })
})

describe('two clerks of the unit', () => {
  it('who both let the person go, offline: the first one’s reason and day stand, and the other sees them', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id, { reason: '1', note: '先' })
    await letGo(moving.colleague, id, { reason: '2', note: '后' })
    await moving.mine.sync()
    expect(await moving.colleague.sync()).toMatchObject({ needsAttention: 0, queued: 0 })
    for (const clerk of [moving.mine, moving.colleague]) expect(await clerk.form(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded', departure: { reason: '1', note: '先', state: 'done' } })
  })

  it('of whom one edits and the other lets go: the edit that comes first is kept, and the person leaves all the same', async () => {
    const id = await moving.shared()
    await moving.mine.edit(id, { jobPosition: '安全员' })
    await letGo(moving.colleague, id)
    await moving.mine.sync()
    await moving.colleague.sync()
    expect(await moving.central(id)).toMatchObject({ status: 'left', version: 3 })
    await moving.mine.sync()
    for (const clerk of [moving.mine, moving.colleague]) expect(await clerk.form(id)).toMatchObject({ employmentStatus: 'left', values: { jobPosition: '安全员' } })
  })

  it('of whom one lets go and the other edits: what comes after is not told any more, and can be read in the history', async () => {
    for (const how of ['submit', 'save', 'keepDraft'] as const) {
      const id = await moving.shared()
      await letGo(moving.mine, id)
      await moving.colleague.edit(id, { jobPosition: '安全员' }, how)
      await moving.mine.sync()
      expect(await moving.colleague.sync(), how).toMatchObject({ needsAttention: 0, queued: 0 })
      expect(await moving.colleague.form(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded', hasDraft: false, values: { jobPosition: '项目经理' } })
      expect(await moving.historyOf(moving.colleague, id)).toContainEqual(expect.objectContaining({ what: 'left', changes: { jobPosition: '安全员' } }))
    }
  })

  it('of whom one edits while the other’s answer is on its way hears registration-left as what it is: they have left', async () => {
    const id = await moving.shared()
    await moving.colleague.edit(id, { jobPosition: '安全员' })
    // The pull tells of nothing yet, and the push meets the end.
    const gone = (async () => {
      await letGo(moving.mine, id)
      await moving.mine.sync()
    })()
    moving.rig.proxy.on('/v1/changes', { kind: 'hold-reply', until: gone })
    await moving.colleague.sync()
    await moving.colleague.sync()
    expect(await moving.colleague.row(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded' })
  })

  it('while a conflict is open: it is settled first, and the 离职迁出 that waited goes on by itself', async () => {
    const id = await moving.shared()
    await moving.colleague.edit(id, { jobPosition: '技术负责人' })
    await moving.colleague.sync()
    await moving.mine.edit(id, { jobPosition: '质量员' })
    await letGo(moving.mine, id)
    await moving.mine.sync()
    expect(await moving.mine.form(id)).toMatchObject({ syncState: 'conflict', employmentStatus: 'employed', departure: { state: 'queued' } })
    await moving.mine.registrations.resolveConflict({ id, choices: { jobPosition: 'mine' } })
    await moving.mine.sync()
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'left', values: { jobPosition: '质量员' } })
    expect((await moving.mine.client.readRegistration(id)).values).toMatchObject({ jobPosition: '质量员' })
    await moving.colleague.sync()
    expect(await moving.colleague.values(id)).toMatchObject({ jobPosition: '质量员' })
  })

  it('with a conflict in sight: it has to be settled before 离职迁出 is confirmed', async () => {
    const id = await moving.shared()
    await moving.colleague.edit(id, { jobPosition: '技术负责人' })
    await moving.colleague.sync()
    await moving.mine.edit(id, { jobPosition: '质量员' })
    await moving.mine.sync()
    await expect(letGo(moving.mine, id)).rejects.toMatchObject({ code: 'conflict-pending' })
    await moving.mine.registrations.resolveConflict({ id, choices: { jobPosition: 'mine' } })
    await moving.mine.sync()
  })

  it('of whom one lets go while the other has a conflict: the conflict is over, and its text in the history', async () => {
    const id = await moving.shared()
    await moving.mine.edit(id, { jobPosition: '技术负责人' })
    await moving.mine.sync()
    await moving.colleague.edit(id, { jobPosition: '质量员' })
    await moving.colleague.sync()
    expect((await moving.colleague.row(id))?.syncState).toBe('conflict')
    await letGo(moving.mine, id)
    await moving.mine.sync()
    expect(await moving.colleague.sync()).toMatchObject({ needsAttention: 0 })
    expect(await moving.colleague.form(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded', values: { jobPosition: '技术负责人' } })
    expect(await moving.historyOf(moving.colleague, id)).toContainEqual(expect.objectContaining({ what: 'left', changes: { jobPosition: '质量员' } }))
  })

  it('of whom one withdraws the registration that the other lets go: it is gone, without a question', async () => {
    const id = await moving.shared()
    await letGo(moving.mine, id)
    await moving.colleague.client.push([{ kind: 'withdraw', opId: randomUUID(), id, baseVersion: 1 }])
    await moving.mine.sync()
    expect(await moving.mine.row(id)).toBeUndefined()
  })

  it('of whom one grants a request and the other refuses it: one answer, and the row says so where the grant came second', async () => {
    const id = await moving.shared()
    const requestId = await moving.askedFor()
    await letGo(moving.mine, id, { reason: '5', requestId })
    await moving.colleague.transfers.refuse({ id: requestId, words: '暂不同意' })
    expect(await moving.mine.sync()).toMatchObject({ needsAttention: 1 })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'employed', syncState: 'returned', departure: null, returnReason: { code: 'transfer-request-closed' } })
    expect(await moving.central(id)).toMatchObject({ status: 'pending' })
    expect(await moving.outgoing(moving.other)).toMatchObject({ state: 'refused', refusal: '暂不同意' })
    // Seen and done with: nothing has to be changed for that.
    await moving.mine.edit(id, {})
    expect(await moving.mine.row(id)).toMatchObject({ syncState: 'uploaded' })
  })
})
