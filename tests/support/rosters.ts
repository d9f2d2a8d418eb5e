import { createRosterService, type RosterService } from '../../electron/host/services/roster/roster.service.ts'
import type { RosterState } from '../../shared/contract/roster.contract.ts'
import { testLog, unitId, type TestUnit } from './local-unit.ts'
import { resources } from './roster-files.ts'
import { startRosterReader } from './shell-ports.ts'

export interface RosterDesk {
  readonly service: RosterService
  readonly calls: RosterService['calls']
  readonly states: RosterState[]
  readonly log: ReturnType<typeof testLog>
  /** The file that the next 选择文件 chooses. */
  chooseNext(path: string | null): void
  /** Where the next file is saved. */
  saveNext(path: string | null): void
  /** Chooses the file and waits for what comes of it. */
  open(path: string): Promise<RosterState>
  reached(...phases: RosterState['phase'][]): Promise<RosterState>
}

/** 导入名册 over a unit's real file, with the real thread; the dialogs are answered by the test. */
export function rosterDesk(unit: Pick<TestUnit, 'local' | 'context' | 'clock'>, startReader = startRosterReader): RosterDesk {
  const states: RosterState[] = []
  const log = testLog()
  let next: string | null = null
  let target: string | null = null
  const service = createRosterService({
    local: unit.local, search: unit.context.search, regions: unit.context.regions, changed: unit.context.changed, wakeSync: unit.context.wakeSync,
    account: { id: unitId, username: 'zhangmin', displayName: '张敏', role: 'clerk', reviewsRegistrations: false, faceSignIn: 'off' as const },
    organization: { id: unitId, name: '甲修缮有限公司', kind: 'contractor', creditCode: '91310000000000000X' },
    show: (state) => void states.push(state),
    ports: {
      clock: unit.clock, log, paths: { resources }, startRosterReader: startReader,
      dialogs: {
        openFile: () => Promise.resolve(null),
        openDocuments: () => Promise.resolve(next === null ? [] : [next]),
        saveFile: async (_options, write) => {
          if (target === null) return null
          await write(target)
          return 'saved.xlsx'
        },
      },
    },
  })
  const reached = async (...phases: RosterState['phase'][]): Promise<RosterState> => {
    for (;;) {
      const state = await service.calls.state({})
      if (phases.includes(state.phase)) return state
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  return {
    service, calls: service.calls, states, log, reached,
    chooseNext: (path) => void (next = path),
    saveNext: (path) => void (target = path),
    open: async (path) => {
      next = path
      await service.calls.choose({})
      return reached('preview', 'refused')
    },
  }
}
