import type Database from 'better-sqlite3-multiple-ciphers'

/** A line of the table `search`. */
export interface SearchLine {
  readonly id: string
  readonly at: string
  readonly text: string
}

interface KeptLine extends SearchLine {
  /** The file has it no more, or another in its place. */
  isOld: boolean
}

/** The table `search` as this process keeps it in memory, so that a query at each key goes through no page of the file. */
export interface SearchLines {
  /** As the file has them now, newest first: the same array for as long as nothing changed. Not inside a transaction. */
  current(): readonly SearchLine[]
  /** One of those last given. */
  find(id: string): SearchLine | undefined
}

type Row = [id: string, at: string, text: string]

// Rolled back with the change it tells of, and kept in memory: what is not committed is never told, and nothing of it
// reaches the disk. The sequence lets several readers each remember how far they have read.
const log = [
  'create temp table if not exists search_change (seq integer primary key autoincrement, record_id text not null unique)',
  ...(['insert', 'update', 'delete'] as const).map((event) => {
    const id = event === 'delete' ? 'old.record_id' : 'new.record_id'
    // Not "insert or replace": within a trigger the rule of the statement that set it off would hold instead.
    return `create temp trigger if not exists search_${event} after ${event} on main.search begin
      delete from search_change where record_id = ${id};
      insert into search_change (record_id) values (${id});
    end`
  }),
].join(';')

export function openSearchLines(file: Database.Database): SearchLines {
  file.exec(log)
  const lastChange = file.prepare('select coalesce(max(seq), 0) from search_change').pluck()
  const otherWriters = file.prepare('pragma data_version').pluck()
  const all = file.prepare('select record_id, updated_at, haystack from search').raw()
  const changed = file
    .prepare(
      `select c.record_id, s.updated_at, s.haystack from search_change c left join search s on s.record_id = c.record_id
       where c.seq > ?`,
    )
    .raw()
  let lines: readonly KeptLine[] = []
  let byId = new Map<string, KeptLine>()
  let read = { change: -1, others: -1 }

  function readAll(): void {
    lines = (all.all() as Row[]).map(toLine).sort(newestFirst)
    byId = new Map(lines.map((line) => [line.id, line]))
  }

  function readChanged(since: number): void {
    const fresh: KeptLine[] = []
    for (const [id, at, text] of changed.all(since) as (Row | [string, null, null])[]) {
      const before = byId.get(id)
      if (before) before.isOld = true
      byId.delete(id)
      if (at === null) continue
      const line = toLine([id, at, text])
      fresh.push(line)
      byId.set(id, line)
    }
    lines = merge(lines, fresh.sort(newestFirst))
  }

  return {
    current: () => {
      // What an open transaction shows may never come true.
      if (file.inTransaction) throw new Error('the search is read between transactions')
      const now = { change: lastChange.get() as number, others: otherWriters.get() as number }
      if (now.others !== read.others) readAll()
      else if (now.change !== read.change) readChanged(read.change)
      read = now
      return lines
    },
    find: (id) => byId.get(id),
  }
}

const toLine = ([id, at, text]: Row): KeptLine => ({ id, at, text, isOld: false })

function newestFirst(a: SearchLine, b: SearchLine): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  return a.id < b.id ? -1 : 1
}

/** Both in order, without the old ones. */
function merge(kept: readonly KeptLine[], fresh: readonly KeptLine[]): KeptLine[] {
  const merged: KeptLine[] = []
  let next = 0
  for (const line of kept) {
    if (line.isOld) continue
    for (let other = fresh[next]; other && newestFirst(other, line) < 0; other = fresh[++next]) merged.push(other)
    merged.push(line)
  }
  return merged.concat(fresh.slice(next))
}
