import { afterAll, beforeAll, expect, it } from 'vitest'
import { idCardNoOf, personValues, workerValues } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let mine: Workstation
let other: Workstation
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  mine = await rig.workstation(unit)
  other = await rig.workstation(unit)
})
afterAll(() => rig.close())

async function addWorker(person: number): Promise<string> {
  const { id, revision } = await mine.registrations.begin({ idCardNo: idCardNoOf(person), personType: 'worker' })
  await mine.registrations.submit({ id, values: workerValues(person), revision })
  return id
}

it('a worker is registered here, is a worker at the central service, and comes as one to the other workstation', async () => {
  const id = await addWorker(1)
  await mine.sync()
  const stored = await rig.context().db.selectFrom('registration').select('person_type').where('id', '=', id).executeTakeFirst()
  expect(stored).toEqual({ person_type: 'worker' })
  await other.sync()
  expect(await other.form(id)).toMatchObject({ personType: 'worker', syncState: 'uploaded', values: workerValues(1) })
  await other.edit(id, { workType: '230' })
  await other.sync()
  await mine.sync()
  expect(await mine.row(id)).toMatchObject({ personType: 'worker', workType: '防水工' })
})

it('a list is of one kind where that is asked for', async () => {
  const worker = await addWorker(2)
  const manager = await mine.add(3)
  const ids = async (personType?: 'manager' | 'worker') => (await mine.registrations.list({ query: '', page: 1, pageSize: 50, ...(personType ? { personType } : {}) })).rows.map(({ id }) => id)
  expect(await ids('worker')).toContain(worker)
  expect(await ids('worker')).not.toContain(manager)
  expect(await ids('manager')).toEqual([manager])
  expect(await ids()).toEqual(expect.arrayContaining([worker, manager]))
})

it('is checked as what it is, and nobody is registered as both', async () => {
  const { id, revision } = await mine.registrations.begin({ idCardNo: idCardNoOf(4), personType: 'worker' })
  await expect(Promise.resolve(mine.registrations.submit({ id, values: personValues(4), revision }))).rejects.toMatchObject({ code: 'registration-invalid', details: { fields: { workType: '请选择工种。', professionalTitle: '现场作业人员不登记职称，请清空。' } } })
  await expect(Promise.resolve(mine.registrations.begin({ idCardNo: idCardNoOf(4) }))).rejects.toMatchObject({ code: 'registration-here', details: { id } })
})
