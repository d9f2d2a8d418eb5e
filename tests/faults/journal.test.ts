import { appendFileSync, cpSync, mkdirSync, readFileSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { readMeta, writeMeta } from '../../electron/host/database/meta.repository.ts'
import { missingSaves, startAskedHost, type AskedHost, type Told } from '../support/asked-host.ts'
import { serviceOver, temporaryDirectory, testClock, testLog, unitKey } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

// The write-ahead log of a program that was killed, and what was done to it before the next start.
let directory: ReturnType<typeof temporaryDirectory>
let path: string
let data: string
const running: AskedHost[] = []
beforeEach(() => {
  directory = temporaryDirectory()
  data = join(directory.path, 'data')
  mkdirSync(data)
  path = join(data, 'unit.db')
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.kill()
  directory.remove()
})

async function start(): Promise<AskedHost> {
  const host = await startAskedHost(data)
  running.push(host)
  return host
}

const journalFaults: Record<string, (journal: string) => void> = {
  'deleted': (journal) => unlinkSync(journal),
  'emptied': (journal) => truncateSync(journal, 0),
  'cut off in the middle': (journal) => truncateSync(journal, statSync(journal).size / 2),
  'cut off by its last byte': (journal) => truncateSync(journal, statSync(journal).size - 1),
  'flipped in one byte': (journal) => {
    const bytes = readFileSync(journal)
    bytes[bytes.length / 2] = (bytes[bytes.length / 2] ?? 0) ^ 1
    writeFileSync(journal, bytes, { flag: 'r+' })
  },
}

it('notices that the journal of a killed program was spoilt, whatever was done to it, and takes one that nobody touched', async () => {
  const host = await start()
  const saved: Told[] = []
  for (let person = 0; person < 5; person++) saved.push(await host.save(person))
  await host.kill()
  const outcomes = await Promise.all(Object.entries(journalFaults).map(async ([what, spoil]) => {
    const copy = join(directory.path, what)
    cpSync(data, copy, { recursive: true })
    spoil(join(copy, 'unit.db-wal'))
    return [what, await openLocalDatabase(join(copy, 'unit.db'), unitKey).catch((error: unknown) => (error as { code: unknown }).code)]
  }))
  expect(outcomes).toEqual(Object.keys(journalFaults).map((what) => [what, 'local-damaged']))
  // A write that the kill cut off at the end is no damage.
  appendFileSync(`${path}-wal`, Buffer.alloc(2_000, 7))
  expect(await missingSaves(data, saved)).toEqual([])
})

it('has what was saved before the journal was deleted, pulls everything anew and tells the clerk', async () => {
  const paths = { database: path, envelope: join(data, 'unit.key.json'), backups: join(data, 'backups') }
  const reopen = () => openOrRebuild(paths, unitKey, testClock(), testLog())
  const { local } = await reopen()
  await writeMeta(local.db, 'cursor', '5')
  const { id } = await serviceOver(local).registrations.begin({ idCardNo: personValues(1).idCardNo })
  await local.close()
  const host = await start()
  await host.save(2)
  await host.kill()
  unlinkSync(`${path}-wal`)
  const { local: rebuilt, rebuilt: how } = await reopen()
  expect(how).toMatchObject({ from: 'nothing', salvaged: { drafts: 1, records: 1, operations: 0 } })
  expect((await serviceOver(rebuilt).registrations.open({ id })).id).toBe(id)
  expect(await readMeta(rebuilt.db, 'cursor')).toBeNull()
  await rebuilt.close()
})
