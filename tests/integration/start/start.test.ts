import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { findFreePort } from '../../../build/start/ports.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const data = mkdtempSync(join(tmpdir(), 'npm-start-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

const started: Start[] = []
afterEach(async () => {
  for (const start of started.splice(0)) await start.end('SIGTERM')
})

/** Every process that works with this data folder, however it came to be. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        const told = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8')
        return told.includes(folder)
      } catch {
        // It ended while we looked.
        return false
      }
    })
}

class Start {
  readonly child: ChildProcess
  output = ''
  constructor(args: string[]) {
    this.child = spawn('node', ['build/start.ts', '--data', data, '--no-window', ...args], { cwd: root })
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    started.push(this)
  }
  /** Waits until it has said this. */
  async says(what: RegExp): Promise<RegExpExecArray> {
    return vi.waitFor(
      () => {
        const said = what.exec(this.output)
        if (!said) throw new Error(this.output)
        return said
      },
      { timeout: 30_000, interval: 50 },
    )
  }
  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    return this.exitCode()
  }
}

const port = await findFreePort()
const open = (...args: string[]) => new Start(['--port', String(port), ...args])

describe('npm start', () => {
  it('comes up with accounts and PIN, serves the page once, and Ctrl-C ends every process of it', async () => {
    const start = open()
    await start.says(/Ctrl-C stops everything/)
    expect(start.output).toMatch(/CA lock SHENXIU: PIN \d{6}/)
    expect(start.output).toMatch(/zhangmin \(张敏\).*password \S+/)
    const [, url = ''] = await start.says(/Open once, in one browser: (http:\S+)/)
    const [first, second] = [await fetch(url, { redirect: 'manual' }), await fetch(url, { redirect: 'manual' })]
    expect([first.status, second.status]).toEqual([303, 403])
    expect(processesOf(data).length).toBeGreaterThanOrEqual(3)

    expect(await start.end('SIGINT')).toBe(0)
    expect(processesOf(data)).toEqual([])
  })

  it('keeps its data at the second start, and says in a line who else uses folder or port', async () => {
    const database = join(data, 'demo', 'central', 'central.db')
    const { ino } = statSync(database)
    const start = open()
    await start.says(/Ctrl-C stops everything/)
    expect(statSync(database).ino).toBe(ino)

    const again = open()
    expect(await again.exitCode()).toBe(1)
    expect(again.output.trim()).toBe('Another "npm start" of this folder is running. Stop it first.')
  })

  it('says in a line which port to take where its own is taken', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const taken = (holder.address() as AddressInfo).port
    const start = new Start(['--port', String(taken)])
    expect(await start.exitCode()).toBe(1)
    expect(start.output.trim()).toBe(`Port ${taken} is taken. Run: npm start -- --port ${taken + 1}`)
    await new Promise((resolve) => holder.close(resolve))
  })

  it('begins anew where it is asked to, and where an earlier start was ended while it made its data', async () => {
    const database = join(data, 'demo', 'central', 'central.db')
    const before = statSync(database).ino
    mkdirSync(join(data, 'workstation'), { recursive: true })
    writeFileSync(join(data, 'workstation', 'mark'), '')
    const start = open('--fresh')
    await vi.waitFor(() => expect(existsSync(join(data, 'demo.unfinished', 'ca-locks'))).toBe(true), { timeout: 20_000, interval: 5 })
    start.child.kill('SIGKILL')
    await start.exitCode()
    expect(existsSync(join(data, 'demo'))).toBe(false)
    expect(existsSync(join(data, 'workstation', 'mark'))).toBe(false)

    await open().says(/Ctrl-C stops everything/)
    expect(statSync(database).ino).not.toBe(before)
    expect(existsSync(join(data, 'demo.unfinished'))).toBe(false)
  })

  it('leaves no process behind, whenever Ctrl-C comes', async () => {
    for (const moment of [/Building/, /Central service: /, /Keys of local data/]) {
      const start = open()
      await start.says(moment)
      expect(await start.end('SIGINT'), String(moment)).toBe(0)
      expect(processesOf(data), String(moment)).toEqual([])
    }
  })
})
