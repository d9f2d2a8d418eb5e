import { bridgeContract, type BridgeServices } from '../../shared/contract/index.ts'
import type { UnitParts } from './unit-parts.ts'
import type { OpenUnit } from './unit-workspace.ts'

/** The groups of the bridge that a part of the open unit serves. */
export type ForwardedGroup = { [G in keyof UnitParts & keyof BridgeServices]: UnitParts[G] extends BridgeServices[G] ? G : never }[keyof UnitParts & keyof BridgeServices]

/** The open unit, as a call may have it. */
export interface UnitReach {
  /** Of a session that is not locked. @throws AppError not-signed-in, locked */
  unlocked(): OpenUnit
  /** Even behind the lock screen. @throws AppError not-signed-in */
  open(): OpenUnit
}

/** Each method that the contract names in the group, and no other, asked of whatever the unit has open at that moment. */
export function createForwarding({ unlocked, open }: UnitReach) {
  /**
   * @param behindTheLock methods that work there too: those that keep what was typed or chosen before the screen locked, perhaps in the
   *   last second, and show nothing
   */
  return <G extends ForwardedGroup>(group: G, behindTheLock: readonly (keyof BridgeServices[G])[] = []): BridgeServices[G] => {
    const names = Object.keys(bridgeContract[group].methods) as (keyof BridgeServices[G] & string)[]
    const calls = names.map((name) => {
      const unit = behindTheLock.includes(name) ? open : unlocked
      return [name, (input: never) => unit().ask((parts) => callsOf(parts, group)[name]?.(input))]
    })
    return Object.fromEntries(calls) as BridgeServices[G]
  }
}

/** TypeScript does not follow which input belongs to which method; the dispatcher has checked it against that method's. */
const callsOf = (parts: UnitParts, group: ForwardedGroup) => parts[group] as Readonly<Record<string, (input: never) => unknown>>
