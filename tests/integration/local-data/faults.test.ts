import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, cpSync, mkdirSync, readFileSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3-multiple-ciphers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../../electron/host/database/rebuild.ts'
import { readMeta, writeMeta } from '../../../electron/host/database/meta.repository.ts'
import { openTestUnit, serviceOver, temporaryDirectory, testClock, testLog, unitKey } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

// A real host in a process of its own, on a real file, while the machine around it fails.
const program = fileURLToPath(new URL('../../support/asked-program.ts', import.meta.url))
const nobody = '65534'

interface Told {
  opened?: boolean
  saved?: number
  refused?: number
  id?: string
  code?: string
}

let directory: ReturnType<typeof temporaryDirectory>
let path: string
let data: string
const running: { kill(): Promise<void> }[] = []
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

/** @param before shell words that run first, such as a limit */
async function start({ before = ':', uid }: { before?: string; uid?: string } = {}) {
  const child = spawn('bash', ['-c', `${before}; exec "$0" "$@"`, process.execPath, program, data, ...(uid ? [uid] : [])], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<Told> => JSON.parse((await lines.next()).value as string) as Told
  const ended = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  running.push({ kill })
  return {
    pid: child.pid ?? 0,
    opened: await next(),
    save: (person: number): Promise<Told> => {
      child.stdin.write(`${person}\n`)
      return next()
    },
    end: async () => {
      child.stdin.end()
      await ended
    },
    kill,
  }
}

async function missing(saved: readonly Told[]): Promise<Told[]> {
  const unit = await openTestUnit(data)
  const lost: Told[] = []
  for (const each of saved) {
    const form = await Promise.resolve(unit.registrations.open({ id: each.id ?? '' })).catch(() => null)
    if (form?.syncState !== 'queued') lost.push(each)
  }
  await unit.close()
  return lost
}

it('says that the disk is full, loses nothing it acknowledged, and saves again once there is room', async () => {
  // The journal may grow to 1 MB and no further.
  const host = await start({ before: 'ulimit -S -f 1000' })
  expect(host.opened).toEqual({ opened: true })
  const told: Told[] = []
  for (let person = 0; person < 100; person++) told.push(await host.save(person))
  const saved = told.filter((each) => each.saved !== undefined)
  expect(saved.length).toBeGreaterThan(3)
  expect(told.at(-1)).toEqual({ refused: 99, code: 'local-full' })
  expect([...new Set(told.map(({ code }) => code))].sort()).toEqual(['local-full', undefined])
  execFileSync('prlimit', ['--pid', String(host.pid), '--fsize=unlimited'])
  for (let person = 100; person < 110; person++) saved.push(await host.save(person))
  expect(saved.slice(-10).map((each) => each.saved)).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108, 109])
  await host.kill()
  expect(await missing(saved)).toEqual([])
})

it('says that the file cannot be written, leaves it as it is, and works once it can', async () => {
  const first = await start()
  const saved = [await first.save(1)]
  await first.end()
  const before = readFileSync(path)
  chmodSync(directory.path, 0o755)
  chmodSync(path, 0o444)
  chmodSync(data, 0o555)
  const second = await start({ uid: nobody })
  expect(second.opened).toEqual({ opened: false, code: 'local-read-only' })
  await second.end()
  expect(readFileSync(path).equals(before)).toBe(true)
  chmodSync(path, 0o666)
  chmodSync(data, 0o777)
  const third = await start({ uid: nobody })
  expect(third.opened).toEqual({ opened: true })
  saved.push(await third.save(2))
  await third.end()
  expect(await missing(saved)).toEqual([])
})

it('says that another program holds the file, at work and at opening, and goes on once it lets go', async () => {
  const host = await start()
  const saved = [await host.save(1)]
  const other = new Database(path)
  other.pragma("cipher='sqlcipher'")
  other.pragma('legacy=4')
  other.pragma(`key="x'${unitKey.toString('hex')}'"`)
  other.exec('begin exclusive')
  expect(await host.save(2)).toEqual({ refused: 2, code: 'local-busy' })
  expect((await start()).opened).toEqual({ opened: false, code: 'local-busy' })
  other.exec('rollback')
  saved.push(await host.save(2))
  other.close()
  await host.kill()
  expect(saved.map((each) => each.saved)).toEqual([1, 2])
  expect(await missing(saved)).toEqual([])
}, 20_000)

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
  expect(await missing(saved)).toEqual([])
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
