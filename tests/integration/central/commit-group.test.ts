import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupCommits } from '../../../central/database/commit-group.ts'
import { CentralSqliteDialect } from '../../../central/database/sqlite-dialect.ts'
import { inTransaction } from '../../../central/database/transaction.ts'

interface Tables {
  note: { id: number; text: string; about: number | null }
}

describe('transactions of the embedded file that come together', () => {
  let folder: string
  let file: Sqlite.Database
  let other: Sqlite.Database
  let db: Kysely<Tables>
  /** Statements that the file was given and answers that callers were given, in order. */
  let order: string[]
  /** Milliseconds. */
  let passed: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'commit-group-'))
    order = []
    file = new Sqlite(join(folder, 'file.db'), { verbose: (sql) => order.push(String(sql)) })
    file.pragma('journal_mode = WAL')
    file.pragma('foreign_keys = ON')
    file.exec('create table note (id integer primary key, text text not null unique, about integer references note (id) deferrable initially deferred)')
    other = new Sqlite(join(folder, 'file.db'))
    db = new Kysely<Tables>({ dialect: new CentralSqliteDialect(file) })
    passed = 0
    groupCommits(db, () => file.inTransaction, () => passed)
    order.length = 0
  })
  afterEach(async () => {
    other.close()
    await db.destroy()
    rmSync(folder, { recursive: true })
  })

  const write = (id: number, text = `note ${id}`, about: number | null = null) =>
    inTransaction(db, async (trx) => {
      await trx.insertInto('note').values({ id, text, about }).execute()
      return id
    }).then(
      (value) => (order.push(`answered ${value}`), `made ${value}`),
      (error: unknown) => (order.push(`refused ${id}`), `refused ${id}: ${String((error as { code?: unknown }).code)}`),
    )
  const stored = () => other.prepare('select id from note order by id').pluck().all()
  const commits = () => order.filter((entry) => entry === 'commit').length
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  it('share one commit, after which all of them are there', async () => {
    expect(await Promise.all(upTo(10).map((id) => write(id)))).toEqual(upTo(10).map((id) => `made ${id}`))
    expect(commits()).toBe(1)
    expect(stored()).toEqual(upTo(10))
  })

  it('are answered when the commit is done and not before', async () => {
    await Promise.all(upTo(5).map((id) => write(id)))
    const [committed, firstAnswer, lastWrite] = [order.indexOf('commit'), order.findIndex((entry) => entry.startsWith('answered')), order.findLastIndex((entry) => entry.startsWith('insert'))]
    expect(committed).toBeGreaterThan(lastWrite)
    expect(firstAnswer).toBeGreaterThan(committed)
  })

  it('leave nothing of one that fails, and its neighbours as they are', async () => {
    const [first, failed, last] = await Promise.all([
      write(1),
      inTransaction(db, async (trx) => {
        await trx.insertInto('note').values({ id: 2, text: 'goes with it', about: null }).execute()
        await trx.insertInto('note').values({ id: 3, text: 'note 1', about: null }).execute()
      }).catch((error: unknown) => (error as { code: unknown }).code),
      write(4),
    ])
    expect([first, failed, last]).toEqual(['made 1', 'SQLITE_CONSTRAINT_UNIQUE', 'made 4'])
    expect(stored()).toEqual([1, 4])
    expect(commits()).toBe(1)
  })

  it('see what those before them in the group have written, and fail as if those had committed', async () => {
    expect(await Promise.all([write(1, 'same'), write(2, 'same'), write(3, 'other', 1)])).toEqual(['made 1', 'refused 2: SQLITE_CONSTRAINT_UNIQUE', 'made 3'])
  })

  it('are all told where their commit fails, and the next ones go through', async () => {
    // The reference to nobody is looked at when the group commits.
    expect(await Promise.all([write(1), write(2, 'about nobody', 77)])).toEqual(['refused 1: SQLITE_CONSTRAINT_FOREIGNKEY', 'refused 2: SQLITE_CONSTRAINT_FOREIGNKEY'])
    expect(stored()).toEqual([])
    expect(await write(3)).toBe('made 3')
    expect(stored()).toEqual([3])
  })

  it('are all told where SQLite ends the transaction in the middle, and nothing of them is left', async () => {
    const before = write(1)
    const ended = inTransaction(db, async (trx) => {
      await trx.insertInto('note').values({ id: 2, text: 'x', about: null }).execute()
      file.exec('rollback')
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    }).catch((error: unknown) => (error as { code: unknown }).code)
    expect(await Promise.all([before, ended])).toEqual(['refused 1: SQLITE_FULL', 'SQLITE_FULL'])
    expect(stored()).toEqual([])
    expect(await write(3)).toBe('made 3')
  })

  it('are not seen half done by a reader beside them', async () => {
    const seen: { committed: boolean; rows: number }[] = []
    await inTransaction(db, async (trx) => {
      await trx.insertInto('note').values({ id: 1, text: 'one', about: null }).execute()
      // It waits for the group, and so must not be waited for within it.
      void db.selectFrom('note').select('id').execute().then((rows) => seen.push({ committed: order.includes('commit'), rows: rows.length }))
      await trx.insertInto('note').values({ id: 2, text: 'two', about: null }).execute()
    })
    await expect.poll(() => seen).toEqual([{ committed: true, rows: 2 }])
  })

  it('go in groups of at most forty, in the order in which they came', async () => {
    await Promise.all(upTo(100).map((id) => write(id)))
    expect(commits()).toBe(3)
    expect(order.filter((entry) => entry.startsWith('answered'))).toEqual(upTo(100).map((id) => `answered ${id}`))
  })

  it('take in nobody any more after 50 ms, however many wait, so that a few long ones hold up neither each other nor the program', async () => {
    let turns = 0
    const long = (id: number) =>
      inTransaction(db, async (trx) => {
        passed += 30
        await trx.insertInto('note').values({ id, text: `note ${id}`, about: null }).execute()
        setImmediate(() => turns++)
        return turns
      })
    expect(await Promise.all(upTo(6).map(long))).toEqual([0, 0, 2, 2, 4, 4])
    expect(commits()).toBe(3)
    expect(stored()).toEqual(upTo(6))
  })

  it('wait for another program that holds the file, and go through when it lets go', async () => {
    other.exec('begin immediate')
    file.pragma('busy_timeout = 1')
    const written = Promise.all([write(1), write(2)])
    // Let go at its first try: it does not try for ever.
    await expect.poll(() => order.filter((entry) => entry === 'begin immediate').length, { interval: 1 }).toBeGreaterThan(0)
    other.exec('rollback')
    expect(await written).toEqual(['made 1', 'made 2'])
  })
})
