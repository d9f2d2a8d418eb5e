import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startLoopbackServer, type LoopbackServer } from '../../../electron/browser/loopback-server.ts'
import { createPageDialogs, type PageDialogs } from '../../../electron/browser/page-dialogs.ts'

/** The page's part is played here: what the shell asks it for arrives over its socket, what it brings goes by HTTP. */
let root: string
let dialogs: PageDialogs
let server: LoopbackServer
let cookie: string
let asked: { name: string; data: { ticket: string; multiple?: boolean; accept?: string[] } }[]
let socket: WebSocket

const filters = [{ name: 'Excel工作簿', extensions: ['xlsx', 'xls'] }]

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'page-dialogs-'))
  writeFileSync(join(root, 'index.html'), '<!doctype html>')
  dialogs = createPageDialogs()
  server = await startLoopbackServer({ pageRoot: root, port: 0, dialogs: dialogs.serve, onConnection: (transport) => dialogs.attach(transport) })
  cookie = (await fetch(server.launchUrl, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? ''
  asked = []
  socket = new WebSocket(`${server.origin.replace('http', 'ws')}/host`, { headers: { cookie, origin: server.origin } })
  socket.on('message', (bytes: Buffer) => asked.push(JSON.parse(bytes.toString('utf8')) as (typeof asked)[number]))
  await new Promise((resolve) => socket.once('open', resolve))
})
afterEach(async () => {
  socket.close()
  await server.close()
  dialogs.close()
  rmSync(root, { recursive: true })
})

const put = (path: string, body?: string, headers: Record<string, string> = {}) =>
  fetch(`${server.origin}${path}`, { method: 'PUT', headers: { cookie, origin: server.origin, ...headers }, ...(body !== undefined && { body }) })
async function question() {
  await expect.poll(() => asked.length).toBeGreaterThan(0)
  return asked.at(-1) as (typeof asked)[number]
}

it('what was chosen is there for the host as files of its own, under their names', async () => {
  const chosen = dialogs.openDocuments({ title: '导入名册', filters, multiple: true })
  const { data } = await question()
  expect(data).toMatchObject({ multiple: true, accept: ['.xlsx', '.xls'] })
  await put(`/dialogs/${data.ticket}/opened`)
  await put(`/dialogs/${data.ticket}/file`, 'first', { 'x-file-name': encodeURIComponent('名册.xlsx') })
  await put(`/dialogs/${data.ticket}/file`, 'second', { 'x-file-name': encodeURIComponent('../../etc/名册.xlsx') })
  await put(`/dialogs/${data.ticket}/done`)
  const paths = await chosen
  expect(paths.map((path) => basename(path))).toEqual(['名册.xlsx', '名册.xlsx'])
  expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['first', 'second'])
  expect(new Set(paths.map((path) => path.split('/dialogs')[0])).size).toBe(2)
})

it('nothing chosen is nothing', async () => {
  const chosen = dialogs.openDocuments({ title: '导入名册', filters, multiple: false })
  await put(`/dialogs/${(await question()).data.ticket}/done`)
  expect(await chosen).toEqual([])
})

it('nobody but our own page brings a file: another origin, no cookie, an unknown or a spent ticket', async () => {
  const chosen = dialogs.openDocuments({ title: '导入名册', filters, multiple: false })
  const { ticket } = (await question()).data
  const bring = (path: string, headers: Record<string, string>) => put(path, 'evil', { 'x-file-name': 'a.xlsx', ...headers })
  expect((await bring(`/dialogs/${ticket}/file`, { origin: 'https://evil.example' })).status).toBe(405)
  expect((await bring(`/dialogs/${ticket}/file`, { cookie: 'sid=guess' })).status).toBe(405)
  expect((await bring(`/dialogs/${'0'.repeat(32)}/file`, {})).status).toBe(405)
  await put(`/dialogs/${ticket}/done`)
  expect(await chosen).toEqual([])
  expect((await bring(`/dialogs/${ticket}/file`, {})).status).toBe(405)
})

it('a saved file is downloaded once, under its name, and is gone then', async () => {
  expect(await dialogs.saveFile({ title: '导出', filters, suggestedName: '名册.xlsx' }, async (path) => writeFileSync(path, 'sheet'))).toBe('名册.xlsx')
  const { ticket } = (await question()).data
  const answer = await fetch(`${server.origin}/dialogs/${ticket}`, { headers: { cookie } })
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''${encodeURIComponent('名册.xlsx')}`)
  expect(await answer.text()).toBe('sheet')
  expect((await fetch(`${server.origin}/dialogs/${ticket}`, { headers: { cookie } })).status).toBe(404)
})

it('without a page there is no dialog', async () => {
  socket.close()
  await new Promise((resolve) => socket.once('close', resolve))
  await expect.poll(async () => dialogs.openDocuments({ title: 'x', filters, multiple: false }).catch((error: { code: string }) => error.code)).toBe('dialog-unavailable')
})
