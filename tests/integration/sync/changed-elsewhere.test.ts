import { afterAll, beforeAll, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let [station, colleague]: Workstation[] = []
beforeAll(async () => {
  rig = await startSyncRig()
  station = await rig.workstation(await rig.addUnit())
  colleague = await rig.workstation(await rig.addAccount(station.unit.id))
})
afterAll(() => rig.close())

it('a form in which somebody types says that a colleague has changed the person meanwhile, and no longer once both are joined', async () => {
  if (!station || !colleague) throw new Error('no workstations')
  const id = await station.add(911)
  await station.sync()
  const says = async () => (await station?.registrations.open({ id }))?.changedElsewhere
  await station.edit(id, { jobPosition: '质量员' }, 'keepDraft')
  expect(await says()).toBe(false)

  await reviewRegistration(rig.context(), id, { approve: true })
  await station.sync()
  expect(await says(), 'only reviewed').toBe(false)

  await colleague.sync()
  await colleague.edit(id, { professionalTitle: '高级工程师' })
  await colleague.sync()
  await station.sync()
  expect(await says()).toBe(true)
  expect((await station.values(id)).professionalTitle).not.toBe('高级工程师')

  await station.edit(id, {})
  await station.sync()
  expect(await says()).toBe(false)
  expect(await station.values(id)).toMatchObject({ jobPosition: '质量员', professionalTitle: '高级工程师' })
})
