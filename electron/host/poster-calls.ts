import type { BridgeServices } from '../../shared/contract/index.ts'
import type { OpenUnit } from './unit-workspace.ts'

/** 项目二维码 of the unit that is open and unlocked. */
export function postersOf(unlocked: () => OpenUnit): BridgeServices['posters'] {
  return {
    prepare: (input) => unlocked().ask(({ posters }) => posters.prepare(input)),
    read: (input) => unlocked().ask(({ posters }) => posters.read(input)),
    save: (input) => unlocked().ask(({ posters }) => posters.save(input)),
    reissue: (input) => unlocked().ask(({ posters }) => posters.reissue(input)),
    revoke: (input) => unlocked().ask(({ posters }) => posters.revoke(input)),
  }
}
