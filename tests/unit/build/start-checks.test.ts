import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { claimDirectory, isPortFree } from '../../../build/start/ports.ts'
import { createServer, type AddressInfo } from 'node:net'
import { findElectron } from '../../../build/start/electron-runtime.ts'
import { readSource } from '../architecture/source-files.ts'

const { devDependencies } = JSON.parse(readSource('package.json')) as { devDependencies: { electron: string } }

it('a fetch of Electron that failed is remembered and not tried again by itself', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'electron-outcome-')), 'outcome.json')
  writeFileSync(file, JSON.stringify({ version: devDependencies.electron, found: false, reason: 'no network' }))
  const began = performance.now()
  const found = findElectron(file, false)
  expect(performance.now() - began).toBeLessThan(1_000)
  // On a machine that has Electron it is used, remembered or not.
  if ('reason' in found) expect(found.reason).toMatch(/^no network; .*--electron/)
})

it('a taken port and a data folder in use are seen before anything is started', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await isPortFree(port)).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  expect(await isPortFree(port)).toBe(true)

  const folder = mkdtempSync(join(tmpdir(), 'claim-'))
  const release = await claimDirectory(folder)
  expect(release).toBeDefined()
  expect(await claimDirectory(folder)).toBeUndefined()
  release?.()
})
