import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { countPlaywright, countVitest, runStep } from '../../../build/test/step.ts'

const folder = mkdtempSync(join(tmpdir(), 'test-counts-'))
function reportOf(content: unknown): string {
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  try {
    return await work()
  } finally {
    log.mockRestore()
  }
}

describe('the closing count of npm test', () => {
  it('takes a skipped test and a file that could not be loaded as failures', () => {
    const file = reportOf({
      numPassedTests: 5,
      numTotalTests: 7,
      testResults: [
        { status: 'passed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
      ],
    })
    expect(countVitest(file)).toEqual({ passed: 5, failed: 3 })
  })

  it('takes a flaky or skipped end-to-end test as a failure', () => {
    const file = reportOf({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, errors: [] })
    expect(countPlaywright(file)).toEqual({ passed: 4, failed: 3 })
  })

  it('counts a step without tests as one', async () => {
    expect(await quietly(() => runStep({ name: 'a', command: 'true', args: [] }))).toEqual({ passed: 1, failed: 0 })
    expect(await quietly(() => runStep({ name: 'a', command: 'false', args: [] }))).toEqual({ passed: 0, failed: 1 })
    expect(await quietly(() => runStep({ name: 'a', command: '/no/such/program', args: [] }))).toEqual({ passed: 0, failed: 1 })
  })

  it('is never clean where a runner failed, whatever it counted or failed to write', async () => {
    const crashed = { name: 'a', command: 'false', args: [], count: () => ({ passed: 3, failed: 0 }) }
    expect(await quietly(() => runStep(crashed))).toEqual({ passed: 3, failed: 1 })
    const silent = { name: 'a', command: 'true', args: [], count: () => countVitest(join(folder, 'missing.json')) }
    expect(await quietly(() => runStep(silent))).toEqual({ passed: 0, failed: 1 })
  })
})
