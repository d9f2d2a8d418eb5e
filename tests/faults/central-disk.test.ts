import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStorage } from '../../central/storage.ts'
import type { CentralClient } from '../../electron/host/central/central-client.ts'
import { centralApi } from '../../shared/api/index.ts'
import type { PushOperation } from '../../shared/api/resources.ts'
import { nobody } from '../support/asked-host.ts'
import { compiledLibrary } from '../support/compiled.ts'
import { makeFullDisk } from '../support/full-disk.ts'
import { failureOf } from '../support/key-service-rig.ts'
import { makeKillableCentral, type KillableCentral } from '../support/killable-central.ts'
import { personValues } from '../support/people.ts'

// The service's own program on SQLite, while the disk under it fails.
let central: KillableCentral
let client: CentralClient
let username: string
let person = 0
beforeEach(async () => {
  central = await makeKillableCentral()
  ;({ username } = await central.addUnit())
})
afterEach(() => central.close())

const create = (): Extract<PushOperation, { kind: 'create' }> => ({ kind: 'create', opId: randomUUID(), registration: { id: randomUUID(), personType: 'manager', values: personValues(++person) } })
const outcomes = async (operations: PushOperation[]) => (await client.push(operations)).results.map(({ outcome }) => outcome)
const rows = async () => (await central.db.selectFrom('registration').select('id').execute()).map(({ id }) => id).sort()
const counts = async () => {
  const count = async (table: 'registration' | 'person' | 'applied_write' | 'audit_event') => (await central.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
  return [await count('registration'), await count('person'), await count('applied_write'), await count('audit_event')]
}

describe.each(['full', 'quota'] as const)('a disk that has no room (%s)', (how) => {
  it('makes writes wait with a problem of the contract and reads go on; nothing is half there, and the same writes go through once there is room', async () => {
    const disk = makeFullDisk(central.data, central.folder)
    await central.start({ env: disk.env })
    client = await central.client(username)
    const before = create()
    expect(await outcomes([before])).toEqual(['applied'])
    const standing = await counts()
    disk.fill(how)
    const waiting = Array.from({ length: 20 }, create)
    const told = async (operation: PushOperation) => {
      const { code, details } = await failureOf(client.push([operation]))
      return { code, details }
    }
    const busy = { code: 'central-busy', details: {} }
    for (const operation of waiting.slice(0, 5)) expect(await told(operation), 'as foreseen, and no fault of the program').toEqual(busy)
    expect(await Promise.all(waiting.map(told)), 'also where many come at once').toEqual(waiting.map(() => busy))
    const reply = await fetch(`${central.url}${centralApi.signInWithPassword.path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password: 'x'.repeat(12), deviceId: `device-${randomUUID()}` }),
    })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([503, 'application/problem+json; charset=utf-8'])
    expect(await reply.json()).toMatchObject({ code: 'central-busy', retriable: true })
    expect((await client.pull({ after: 0, epoch: null, limit: 100 })).items.map(({ kind }) => kind)).toEqual(['organization', 'registration'])
    expect(await counts()).toEqual(standing)
    disk.free()
    expect(await outcomes(waiting)).toEqual(waiting.map(() => 'applied'))
    expect(await outcomes([before])).toEqual(['applied'])
    expect(await rows()).toEqual([before, ...waiting].map(({ registration }) => registration.id).sort())
  })
})

it('a power cut leaves every write that was answered', async () => {
  await central.start()
  client = await central.client(username)
  await central.kill()
  const next = join(central.folder, 'after-the-cut')
  cpSync(central.data, next, { recursive: true })
  await central.start({ env: { LD_PRELOAD: compiledLibrary('tests/support/power-cut/power-cut.cpp'), POWER_CUT_FROM: central.data, POWER_CUT_TO: next } })
  const answered: string[] = []
  const until = Date.now() + 1_000
  while (Date.now() < until || answered.length < 20) {
    const operation = create()
    if ((await outcomes([operation]))[0] === 'applied') answered.push(operation.registration.id)
  }
  await central.kill()
  const { database } = await openStorage({ location: { kind: 'sqlite', path: join(next, 'central.db') }, keysFile: join(next, 'personal-keys.json') })
  const found = await database.db.selectFrom('registration').select('id').execute()
  await database.close()
  const there = new Set(found.map(({ id }) => id))
  expect(answered.filter((id) => !there.has(id))).toEqual([])
})

describe('a data folder that cannot be written', () => {
  const uid = Number(nobody)
  const become = process.getuid?.() === 0 ? { uid } : {}
  function own(ofFolder: number, ofFiles: number): void {
    chmodSync(central.folder, 0o755)
    for (const path of [central.data, ...readdirSync(central.data).map((name) => join(central.data, name))]) {
      if (process.getuid?.() === 0) chownSync(path, uid, uid)
      chmodSync(path, path === central.data ? ofFolder : ofFiles)
    }
  }

  it('is told at the start in one line', async () => {
    await central.db.destroy()
    own(0o500, 0o400)
    await expect(central.start(become)).rejects.toThrow(/^没有权限读写数据文件夹或使用该端口，请检查CENTRAL_DATA与CENTRAL_PORT。$/)
    own(0o700, 0o600)
    await central.start(become)
  })
})
