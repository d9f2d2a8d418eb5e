import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const programs = '/usr/lib/postgresql/15/bin'

export interface Postgres {
  /** URL of a new, empty database. */
  newDatabase(): Promise<string>
  /** Everything in a database as SQL. */
  dump(url: string): string
  /** Where the server keeps its files, the write-ahead log among them. */
  readonly folder: string
  /** It ends at once, as in a crash. */
  halt(): Promise<void>
  /** After `halt`. */
  resume(): Promise<void>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** For the server, whose files will lie in this folder. */
  readonly env?: (folder: string) => Readonly<Record<string, string>>
  /** For measurements: as it runs for an operator, so that a commit waits for the disk. */
  readonly durable?: boolean
}

/**
 * A PostgreSQL 15 server of its own in a temporary folder, reached over a socket in that folder and by nobody else.
 * @throws Error with the line to run where the programs are missing
 */
export async function startPostgres({ env = () => ({}), durable = false }: PostgresOptions = {}): Promise<Postgres> {
  if (!existsSync(join(programs, 'postgres'))) throw new Error('PostgreSQL 15 is missing. Run: apt-get install -y postgresql-15')
  const as = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'central-postgres-'))
  if (as) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const logFile = join(folder, 'log')
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'central', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], { ...as, cwd: folder, stdio: 'pipe' })
  // Nothing in a test is to outlive a power cut, so none waits for the disk.
  const settings = ['listen_addresses=', 'max_connections=60', ...(durable ? [] : ['fsync=off', 'full_page_writes=off'])].flatMap((setting) => ['-c', setting])
  const server = [join(programs, 'postgres'), '-D', data, '-k', folder, ...settings]
  // The shell waits for the end of its input, which comes however this process ends; then it stops the server and clears up.
  const begin = 'env $MORE "$@" >>"$LOG" 2>&1 & server=$!'
  const script = `${begin}; while read -r word; do case $word in halt) kill -QUIT $server; wait $server;; resume) ${begin};; esac; done; kill -INT $server; wait $server; rm -rf "$FOLDER"`
  const more = Object.entries(env(folder)).map(([name, value]) => `${name}=${value}`).join(' ')
  const shell = spawn('sh', ['-c', script, 'sh', ...server], { ...as, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: process.env['PATH'], LOG: logFile, FOLDER: folder, MORE: more } })
  const stop = async () => {
    shell.stdin.end()
    if (shell.exitCode === null) await once(shell, 'exit')
  }
  const urlOf = (name: string) => `postgresql://central@/${name}?host=${folder}`
  try {
    await untilReady(urlOf('postgres'), logFile)
  } catch (error) {
    await stop()
    throw error
  }
  let databases = 0
  return {
    folder,
    halt: async () => {
      shell.stdin.write('halt\n')
      while (await query(urlOf('postgres'), 'select 1').then(() => true, () => false)) await delay(20)
    },
    resume: async () => {
      shell.stdin.write('resume\n')
      await untilReady(urlOf('postgres'), logFile)
    },
    stop,
    newDatabase: async () => {
      const name = `central${++databases}`
      await query(urlOf('postgres'), `create database ${name}`)
      return urlOf(name)
    },
    dump: (url) => execFileSync(join(programs, 'pg_dump'), ['-d', url], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  }
}

/** PostgreSQL refuses to run as root; undefined where we are nobody special already. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function untilReady(url: string, logFile: string): Promise<void> {
  const patience = Date.now() + 20_000
  for (;;) {
    try {
      return await query(url, 'select 1')
    } catch (error) {
      if (Date.now() > patience) throw new Error(`PostgreSQL did not start.\n${existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''}`, { cause: error })
      await delay(50)
    }
  }
}

/** One statement over a connection of its own. */
export async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  // What breaks under a query is the query's failure as well.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
