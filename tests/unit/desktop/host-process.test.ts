import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { MessagePortMain } from 'electron'
import { bridgeContract } from '../../../shared/contract/index.ts'
import { createClient } from '../../../shared/wire/client.ts'
import { createPortTransport } from '../../../electron/desktop/port-transport.ts'
import { superviseHost } from '../../../electron/desktop/host-supervisor.ts'
import { MessageChannelMain, seen } from '../../support/fake-electron.ts'

/**
 * Main's supervisor and the host process, each as it ships, joined in one Node: Electron's part, moving messages from
 * one process to the other, is played here.
 */
const parentPort = new EventEmitter()
const data = mkdtempSync(join(tmpdir(), 'host-process-'))
const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)

let supervisor: ReturnType<typeof superviseHost>

beforeAll(async () => {
  Object.assign(process, { parentPort })
  await import('../../../electron/desktop/host-process.ts')
  supervisor = superviseHost(
    {
      version: '1.2.3',
      data,
      resources: fileURLToPath(new URL('../../../resources', import.meta.url)),
      centralUrl: 'https://127.0.0.1:1',
      centralCa: null,
      allowPlainHttp: false,
      tokenDriver: null,
      lockAfterMinutes: 15,
      faceThresholds: { sameAsDocument: 0.5, clerkDecides: 0.6, duplicate: 0.45, similar: 0.55 },
      faceAttackModel: null,
      recoveryKeyFile: join(data, 'stick-that-is-not-in.pem'),
    },
    (error) => {
      throw error
    },
  )
  deliver()
})
afterAll(() => {
  exit.mockRestore()
})

/** Brings what main has posted to the host process since the last time. */
let delivered = 0
function deliver(): void {
  const { posted } = seen.processes[0]!
  for (const { message, ports } of posted.slice(delivered)) parentPort.emit('message', { data: message, ports })
  delivered = posted.length
}

function openPage() {
  const { port1, port2 } = new MessageChannelMain()
  supervisor.connectPage(port1)
  deliver()
  return createClient(bridgeContract, createPortTransport(port2 as unknown as MessagePortMain))
}

it('a page talks to the host over its port', async () => {
  const { call } = openPage()
  expect(await call.app.info({})).toEqual({
    shell: 'electron',
    version: '1.2.3',
    secretBackend: 'safeStorage',
    centralUrl: 'https://127.0.0.1:1',
  })
})

it('a recovery key that cannot be read is told in the log and does not keep the host from starting', async () => {
  await openPage().call.app.info({})
  expect(readFileSync(join(data, 'workstation.log'), 'utf8')).toContain('"recovery of local data failed"')
})

it('two pages are served at the same time, and a bad call is refused', async () => {
  const pages = [openPage(), openPage()]
  await Promise.all(pages.map(({ call }) => call.app.info({})))
  await expect(pages[0]!.call.app.info({ extra: 1 })).rejects.toMatchObject({ code: 'call-invalid' })
})

it('what identifies this device was sealed by main before it reached the disk', async () => {
  const sealed = readFileSync(join(data, 'device.sealed'))
  expect(sealed.toString('utf8')).not.toContain('deviceId')
  // The stand-in seals by turning the bytes round.
  const opened = Buffer.from(Buffer.from(sealed).reverse().toString('utf8'), 'base64').toString('utf8')
  expect(JSON.parse(opened)).toHaveProperty('deviceId')
})

it('the host closes its files when main asks, and its process ends', async () => {
  const stopped = supervisor.stop()
  deliver()
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0))
  seen.processes[0]!.emit('exit', 0)
  await stopped
})
