import type { BridgeServices } from '../../shared/contract/index.ts'
import type { OpenUnit } from './unit-workspace.ts'

/** 扫码登记 of the unit that is open and unlocked. */
export function selfRegistrationsOf(unlocked: () => OpenUnit): BridgeServices['selfRegistrations'] {
  return {
    waiting: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.waiting(input)),
    open: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.open(input)),
    readPhoto: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.readPhoto(input)),
    accept: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.accept(input)),
    acceptRegistered: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.acceptRegistered(input)),
    giveBack: (input) => unlocked().ask(({ selfRegistrations }) => selfRegistrations.giveBack(input)),
  }
}
