import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { startLoopbackServer } from '../../electron/browser/loopback-server.ts'
import { startNodeKeyProcess } from '../../electron/browser/node-key-process.ts'
import { createHost } from '../../electron/host/index.ts'
import { createFileLog } from '../../electron/shell-common/file-log.ts'
import type { Reply } from '../../shared/wire/transport.ts'
import { startCentral } from '../support/central-service.ts'
import { dialogsUnavailable, printingUnavailable, startFaceScan, startRosterReader } from '../support/shell-ports.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The workstation as the browser shell runs it, before a central service, and its bridge as anybody on this machine reaches it. */
export async function setWorkstationStage() {
  const folder = mkdtempSync(join(tmpdir(), 'workstation-'))
  const data = join(folder, 'data')
  const pageRoot = join(folder, 'page')
  for (const path of [data, pageRoot]) mkdirSync(path)
  writeFileSync(join(pageRoot, 'index.html'), '<!doctype html><title>page</title>')
  const central = await startCentral({ kind: 'sqlite', path: join(folder, 'central.db') })
  const clerk = await central.addUnit()
  const host = await createHost({
    shell: 'browser', version: '0.0.0', clock: { now: () => new Date() }, log: createFileLog(join(data, 'workstation.log')),
    paths: { data, resources: join(root, 'resources') },
    config: { centralUrl: await central.app.listen({ host: '127.0.0.1', port: 0 }), centralCa: null, allowPlainHttp: true, tokenDriver: null },
    secrets: await openKeyFileSecrets(data),
    startKeyProcess: () => startNodeKeyProcess(join(root, 'electron/host/ca-key/key-process.ts')),
    dialogs: dialogsUnavailable,
    startRosterReader,
    startFaceScan,
    printing: printingUnavailable,
  })
  const server = await startLoopbackServer({ pageRoot, port: 0, onConnection: (transport) => host.attach(transport) })
  const redeemed = await fetch(server.launchUrl, { redirect: 'manual' })
  const cookie = redeemed.headers.get('set-cookie')?.split(';')[0] ?? ''
  const socketUrl = `${server.origin.replace('http', 'ws')}/host`

  return {
    folder, data, central, clerk, server, cookie, socketUrl,
    /** As the page connects. */
    page: () => openPage(socketUrl, { cookie, origin: server.origin }),
    close: async () => {
      await server.close()
      await host.close()
      await central.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type WorkstationStage = Awaited<ReturnType<typeof setWorkstationStage>>

export async function openPage(url: string, headers: Record<string, string>) {
  const socket = new WebSocket(url, { headers })
  const closed = once(socket, 'close').then(([code]) => code as number)
  socket.on('error', () => undefined)
  await once(socket, 'open')
  const waiting = new Map<number, (reply: Reply) => void>()
  let lastId = 0
  socket.on('message', (bytes: Buffer) => {
    const frame = JSON.parse(bytes.toString('utf8')) as { kind: string; id: number; reply: Reply }
    if (frame.kind === 'reply') waiting.get(frame.id)?.(frame.reply)
  })
  return {
    /** Whatever these are. */
    call: (method: unknown, input: unknown): Promise<Reply> =>
      new Promise((resolve) => {
        waiting.set(++lastId, resolve)
        socket.send(JSON.stringify({ kind: 'call', id: lastId, method, input }))
      }),
    send: (bytes: string | Buffer) => socket.send(bytes),
    /** The code it closed with. */
    closed,
    close: () => socket.close(),
  }
}

export type Page = Awaited<ReturnType<typeof openPage>>
