import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { startProcess } from '../../../build/start/processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'started-processes-'))
const shell = (script: string) => startProcess('it', { command: 'sh', args: ['-c', script], logFile: join(folder, 'it.log') })

/** A zombie counts as ended: it only waits to be reaped by whoever adopted it. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a program that npm start has started', () => {
  it('is known by its first line and ends with all it has started', async () => {
    const started = shell('sleep 300 & echo $!; wait')
    const grandchild = Number(await started.firstLine)
    expect(lives(grandchild)).toBe(true)
    await started.stop()
    await vi.waitFor(() => expect(lives(grandchild)).toBe(false))
  })

  it('leaves nothing behind when it has crashed by itself', async () => {
    const started = shell('sleep 300 & echo $!; exit 3')
    const grandchild = Number(await started.firstLine)
    expect(await started.exited).toBe(3)
    await started.stop()
    await vi.waitFor(() => expect(lives(grandchild)).toBe(false))
  })

  it('that does not start says so with the end of its log', async () => {
    await expect(shell('echo "no such file" >&2; exit 1').firstLine).rejects.toThrow(/it did not start[\s\S]*no such file/)
    const missing = startProcess('it', { command: '/no/such/program', args: [], logFile: join(folder, 'it.log') })
    await expect(missing.firstLine).rejects.toThrow(/did not start/)
  })
})
