import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PersonFieldName } from '../../../shared/domain/person-fields.ts'
import { numbers } from '../../fuzz/random.ts'
import { captivePortal, problem, type Fault } from '../../support/fault-proxy.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
beforeEach(async () => {
  rig = await startSyncRig()
})
afterEach(() => rig.close())

const steps = 140
const faults: readonly Fault[] = [
  { kind: 'drop-request' }, { kind: 'drop-reply' }, { kind: 'truncate' }, { kind: 'duplicate' }, captivePortal,
  problem(500, 'internal'), problem(503, 'central-busy'), problem(429, 'too-many-requests'),
]
const fields: readonly PersonFieldName[] = ['jobPosition', 'professionalTitle', 'residenceDetail']

/** Two machines of one unit, and what was submitted at them. */
class Office {
  readonly machines: Workstation[]
  readonly ids: string[] = []
  readonly submitted: { id: string; text: string }[] = []
  readonly pick: (below: number) => number
  private readonly restores: boolean
  private backup: string | null = null
  private nextPerson: number

  constructor(machines: Workstation[], seed: number, restores: boolean) {
    this.machines = machines
    this.restores = restores
    this.pick = numbers(seed)
    this.nextPerson = seed * 1_000
  }

  machine(index: number): Workstation {
    const machine = this.machines[index]
    if (!machine) throw new RangeError('no such machine')
    return machine
  }

  async step(index: number): Promise<void> {
    const machine = this.machine(index)
    if (this.restores && this.pick(25) === 0) return this.backUpOrRestore()
    const action = this.pick(10)
    if (action < 2) this.ids.push(await machine.add(this.nextPerson++))
    else if (action < 6) await this.edit(machine)
    else if (action < 9) {
      if (this.pick(2) === 0) rig.proxy.on(this.pick(2) === 0 ? '/v1/sync/push' : '/v1', faults[this.pick(faults.length)] ?? captivePortal)
      await machine.sync()
      machine.ahead(700_000)
    } else {
      this.machines[index] = await rig.restart(machine)
      rig.proxy.heal()
      await this.machine(index).connect()
    }
  }

  private async backUpOrRestore(): Promise<void> {
    if (this.backup === null) {
      this.backup = rig.backUp()
      return
    }
    await rig.restore(this.backup)
    this.backup = null
    for (const machine of this.machines) await machine.connect()
  }

  private async edit(machine: Workstation): Promise<void> {
    const rows = await machine.rows()
    const row = rows[this.pick(rows.length)]
    if (!row) return
    if (row.syncState === 'conflict') return this.resolve(machine, row.id)
    const text = `第${this.submitted.length}次${this.nextPerson}`
    await machine.edit(row.id, { [fields[this.pick(fields.length)] ?? 'jobPosition']: text })
    this.submitted.push({ id: row.id, text })
  }

  async resolve(machine: Workstation, id: string): Promise<void> {
    const { fields: clashing } = await machine.registrations.conflict({ id })
    await machine.registrations.resolveConflict({ id, choices: Object.fromEntries(clashing.map(({ field }) => [field, this.pick(2) === 0 ? 'mine' : 'theirs'])) })
  }

  /** The line is good, what came back is submitted again, and every clash is settled. */
  async finish(): Promise<void> {
    rig.proxy.heal()
    for (let round = 0; round < 10; round++) {
      for (const machine of this.machines) {
        machine.ahead(700_000)
        await machine.connect()
        if (machine.engine.status().problem?.code === 'sync-many-removals') await machine.engine.acceptRemovals()
        for (const { id, syncState } of await machine.rows()) if (syncState === 'returned') await machine.edit(id, {})
        for (const { id, syncState } of await machine.rows()) if (syncState === 'conflict') await this.resolve(machine, id)
      }
    }
  }
}

const cases = [
  { seed: 11, over: 'a bad line and restarts', restores: false },
  { seed: 31, over: 'a bad line, restarts and restores', restores: true },
]

it.each(cases)('nothing is lost, nothing doubled, and both machines agree in the end, over $over: seed $seed', async ({ seed, restores }) => {
  const unit = await rig.addUnit()
  const machines = [await rig.workstation(unit), await rig.workstation(await rig.addAccount(unit.id))]
  const office = new Office(machines, seed, restores)
  for (let step = 0; step < steps; step++) await office.step(office.pick(2))
  await office.finish()
  const central = (await rig.registrations()).filter((row) => row.organization_id === unit.id)
  expect(central.map(({ id }) => id).sort(), 'each person once').toEqual([...office.ids].sort())
  for (const { id } of central) {
    const [first, second] = await Promise.all(office.machines.map(async (machine) => ({ values: await machine.values(id), state: (await machine.form(id)).syncState })))
    expect(second, id).toEqual(first)
    expect(first?.state).toBe('uploaded')
  }
  for (const { id, text } of office.submitted) {
    const known = await Promise.all(office.machines.map(async (machine) => JSON.stringify([await machine.values(id), await machine.registrations.history({ id })])))
    expect(known.some((told) => told.includes(text)), `${text} of ${id} is in the text or in a history`).toBe(true)
  }
})
