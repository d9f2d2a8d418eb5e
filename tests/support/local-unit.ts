import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { indexName } from '../../electron/host/database/names.ts'
import { openLocalDatabase, type LocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { createRecordSearch } from '../../electron/host/database/search.repository.ts'
import { lineText } from '../../electron/host/database/search.repository.ts'
import { unitPaths } from '../../electron/host/database/unit-keys.ts'
import type { Clock, Log, SecretStore } from '../../electron/host/ports.ts'
import type { RegistrationContext } from '../../electron/host/services/registrations/registration-context.ts'
import { createRegistrationsService } from '../../electron/host/services/registrations/registrations.service.ts'
import { createRegions, type RegionNode } from '../../shared/domain/regions.ts'
import type { IdCardNoCheck } from '../../electron/host/central/central-port.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { personValues } from './people.ts'

export const unitId = '018f0000-0000-7000-8000-0000000000a1'
export const unitKey = Buffer.alloc(32, 7)

export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'local-data-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export interface TestClock extends Clock {
  set(instant: string): void
  advance(milliseconds: number): void
}

/** Each look at it is a millisecond later than the one before. */
export function testClock(instant = '2026-11-23T08:00:00.000Z'): TestClock {
  let now = Date.parse(instant)
  return {
    now: () => new Date(now++),
    set: (next) => void (now = Date.parse(next)),
    advance: (milliseconds) => void (now += milliseconds),
  }
}

export interface TestLog extends Log {
  readonly lines: string[]
}

export function testLog(): TestLog {
  const lines: string[] = []
  const keep = (level: string) => (message: string, ...rest: unknown[]) => void lines.push(`${level} ${message} ${JSON.stringify(rest)}`)
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') }
}

export const openTestSecrets = (directory: string): Promise<SecretStore> => openKeyFileSecrets(directory)

export interface TestUnit {
  readonly local: LocalDatabase
  readonly paths: ReturnType<typeof unitPaths>
  readonly clock: TestClock
  readonly registrations: ReturnType<typeof createRegistrationsService>
  readonly context: RegistrationContext
  readonly changed: (string[] | null)[]
  readonly central: { reachable: boolean; answer: IdCardNoCheck; asked: string[] }
  readonly woken: () => number
  close(): Promise<void>
}

const regionFile = JSON.parse(readFileSync(new URL('../../resources/regions/regions.json', import.meta.url), 'utf8')) as { regions: RegionNode[] }
const regions = createRegions(regionFile.regions)

/** A unit's real file with the service over it. */
export async function openTestUnit(directory: string, options: { key?: Uint8Array; clock?: TestClock } = {}): Promise<TestUnit> {
  const local = await openLocalDatabase(join(directory, 'unit.db'), options.key ?? unitKey)
  return { local, paths: unitPaths(directory, unitId), ...serviceOver(local, options.clock), close: () => local.close() }
}

/** The registrations service over an open file; the central service is a word that can be changed. */
export function serviceOver(local: LocalDatabase, clock: TestClock = testClock()): Omit<TestUnit, 'local' | 'paths' | 'close'> {
  const central: TestUnit['central'] = { reachable: true, answer: { outcome: 'free', transferIn: false }, asked: [] }
  const changed: (string[] | null)[] = []
  let woken = 0
  const context: RegistrationContext = {
    local,
    search: createRecordSearch(local.file),
    central: {
      checkIdCardNo: async (idCardNo) => {
        central.asked.push(idCardNo)
        if (!central.reachable) throw new AppError('central-unreachable')
        return central.answer
      },
    },
    regions,
    clock,
    changed: (ids) => void changed.push(ids),
    wakeSync: () => void woken++,
  }
  return { clock, context, central, changed, woken: () => woken, registrations: createRegistrationsService(context) }
}

/** Writes `count` uploaded people straight into the tables, as a long-used machine has them. Some seconds per 100,000. */
export function fillWithPeople({ file }: LocalDatabase, count: number, from = 0): void {
  const record = file.prepare(
    `insert into record (id, version, base_json, body_json, id_card_no, state, review_status, employment_status, local_rev, updated_at)
     values (?, 1, ?, ?, ?, 'uploaded', 'approved', 'employed', 1, ?)`,
  )
  const search = file.prepare('insert into search (record_id, updated_at, haystack) values (?, ?, ?)')
  file.transaction(() => {
    for (let index = from; index < from + count; index++) {
      const values = personValues(index)
      const json = JSON.stringify(values)
      const id = recordId(index)
      const at = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString()
      record.run(id, json, json, values.idCardNo, at)
      search.run(id, at, lineText(values, indexName(values.name)))
    }
  })()
}

export function recordId(index: number): string {
  return `018f0000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`
}

export const randomKey = (): Buffer => randomBytes(32)
