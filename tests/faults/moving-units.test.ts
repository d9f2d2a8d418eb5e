import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { letGo, startMovingRig, type MovingRig } from '../support/moving-rig.ts'
import { idCardNoOf, personName, personValues } from '../support/people.ts'

let moving: MovingRig
beforeAll(async () => {
  moving = await startMovingRig(700)
})
afterAll(() => moving?.rig.close())
beforeEach(() => moving.rig.proxy.heal())

describe('two units', () => {
  it('of which one asks and the other grants offline: the first hears it after the second’s next sync, and takes over what may be', async () => {
    const id = await moving.shared()
    const requestId = await moving.askedFor()
    await letGo(moving.mine, id, { reason: '5', requestId })
    expect((await moving.mine.transfers.requests({})).incoming.find((request) => request.id === requestId)).toMatchObject({ isLeaving: true, askedBy: '乙修缮有限公司', name: personName(moving.person()) })
    expect(await moving.outgoing(moving.other)).toMatchObject({ state: 'waiting' })
    await moving.mine.sync()
    expect((await moving.mine.transfers.requests({})).incoming.find((request) => request.id === requestId)).toMatchObject({ state: 'released', isLeaving: false })
    const granted = await moving.outgoing(moving.other)
    expect(granted).toMatchObject({ state: 'released' })
    const begun = await moving.other.transfers.transferIn({ requestId: granted?.id ?? '', name: personName(moving.person()) })
    const form = await moving.other.form(begun.id)
    expect(form).toMatchObject({ isOnlyDraft: true, values: { name: personName(moving.person()), professionalTitle: '工程师', mobile: '', jobPosition: '', residenceDetail: '' } })
    await moving.other.registrations.submit({ id: begun.id, values: { ...form.values, ...personValues(moving.person()) }, revision: form.revision })
    await moving.other.sync()
    expect(await moving.outgoing(moving.other)).toMatchObject({ state: 'done' })
    expect(await moving.central(begun.id)).toMatchObject({ status: 'pending', organization_id: moving.other.unit.id })
  })

  it('of which the first withdraws what the second grants offline: nobody is let go, and the row says why', async () => {
    const id = await moving.shared()
    const requestId = await moving.askedFor()
    await letGo(moving.mine, id, { reason: '5', requestId })
    await moving.other.transfers.withdraw({ id: requestId })
    await moving.mine.sync()
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'employed', returnReason: { code: 'transfer-request-closed' } })
  })

  it('that both take over the person after the release: the first to submit has them, the other hears it on its row', async () => {
    const id = await moving.shared()
    const requestId = await moving.askedFor()
    await moving.third.transfers.ask({ idCardNo: idCardNoOf(moving.person()), name: personName(moving.person()) })
    await letGo(moving.mine, id, { reason: '5', requestId })
    await moving.mine.sync()
    const begun = []
    for (const unit of [moving.other, moving.third]) {
      const { id: fresh } = await unit.transfers.transferIn({ idCardNo: idCardNoOf(moving.person()), name: personName(moving.person()) })
      await unit.edit(fresh, personValues(moving.person()))
      begun.push(fresh)
    }
    await moving.third.sync()
    expect(await moving.other.sync()).toMatchObject({ needsAttention: 1 })
    expect(await moving.other.row(begun[0] ?? '')).toMatchObject({ syncState: 'returned', returnReason: { code: 'registration-elsewhere' } })
    expect([await moving.outgoing(moving.other), await moving.outgoing(moving.third)].map((request) => request?.state)).toEqual(['taken', 'done'])
  })

  it('of which the old one has the person back first: the other’s request ends as overtaken, and it may ask anew', async () => {
    const id = await moving.shared()
    await moving.askedFor()
    await letGo(moving.mine, id)
    await moving.mine.sync()
    const { id: again } = await moving.mine.transfers.transferIn({ idCardNo: idCardNoOf(moving.person()), name: personName(moving.person()) })
    expect(again).not.toBe(id)
    expect(await moving.mine.values(again), 'its own data, all of it').toMatchObject(personValues(moving.person()))
    await moving.mine.edit(again, {})
    await moving.mine.sync()
    expect(await moving.central(again)).toMatchObject({ status: 'pending' })
    expect(await moving.mine.row(id)).toMatchObject({ employmentStatus: 'left' })
    expect(await moving.outgoing(moving.other)).toMatchObject({ state: 'taken' })
    await moving.other.transfers.ask({ idCardNo: idCardNoOf(moving.person()), name: personName(moving.person()) })
  })

  it('on a bad line: a lost answer to a request, a refusal or a withdrawal is asked for again, and done once', async () => {
    await moving.shared()
    const ask = () => moving.other.transfers.ask({ idCardNo: idCardNoOf(moving.person()), name: personName(moving.person()) })
    moving.rig.proxy.on('/v1/transfer-requests', { kind: 'drop-reply' })
    await expect(ask()).rejects.toMatchObject({ code: 'transfer-needs-network' })
    await ask()
    const requestId = (await moving.mine.transfers.refresh({})).incoming.find(({ name }) => name === personName(moving.person()))?.id ?? ''
    const refuse = () => moving.mine.transfers.refuse({ id: requestId, words: '暂不同意' })
    moving.rig.proxy.on(`/v1/transfer-requests/${requestId}`, { kind: 'drop-reply' })
    await expect(refuse()).rejects.toMatchObject({ code: 'transfer-needs-network' })
    await refuse()
    expect((await moving.outgoing(moving.other))?.state).toBe('refused')
  })

  it('out of reach of the central service: what was known last is shown, and asking says that it needs the line', async () => {
    await moving.shared()
    const requestId = await moving.askedFor()
    moving.rig.proxy.on('/v1/transfer', { kind: 'drop-request' }, { times: 20 })
    await expect(moving.mine.transfers.refresh({})).rejects.toMatchObject({ code: 'transfer-needs-network' })
    expect((await moving.mine.transfers.requests({})).incoming.map(({ id }) => id)).toContain(requestId)
    await expect(moving.other.transfers.withdraw({ id: requestId })).rejects.toMatchObject({ code: 'transfer-needs-network' })
    moving.mine.ahead(31 * 86_400_000)
    expect((await moving.mine.transfers.requests({})).incoming.find(({ id }) => id === requestId)).toMatchObject({ state: 'expired' })
    moving.mine.ahead(-31 * 86_400_000)
  })
})

describe('a central service restored from a backup', () => {
  it('from before the release has the person as employed, and the workstation shows it so', async () => {
    const id = await moving.shared()
    const backup = moving.rig.backUp()
    await letGo(moving.mine, id)
    await moving.mine.sync()
    await moving.rig.restore(backup)
    await moving.mine.connect()
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'employed', departure: null })
    await letGo(moving.mine, id)
    await moving.mine.sync()
    expect(await moving.central(id)).toMatchObject({ status: 'left' })
  })

  it('while a release waits here: it goes on, on what the restored service has', async () => {
    const id = await moving.shared()
    const backup = moving.rig.backUp()
    await letGo(moving.mine, id)
    await moving.rig.restore(backup)
    await moving.mine.connect()
    await moving.mine.sync()
    expect(await moving.central(id)).toMatchObject({ status: 'left' })
    expect(await moving.mine.form(id)).toMatchObject({ employmentStatus: 'left', syncState: 'uploaded' })
  })
})
