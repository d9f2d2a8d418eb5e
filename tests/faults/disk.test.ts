import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missingSaves, nobody, startAskedHost, type AskedHost, type AskedHostOptions, type Told } from '../support/asked-host.ts'
import { makeFullDisk, type FullDisk } from '../support/full-disk.ts'
import { temporaryDirectory, unitKey } from '../support/local-unit.ts'

// A real host in a process of its own, on a real file, while the machine around it fails.
let directory: ReturnType<typeof temporaryDirectory>
let path: string
let data: string
let disk: FullDisk
const running: AskedHost[] = []
beforeEach(() => {
  directory = temporaryDirectory()
  data = join(directory.path, 'data')
  mkdirSync(data)
  path = join(data, 'unit.db')
  disk = makeFullDisk(data, directory.path)
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.kill()
  directory.remove()
})

async function start(options: AskedHostOptions = {}): Promise<AskedHost> {
  const host = await startAskedHost(data, options)
  running.push(host)
  return host
}

describe.each(['full', 'quota'] as const)('a disk that has no room (%s)', (how) => {
  const refusal = { code: 'local-full', sentence: '本机磁盘空间不足，内容暂未保存。请清理磁盘后重试，不要关闭窗口。' }

  it('is told at each save, takes nothing that was acknowledged, and lets the same save through once there is room', async () => {
    const host = await start({ env: disk.env })
    expect(host.opened).toEqual({ opened: true })
    const saved: Told[] = []
    for (let person = 0; person < 5; person++) saved.push(await host.save(person))
    disk.fill(how)
    for (let person = 5; person < 15; person++) expect(await host.save(person)).toEqual({ refused: person, ...refusal })
    disk.free()
    for (let person = 5; person < 15; person++) saved.push(await host.save(person))
    expect(saved.map((each) => each.saved)).toEqual(Array.from({ length: 15 }, (_, person) => person))
    await host.kill()
    expect(await missingSaves(data, saved)).toEqual([])
  })

  it('is told where the file is to be opened, which stays as it is and opens once there is room', async () => {
    const first = await start()
    const saved = [await first.save(1)]
    await first.end()
    const before = readFileSync(path)
    disk.fill(how)
    expect((await start({ env: disk.env })).opened).toEqual({ opened: false, ...refusal })
    expect(readFileSync(path).equals(before)).toBe(true)
    disk.free()
    expect((await start({ env: disk.env })).opened).toEqual({ opened: true })
    expect(await missingSaves(data, saved)).toEqual([])
  })
})

it('a backup that the disk has no room for leaves nothing of itself behind, takes none of the earlier ones with it, and is made once there is room', async () => {
  const host = await start({ env: disk.env })
  const saved = [await host.save(1)]
  expect(await host.backUp()).toEqual({ backedUp: true })
  saved.push(await host.save(2))
  const backups = () => readdirSync(join(data, 'backups')).filter((name) => !name.endsWith('.json'))
  const [earlier] = backups()
  disk.fill()
  expect(await host.backUp()).toMatchObject({ backedUp: false, code: expect.stringMatching(/ENOSPC|local-full/) })
  expect(backups()).toEqual([earlier])
  disk.free()
  expect(await host.backUp()).toEqual({ backedUp: true })
  expect(backups()).toHaveLength(2)
  saved.push(await host.save(3))
  await host.kill()
  expect(await missingSaves(data, saved)).toEqual([])
})

describe('a file that cannot be written', () => {
  const refusal = { code: 'local-read-only', sentence: '本机数据文件不能写入，内容暂未保存。请联系管理员，不要关闭窗口。' }
  const readOnly = { opened: false, ...refusal }

  it.each([
    ['nor its folder', 0o444, 0o555, readOnly],
    ['for the folder is read-only, and no journal can be made', 0o666, 0o555, readOnly],
    // What is in it can be looked at.
    ['itself, though the folder can', 0o444, 0o777, { opened: true }],
  ])('%s: is told, stays as it is, and works once it can be written', async (_what, ofFile, ofFolder, opened) => {
    const first = await start()
    const saved = [await first.save(1)]
    await first.end()
    const before = readFileSync(path)
    chmodSync(directory.path, 0o755)
    chmodSync(path, ofFile)
    chmodSync(data, ofFolder)
    const second = await start({ uid: nobody })
    expect(second.opened).toEqual(opened)
    if (opened.opened) expect(await second.save(2)).toEqual({ refused: 2, ...refusal })
    await second.end()
    // SQLite gave the journal the mode of the file.
    for (const name of readdirSync(data)) chmodSync(join(data, name), 0o666)
    chmodSync(data, 0o777)
    expect(readFileSync(path).equals(before)).toBe(true)
    const third = await start({ uid: nobody })
    saved.push(await third.save(2))
    await third.end()
    expect(saved.map((each) => each.saved)).toEqual([1, 2])
    expect(await missingSaves(data, saved)).toEqual([])
  })
})

it('a file that another program holds is told, at work and at opening, and work goes on once it lets go', async () => {
  const busy = { code: 'local-busy', sentence: '本机数据正被另一程序占用，请稍后重试。' }
  const host = await start()
  const saved = [await host.save(1)]
  const other = new Database(path)
  other.pragma("cipher='sqlcipher'")
  other.pragma('legacy=4')
  other.pragma(`key="x'${unitKey.toString('hex')}'"`)
  other.exec('begin exclusive')
  expect(await host.save(2)).toEqual({ refused: 2, ...busy })
  expect((await start()).opened).toEqual({ opened: false, ...busy })
  other.exec('rollback')
  saved.push(await host.save(2))
  other.close()
  await host.kill()
  expect(saved.map((each) => each.saved)).toEqual([1, 2])
  expect(await missingSaves(data, saved)).toEqual([])
}, 20_000)
