import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from '../../support/key-service-rig.ts'
import { makeTestKeys, type TestKeys } from '../../support/softhsm.ts'

const program = (name: string) => fileURLToPath(new URL(`../../support/${name}.ts`, import.meta.url))

let keys: TestKeys
let host: ChildProcess
beforeEach(async () => {
  keys = await makeTestKeys()
})
afterEach(() => {
  // A process still in the library would get out of it here, see its channel closed and end.
  keys.mend('hang')
  host.kill('SIGKILL')
  keys.remove()
})

const childrenOf = (pid: number) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
/** A container's first process may leave the dead unburied. */
function hasEnded(pid: number | undefined): boolean {
  if (!existsSync(`/proc/${pid}`)) return true
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

it('a key process that hangs in its library does not outlive a host killed at once', async () => {
  host = spawn(process.execPath, [program('hanging-key-host'), keys.faultyModule, join(keys.env['FAULT_DIR'] ?? '', 'hang')], {
    env: { ...process.env, ...keys.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(host.stdout ?? host, 'data')) as [Buffer]
  expect(said.toString().trim()).toBe('hangs')
  const [keyProcess, ...others] = childrenOf(host.pid ?? 0)
  expect(others).toEqual([])
  host.kill('SIGKILL')
  await until('the key process has ended', () => hasEnded(keyProcess))
})

it('nor does Electron’s key process outlive a main process killed at once, as nothing else ends it on Windows', async () => {
  host = spawn(process.execPath, [program('held-desktop-key-process')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(host.stdout ?? host, 'data')) as [Buffer]
  const keyProcess = Number(said.toString())
  expect(hasEnded(keyProcess)).toBe(false)
  host.kill('SIGKILL')
  try {
    await until('the key process has ended', () => hasEnded(keyProcess))
  } finally {
    if (!hasEnded(keyProcess)) process.kill(keyProcess, 'SIGKILL')
  }
})
