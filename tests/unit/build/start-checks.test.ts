import { mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { claimDirectory, isPortFree } from '../../../build/start/ports.ts'

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
