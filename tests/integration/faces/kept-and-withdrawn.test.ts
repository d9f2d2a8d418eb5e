import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, enrol, place, sitter } from '../../support/face-sitters.ts'
import { captureOf, consentOf, descriptorOf } from '../../support/faces.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let here: Workstation
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
})
beforeEach(async () => {
  here = await rig.workstation(unit)
  return () => here.close()
})
afterAll(() => rig?.close())

/** On a busy machine too. */
const soon = { timeout: 15_000 }

describe('a withdrawal', () => {
  it('is asked for at any workstation of the unit, without a reason, and reaches the one that holds the template', async () => {
    const who = await sitter(here, descriptorOf(12))
    await enrol(here, who)
    await here.sync()
    const there = await rig.workstation(unit)
    expect(await there.faces.person(place(who.id))).toMatchObject({ consent: null, enrolled: null, mayWithdraw: true })
    expect(await there.faces.withdraw({ ...place(who.id), reason: '' })).toMatchObject({ mayWithdraw: false, history: [{ what: 'withdrawn' }] })
    await there.sync()
    expect(await there.faces.person(place(who.id))).toMatchObject({ mayWithdraw: false })
    await here.sync()
    await expect.poll(() => call(here.faces.person(place(who.id))), soon).toMatchObject({ consent: null, enrolled: null, mayWithdraw: false })
  })

  it('and what follows it keep their order though the clock is set back', async () => {
    const who = await sitter(here, descriptorOf(13))
    here.ahead(-3_600_000)
    await enrol(here, who)
    await here.sync()
    expect(await here.faces.withdraw({ ...place(who.id), reason: '' })).toMatchObject({ consent: null, enrolled: null })
    await here.sync()
    await here.faces.giveConsent({ ...place(who.id), choice: consentOf() })
    await enrol(here, who)
    await here.sync()
    expect(await here.faces.person(place(who.id))).toMatchObject({ consent: {}, enrolled: {} })
    const checks = await rig.context().db.selectFrom('identity_check').select('method').where('registration_id', '=', who.id).execute()
    expect(checks).toEqual([{ method: 'face' }, { method: 'face' }])
  })
})

it('a unit file that was rebuilt and lacks a registration takes no face with it; one that the central service has told in whole does', async () => {
  const who = await sitter(here, descriptorOf(14))
  const other = await sitter(here, descriptorOf(15))
  await enrol(here, who)
  await here.sync()
  const lose = async () => {
    await here.local.db.deleteFrom('record').where('id', '=', who.id).execute()
    here = await rig.restart(here)
    return (await here.faces.compare({ recordId: other.id, capture: captureOf(other.face), document: null })).compared
  }
  await here.local.db.deleteFrom('meta').where('key', '=', 'cursor').execute()
  await here.local.db.insertInto('meta').values({ key: 'rebuilt-untold', value: '1' }).execute()
  expect(await lose()).toBe(1)
  await here.connect()
  expect(await here.faces.person(place(who.id))).toMatchObject({ enrolled: {}, consent: {} })
  expect(await lose()).toBe(0)
})
