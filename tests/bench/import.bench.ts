import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { openDesk } from './import/desk.ts'
import { against, alone, alternate, atMost, benchDirectory, report, Timed } from './measure.ts'

// A roster of 10,000 people and 40 columns: how much longer than the bare reading of the file does a clerk wait for the preview; how
// much longer than bare inserts of the same rows does it take until they are registered, on their way to the central service and in
// the search, in transactions that a kill leaves whole; and how much memory does all of it take?
const [people, columns, rounds] = [10_000, 40, 5]
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

using directory = benchDirectory()
const file = join(directory.path, 'roster.xlsx')
execFileSync(process.execPath, [here('import/make-roster.ts'), file, String(people), String(columns)])
const memory = Array.from({ length: 3 }, () => Number(execFileSync(process.execPath, [here('import/memory.ts'), file, directory.path], { encoding: 'utf8' })))

interface Round {
  readonly commit: number
  readonly raw: number
}
const written: Round[] = []
const elapsed = async (task: () => unknown) => {
  const started = performance.now()
  await task()
  return performance.now() - started
}

const times = await alternate(
  {
    bare: () => once(new Worker(here('import/bare-read.ts'), { workerData: file }), 'exit'),
    preview: async () => {
      const { unit, desk, close } = await openDesk(directory.path)
      const preview = await elapsed(() => desk.open(file))
      // A clerk looks at it, for longer than the names take to be spelled for the search.
      await new Promise((resolve) => setTimeout(resolve, 4_000))
      const commit = await elapsed(async () => {
        await desk.calls.commit({ mode: 'submit' })
        await desk.reached('written')
      })
      // The same rows once more, into a file of the same making, as nothing but inserts.
      const copy = await openDesk(directory.path)
      const tables = (['record', 'search', 'outbox'] as const).map((table) => ({ table, rows: unit.local.file.prepare(`select * from ${table}`).raw().all() as unknown[][] }))
      if (tables.some(({ rows }) => rows.length !== people)) throw new Error('not everybody was written')
      const raw = await elapsed(() => {
        copy.unit.local.file.transaction(() => {
          for (const { table, rows } of tables) {
            const insert = copy.unit.local.file.prepare(`insert into ${table} values (${rows[0]?.map(() => '?').join(', ') ?? ''})`)
            for (const row of rows) insert.run(row)
          }
        })()
      })
      written.push({ commit, raw })
      await copy.close()
      await close()
      return new Timed([preview])
    },
  },
  rounds,
)

report([
  against('preview', times.preview, 'the library alone', times.bare, { bound: atMost(2) }),
  against('commit', written.slice(1).map(({ commit }) => commit), 'bare inserts', written.slice(1).map(({ raw }) => raw), { bound: atMost(2) }),
  alone('memory', memory, { unit: 'MB', bound: atMost(500, 'MB') }),
])
