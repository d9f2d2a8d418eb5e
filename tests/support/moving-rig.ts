import { shanghaiDate } from '../../shared/domain/dates.ts'
import { idCardNoOf, personName } from './people.ts'
import { startSyncRig, type SyncRig, type Workstation } from './sync-rig.ts'

export interface Leaving {
  reason: string
  note: string
  leftOn: string
  requestId: string | null
}

export const today = () => shanghaiDate(new Date())

export const letGo = (who: Workstation, id: string, changes: Partial<Leaving> = {}) => who.transfers.transferOut({ id, reason: '1', note: '', leftOn: today(), requestId: null, ...changes })

/** Two clerks of the unit that has the people, and two other units. */
export async function startMovingRig(firstPerson: number) {
  const rig: SyncRig = await startSyncRig()
  const unit = await rig.addUnit('甲修缮有限公司')
  let person = firstPerson
  const moving = {
    rig,
    mine: await rig.workstation(unit),
    colleague: await rig.workstation(await rig.addAccount(unit.id)),
    other: await rig.workstation(await rig.addUnit('乙修缮有限公司')),
    third: await rig.workstation(await rig.addUnit('丙修缮有限公司')),
    /** Number of the newest person. */
    person: () => person,
    nextPerson: () => ++person,
    central: async (id: string) => (await rig.registrations()).find((row) => row.id === id),
    historyOf: async (who: Workstation, id: string) => (await who.registrations.history({ id })).entries,
    /** A person whom both clerks have. */
    shared: async (): Promise<string> => {
      const id = await moving.mine.add(++person)
      await moving.mine.sync()
      // Only now is it known here when the central service took it.
      await moving.mine.sync()
      await moving.colleague.sync()
      return id
    },
    /** Another unit asks for the newest person, and the holder knows. */
    askedFor: async (): Promise<string> => {
      await moving.other.transfers.ask({ idCardNo: idCardNoOf(person), name: personName(person) })
      const { incoming } = await moving.mine.transfers.refresh({})
      await moving.colleague.transfers.refresh({})
      const found = incoming.find(({ state, name }) => state === 'waiting' && name === personName(person))
      if (!found) throw new Error('the request did not arrive')
      return found.id
    },
    outgoing: async (who: Workstation) => (await who.transfers.refresh({})).outgoing.find(({ name }) => name === personName(person)),
  }
  return moving
}

export type MovingRig = Awaited<ReturnType<typeof startMovingRig>>
