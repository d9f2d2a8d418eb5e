import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backUp } from '../../electron/host/database/backups.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { fillWithPeople, serviceOver, testClock, testLog, unitKey } from '../support/local-unit.ts'
import { idCardNoOf, personName } from '../support/people.ts'
import { alone, atMost, benchDirectory, report } from './measure.ts'

// The file of a unit with 100,000 people: opened (every page's seal is checked), listed, searched, copied, rebuilt.
const people = 100_000
const rounds = 20
using directory = benchDirectory()
const paths = { database: join(directory.path, 'unit.db'), envelope: join(directory.path, 'unit.key.json'), backups: join(directory.path, 'backups') }
const filled = await openLocalDatabase(paths.database, unitKey)
fillWithPeople(filled, people)
await filled.close()
const megabytes = statSync(paths.database).size / 2 ** 20

async function timed(task: (round: number) => unknown, count = rounds): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < count; round++) {
    const started = performance.now()
    await task(round)
    times.push(performance.now() - started)
  }
  return times
}

const figure = (name: string, times: readonly number[], limit: number) => alone(name, times, { bound: atMost(limit, 'ms') })

const opening = await timed(async () => (await openLocalDatabase(paths.database, unitKey)).close(), 5)
const local = await openLocalDatabase(paths.database, unitKey)
const { registrations } = serviceOver(local)
const list = (query: string, page = 1) => registrations.list({ query, page, pageSize: 20 })
const surnames = ['wang', 'zhang', 'chen', 'yang', 'zhao', 'sun', 'zhou', 'shan', 'ou', 'yuchi']
const letters = (round: number) => `${'zqlwcsyh'[round % 8] ?? ''}${'wfnmjlq'[round % 7] ?? ''}`
const figures = [
  figure('opened', opening, 2_000),
  figure('page-changed', await timed((round) => list('', 1 + ((round * 251) % 5_000))), 100),
  figure('search-chinese', await timed((round) => list(personName(round * 37))), 100),
  figure('search-pinyin', await timed((round) => list(`${surnames[round % 10] ?? ''}${'aeiou'[round % 5] ?? ''}`)), 100),
  figure('search-initials', await timed((round) => list(letters(round))), 100),
  figure('search-id-number', await timed((round) => list(idCardNoOf(round * 991))), 100),
  figure('search-phone', await timed((round) => list(`13${800_000_000 + round * 977}`)), 100),
  figure('copied-and-checked', await timed((round) => backUp(local, paths.backups, unitKey, `2026-11-23-${round}`), 3), 10_000),
]
await local.close()

const bytes = readFileSync(paths.database)
bytes[20_000 * 4_096 + 1_000] = (bytes[20_000 * 4_096 + 1_000] ?? 0) ^ 1
writeFileSync(paths.database, bytes)
const rebuilding = await timed(async () => {
  const { local: rebuilt, rebuilt: how } = await openOrRebuild(paths, unitKey, testClock(), testLog())
  if (how?.from !== 'backup') throw new Error('not rebuilt from the backup')
  await rebuilt.close()
}, 1)
// Ten seconds a hundred megabytes.
report([...figures, { name: 'size', value: megabytes, unit: 'MB' }, figure('rebuilt', rebuilding, Math.round(megabytes * 100))])
