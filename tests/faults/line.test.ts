import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../shared/errors/app-error.ts'
import { captivePortal, problem, type Fault } from '../support/fault-proxy.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let station: Workstation
let person = 0
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  station = await rig.workstation(unit)
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const here = async (id: string) => (await rig.registrations()).filter((row) => row.id === id)
const push = '/v1/sync/push'

it('uploads a person who was registered without a line, once there is one', async () => {
  const id = await station.add(++person)
  expect((await station.row(id))?.syncState).toBe('queued')
  expect(await here(id)).toEqual([])
  expect((await station.sync()).phase).toBe('idle')
  expect((await station.row(id))?.syncState).toBe('uploaded')
  expect(await here(id)).toHaveLength(1)
})

const page = '<!doctype html><title>上网认证</title>'
const compressedPortal: Fault = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' }, body: gzipSync(page) }
const unclear: [string, Fault][] = [
  ['the request is lost', { kind: 'drop-request' }],
  ['the reply is lost after the write was made', { kind: 'drop-reply' }],
  ['the reply breaks off in the middle', { kind: 'truncate' }],
  ['a captive portal answers', captivePortal],
  ['a captive portal answers compressed', compressedPortal],
  ['a captive portal sends elsewhere', { kind: 'answer', status: 302, headers: { 'location': 'http://127.0.0.1:9/login', 'content-type': 'text/html' }, body: '<a href="/login">登录</a>' }],
  ['a captive portal asks for a sign-in of its own (511)', { kind: 'answer', status: 511, headers: { 'content-type': 'text/html' }, body: '<form></form>' }],
  ['a page says it is JSON', { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '<!doctype html>' }],
  ['somebody else’s JSON answers', { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"code":0,"data":{"results":[]}}' }],
  ['nothing but 200 answers', { kind: 'answer', status: 200 }],
  ['somebody else’s 401 answers', { kind: 'answer', status: 401, headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic' }, body: 'sign in' }],
  ['somebody else’s 404 answers', { kind: 'answer', status: 404, headers: { 'content-type': 'text/html' }, body: 'not found' }],
  ['the service answers 500', problem(500, 'internal')],
  ['the service answers 503', problem(503, 'central-busy')],
  ['a proxy on the way answers 502', { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: 'Bad Gateway' }],
]
it.each(unclear)('keeps a write waiting where %s, and brings it there once under the same key', async (_what, fault) => {
  const id = await station.add(++person)
  rig.proxy.on(push, fault)
  const before = rig.proxy.seen.length
  await station.sync()
  expect((await station.row(id))?.syncState).toBe('queued')
  station.ahead(600_000)
  expect(await station.sync()).toMatchObject({ phase: 'idle', queued: 0, problem: null })
  expect(await here(id)).toMatchObject([{ version: 1 }])
  const keys = rig.proxy.seen.slice(before).filter(({ path }) => path === push).map(({ body }) => (JSON.parse(body) as { operations: { opId: string }[] }).operations[0]?.opId)
  expect(keys.length, 'sent again').toBeGreaterThan(1)
  expect(new Set(keys).size, 'one key').toBe(1)
})

it('gives up an answer that does not come in time, and sends the write again under its key', async () => {
  const impatient = await rig.workstation(await rig.addAccount(unit.id), { patience: 1_500 })
  const id = await impatient.add(++person)
  let open = () => undefined as void
  rig.proxy.on(push, { kind: 'hold-reply', until: new Promise<void>((resolve) => (open = resolve)) })
  expect(await impatient.sync()).toMatchObject({ phase: 'offline', queued: 1, problem: { code: 'central-unreachable' } })
  expect(await impatient.sync()).toMatchObject({ phase: 'idle', queued: 0 })
  open()
  expect(await here(id)).toMatchObject([{ version: 1 }])
})

it('makes one row of a write that arrives twice', async () => {
  const id = await station.add(++person)
  rig.proxy.on(push, { kind: 'duplicate' })
  expect((await station.sync()).queued).toBe(0)
  expect(await here(id)).toMatchObject([{ version: 1 }])
  await station.edit(id, { jobPosition: '技术负责人' })
  rig.proxy.on(push, { kind: 'duplicate' })
  expect((await station.sync()).queued).toBe(0)
  expect(await here(id)).toMatchObject([{ version: 2 }])
})

it('does not take an edit for somebody else’s when only the reply to it was lost', async () => {
  const id = await station.add(++person)
  await station.sync()
  await station.edit(id, { jobPosition: '安全员' })
  rig.proxy.on(push, { kind: 'drop-reply' })
  expect((await station.sync()).phase).toBe('offline')
  await station.sync()
  expect(await station.row(id)).toMatchObject({ syncState: 'uploaded' })
  expect(await here(id)).toMatchObject([{ version: 2 }])
})

it.each([['as a page', captivePortal], ['compressed', compressedPortal]])('tells of a captive portal (%s) in its own words, at the pull and at a sign-in, and goes on by itself', async (_how, portal) => {
  rig.proxy.on('/v1/changes', portal)
  const { phase, problem: told } = await station.sync()
  expect({ phase, code: told?.code }).toEqual({ phase: 'offline', code: 'central-reply-invalid' })
  expect(new AppError('central-reply-invalid').sentence).toBe('网络返回的内容不是本系统的数据（可能需要先登录上网认证），稍后自动重试。')
  rig.proxy.on('/v1/password', portal)
  await expect(station.signIn()).rejects.toMatchObject({ code: 'central-reply-invalid' })
  expect((await station.sync()).phase).toBe('idle')
})
