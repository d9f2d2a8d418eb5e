import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RegistrationResource } from '../../shared/api/resources.ts'
import { startCentralProgram, type CentralProgram } from './central.ts'
import { createNursery, type Nursery } from './children.ts'
import { startLine, type Exchanged } from './line.ts'
import type { FromWorkstation, ToWorkstation } from './messages.ts'
import type { Plant } from './plants.ts'
import { buildPrograms } from './programs.ts'
import { numbers, type Pick } from './random.ts'
import { Texts } from './texts.ts'
import { createWire } from './wire.ts'
import { createWorkstation, type Workstation } from './workstation.ts'

/** One registration, as the fuzzer knows it. */
export interface Known {
  readonly id: string
  /** The so-manieth that was begun: choices go by it, because ids differ from run to run. */
  readonly ordinal: number
  readonly organizationId: string
  readonly person: number
  /** Newest state the central service was seen to have. */
  central: RegistrationResource | null
  /** Taken back by another program. */
  withdrawn: boolean
}

/** Everything one run works with: processes, lines, and what is expected of them. */
export interface Office {
  readonly pick: Pick
  readonly texts: Texts
  readonly central: CentralProgram
  readonly workstations: readonly Workstation[]
  readonly units: readonly string[]
  readonly records: Map<string, Known>
  /** Something failed that never should, in a process or on a line. */
  readonly faults: string[]
  readonly counts: Map<string, number>
  /** Says what the present step does. */
  note(text: string): void
  readonly notes: string[]
  readonly folder: string
  /** In the middle of somebody's request: one such thing at a time, and no kills of what waits for it. */
  midway: boolean
  /** Kills that were set for the present exchange: what has escaped them when it is over dies then. */
  readonly kills: (() => Promise<void>)[]
  /** No more kills: everybody finishes. */
  finishing: boolean
  close(keep: boolean): Promise<void>
}

export interface OfficeOptions {
  readonly seed: number
  readonly plant?: Plant | null
}

/** Workstations of each unit, by seed: two of one, and none, one or two of another. */
const sizes = [[2, 1], [2], [2, 2], [3], [2, 1]] as const

export async function openOffice({ seed, plant = null }: OfficeOptions): Promise<Office> {
  const pick = numbers(seed)
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  const faults: string[] = []
  const notes: string[] = []
  const counts = new Map<string, number>()
  const fault = (message: string) => void faults.push(message)
  const programs = await buildPrograms(plant)
  const central = await startCentralProgram(folder, programs, fault)
  const nursery: Nursery<ToWorkstation, FromWorkstation> = createNursery(programs.workstation, programs.compiled)
  const wire = createWire(fault)
  const seen = (exchanged: Exchanged) => wire.see(exchanged)
  const workstations: Workstation[] = []
  const units: string[] = []

  const office: Office = {
    pick, texts: new Texts(), central, workstations, units, faults, counts, notes, folder,
    midway: false,
    kills: [],
    finishing: false,
    records: new Map(),
    note: (text) => {
      notes.push(text)
      const kind = text.split(':', 1)[0] ?? text
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    },
    close: async (keep) => {
      await nursery.close()
      await central.close()
      for (const { line } of workstations) await line.close()
      programs.remove()
      if (!keep) rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await central.start()
    for (const size of sizes[seed % sizes.length] ?? [2]) {
      const accounts = await central.addUnit(size)
      for (const account of accounts) {
        const name = `${String.fromCharCode(65 + units.length)}${accounts.indexOf(account) + 1}`
        const line = await startLine({ url: central.url, agent: central.agent, from: `127.0.0.${10 + workstations.length}` }, seen)
        workstations.push(createWorkstation({ name, account, line, data: join(folder, name), nursery, fault }))
      }
      units.push(accounts[0]?.organizationId ?? '')
    }
    for (const workstation of workstations) {
      workstation.line.open()
      await workstation.start()
      await workstation.signIn()
      await workstation.ask((page) => page.sync.syncNow({}))
      workstation.line.shut()
    }
    return office
  } catch (error) {
    await office.close(true)
    throw error
  }
}

export const nameOf = (office: Office, id: string): string => `#${office.records.get(id)?.ordinal ?? '?'}`
