import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { seedBinding } from '../../support/bindings.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

/** Pulls come once an hour here: only news can bring it. */
const soon = { timeout: 15_000, interval: 50 }

describe('workstations that are online', () => {
  let rig: SyncRig
  let unit: SyncUnit
  let theirs: Workstation
  const mine: Workstation[] = []
  beforeAll(async () => {
    rig = await startSyncRig()
    unit = await rig.addUnit()
    mine.push(await rig.workstation(unit))
    theirs = await rig.workstation(await rig.addAccount(unit.id), { live: {} })
  })
  afterAll(() => rig?.close())

  it('see what another one sent, without being asked', async () => {
    const [sender] = mine as [Workstation]
    for (const person of [1, 2]) {
      const id = await sender.add(person)
      await sender.sync()
      await vi.waitFor(async () => expect(await theirs.row(id)).toMatchObject({ syncState: 'uploaded' }), soon)
    }
  })

  it('do so again once the central service is another life of the data', async () => {
    const [sender] = mine as [Workstation]
    await rig.restore(rig.backUp())
    for (const station of [sender, theirs]) await station.connect()
    const id = await sender.add(3)
    await sender.sync()
    await vi.waitFor(async () => expect(await theirs.row(id)).toMatchObject({ syncState: 'uploaded' }), soon)
  })

  it('tell the reviewer’s page of the very first binding on a project of the unit', async () => {
    const { db } = rig.context()
    const { credit_code: creditCode } = await db.selectFrom('organization').select('credit_code').where('id', '=', unit.id).executeTakeFirstOrThrow()
    const projectNo = newProjectNo()
    await deliver({ context: rig.context(), clock: { pass: () => undefined } }, feedRecords.project(projectNo, { creditCode }))
    const { id: projectId } = await db.selectFrom('project').select('id').where('project_no', '=', projectNo).executeTakeFirstOrThrow()
    const bindingsChanged = vi.fn()
    await rig.workstation(await rig.addAccount(unit.id), { live: { bindingsChanged } })
    const registrationId = await (mine[0] as Workstation).add(9)
    await (mine[0] as Workstation).sync()
    expect(bindingsChanged).not.toHaveBeenCalled()
    await seedBinding(db, { projectId, organizationId: unit.id, registrationId, at: new Date() })
    await vi.waitFor(() => expect(bindingsChanged).toHaveBeenCalled(), soon)
  })

  it('ask no more once they are closed', async () => {
    await theirs.close()
    const [sender] = mine as [Workstation]
    await sender.add(4)
    expect(await sender.sync()).toMatchObject({ phase: 'idle' })
    expect(theirs.log.filter((line) => line.startsWith('error'))).toEqual([])
  })
})
