import { afterAll, beforeAll, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let station: Workstation
beforeAll(async () => {
  rig = await startSyncRig()
  station = await rig.workstation(await rig.addUnit())
})
afterAll(() => rig.close())

it('the list of those that wait for the clerk holds the returned and the conflicting, and nobody else, until they are dealt with', async () => {
  const [returned, conflicting, fine] = [await station.add(901), await station.add(902), await station.add(903)]
  await station.sync()
  const waiting = async (query = '') => (await station.registrations.list({ query, page: 1, pageSize: 15, onlyNeedingAttention: true })).rows.map(({ id }) => id)
  expect(await waiting()).toEqual([])

  await reviewRegistration(rig.context(), returned, { approve: false, comment: '照片不清' })
  const colleague = await rig.workstation(await rig.addAccount(station.unit.id))
  await colleague.edit(conflicting, { jobPosition: '安全员' })
  await colleague.sync()
  await station.edit(conflicting, { jobPosition: '质量员' })
  expect(await station.sync()).toMatchObject({ needsAttention: 2 })
  expect((await waiting()).toSorted()).toEqual([returned, conflicting].toSorted())
  expect(await waiting((await station.values(returned)).name)).toEqual([returned])
  expect(await waiting((await station.values(fine)).name)).toEqual([])

  await station.registrations.resolveConflict({ id: conflicting, choices: { jobPosition: 'mine' } })
  await station.edit(returned, {})
  expect(await station.sync()).toMatchObject({ needsAttention: 0 })
  expect(await waiting()).toEqual([])
})
