import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { findElectron } from '../../../build/start/electron-runtime.ts'
import type { Running } from '../../../build/start/processes.ts'

/** An `electron` package whose install.js does this. */
function packageThat(install: string) {
  const folder = mkdtempSync(join(tmpdir(), 'electron-package-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '45.0.0' }))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'install.js'), `const { writeFileSync } = require('node:fs'); const { join } = require('node:path'); writeFileSync(join(__dirname, 'fetched'), ''); ${install}`)
  const fetches: Running[] = []
  const shutdown = {
    track: <T extends Running>(running: T): T => {
      fetches.push(running)
      return running
    },
  }
  const outcomeFile = join(folder, 'outcome.json')
  const find = async (options: { tryAgain?: boolean; withinMs?: number } = {}) => {
    const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
    try {
      return await findElectron(shutdown, { outcomeFile, logFile: join(folder, 'fetch.log'), tryAgain: false, packageFolder: folder, withinMs: 20_000, ...options })
    } finally {
      log.mockRestore()
    }
  }
  return { folder, find, fetches, outcome: () => JSON.parse(readFileSync(outcomeFile, 'utf8')) as { found: boolean } }
}

describe('the fetch of Electron', () => {
  it('that fails is remembered, and tried again only when it is asked for', async () => {
    const { find, fetches, outcome } = packageThat('process.exit(1)')
    expect(await find()).toEqual({ reason: 'its runtime could not be fetched' })
    expect(outcome().found).toBe(false)
    expect(await find()).toEqual({ reason: 'its runtime could not be fetched; "npm start -- --electron" tries again' })
    expect(fetches).toHaveLength(1)
    expect(await find({ tryAgain: true })).toEqual({ reason: 'its runtime could not be fetched' })
    expect(fetches).toHaveLength(2)
  })

  it('that hangs is ended after its time, and remembered', async () => {
    const { find, fetches } = packageThat('setInterval(() => undefined, 1000)')
    expect(await find({ withinMs: 300 })).toEqual({ reason: 'its runtime did not arrive within 0.3 s' })
    expect(await fetches[0]?.exited).toBeNull()
    expect(await find()).toMatchObject({ reason: expect.stringContaining('--electron') as string })
    expect(fetches).toHaveLength(1)
  })

  it('that succeeds gives the program, and the next start finds it there', async () => {
    const { folder, find, fetches } = packageThat("writeFileSync(join(__dirname, 'dist', 'electron'), ''); writeFileSync(join(__dirname, 'path.txt'), 'electron')")
    const program = { path: join(folder, 'dist', 'electron') }
    expect(await find()).toEqual(program)
    expect(await find()).toEqual(program)
    expect(fetches).toHaveLength(1)
  })
})
