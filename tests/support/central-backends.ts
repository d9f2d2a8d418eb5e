import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { DatabaseLocation } from '../../central/database/open.ts'
import { query, startPostgres } from './postgres.ts'

/** The databases the central service runs on. What is claimed of the service is claimed on each. */
export const backends = ['SQLite', 'PostgreSQL'] as const

export interface Backend {
  /** Of a new, empty database. */
  newLocation(): Promise<DatabaseLocation>
  /** One statement past the service. */
  run(location: DatabaseLocation, statement: string): Promise<void>
  /** All that the database keeps on disk, as it lies there and as SQL, for finding what should not be in it. */
  everything(location: DatabaseLocation): Promise<Buffer>
  /** Hash of what is in a database that nobody has open: of its file, or of its content as SQL. */
  snapshot(location: DatabaseLocation): Promise<string>
  stop(): Promise<void>
}

export async function startBackend(name: (typeof backends)[number]): Promise<Backend> {
  return name === 'SQLite' ? sqlite() : postgres()
}

function sqlite(): Backend {
  const folder = mkdtempSync(join(tmpdir(), 'central-sqlite-'))
  let files = 0
  return {
    newLocation: async () => ({ kind: 'sqlite', path: join(folder, `central${++files}.db`) }),
    run: async (location, statement) => {
      const file = new Sqlite(pathOf(location))
      file.exec(statement)
      file.close()
    },
    everything: async () => Buffer.concat(bytesIn(folder)),
    snapshot: async (location) => hashOf(readFileSync(pathOf(location))),
    stop: async () => rmSync(folder, { recursive: true }),
  }
}

async function postgres(): Promise<Backend> {
  const server = await startPostgres()
  return {
    newLocation: async () => ({ kind: 'postgresql', url: await server.newDatabase() }),
    run: (location, statement) => query(urlOf(location), statement),
    everything: async (location) => {
      await query(urlOf(location), 'checkpoint')
      // In the files a long text may lie compressed, in the dump it does not.
      return Buffer.concat([Buffer.from(server.dump(urlOf(location))), ...bytesIn(join(server.folder, 'data', 'base')), ...bytesIn(join(server.folder, 'data', 'pg_wal'))])
    },
    // Each dump has a random word of its own in two lines.
    snapshot: async (location) => hashOf(server.dump(urlOf(location)).replaceAll(/^\\(un)?restrict .*$/gm, '')),
    stop: server.stop,
  }
}

const hashOf = (content: Buffer | string) => createHash('sha256').update(content).digest('hex')

function bytesIn(folder: string): Buffer[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)))
}

function pathOf(location: DatabaseLocation): string {
  if (location.kind !== 'sqlite') throw new TypeError('not a SQLite file')
  return location.path
}

function urlOf(location: DatabaseLocation): string {
  if (location.kind !== 'postgresql') throw new TypeError('not a PostgreSQL database')
  return location.url
}
