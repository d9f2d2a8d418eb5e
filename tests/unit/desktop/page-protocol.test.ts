import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { declareScheme, servePage } from '../../../electron/desktop/protocol.ts'
import { dressPage } from '../../../electron/shell-common/dress-page.ts'
import { seen } from '../../support/fake-electron.ts'

const get = (url: string, init?: RequestInit) => seen.protocols.get('app')!(new Request(url, init))

beforeAll(() => {
  const top = mkdtempSync(join(tmpdir(), 'page-'))
  const root = join(top, 'renderer')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(top, 'secret.json'), '{}')
  writeFileSync(join(root, 'index.html'), '<!doctype html><html lang="zh-CN">')
  writeFileSync(join(root, 'assets', 'a.js'), 'export {}')
  writeFileSync(join(root, 'assets', 'a.js.map'), '{}')
  const attackModel = join(top, 'attack-model')
  mkdirSync(attackModel)
  for (const name of ['model.json', 'weights.bin', 'model.js', 'index.html']) writeFileSync(join(attackModel, name), '{}')
  declareScheme()
  servePage(root, attackModel, (html) => dressPage(html, { colours: 'dark', textSize: 'large' }))
})

describe('app://bundle', () => {
  it('is a secure standard scheme that the CSP holds for', () => {
    expect(seen.schemes.at(-1)).toMatchObject({ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } })
    expect(seen.schemes.at(-1)?.privileges).not.toHaveProperty('bypassCSP')
  })

  it('serves the page and its files with their types', async () => {
    const page = await get('app://bundle/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await get('app://bundle/assets/a.js')).headers.get('content-type')).toMatch(/^text\/javascript/)
  })

  it('serves the page itself, and no other file, with the display settings on its root', async () => {
    expect(await (await get('app://bundle/index.html')).text()).toContain('<html data-colours="dark" data-text-size="large" lang="zh-CN">')
    expect(await (await get('app://bundle/assets/a.js')).text()).toBe('export {}')
  })

  it('serves of the operator’s presentation-attack model what a model consists of, and nothing that could run', async () => {
    expect((await get('app://bundle/face/attack-model/model.json')).status).toBe(200)
    expect((await get('app://bundle/face/attack-model/weights.bin')).headers.get('content-type')).toBe('application/octet-stream')
    for (const path of ['model.js', 'index.html', '', '..%2fsecret.json', '%2e%2e/secret.json']) expect((await get(`app://bundle/face/attack-model/${path}`)).status, path).toBe(404)
  })

  it.each([
    'app://bundle/%2e%2e/secret.json',
    'app://bundle/..%2fsecret.json',
    'app://bundle/%2e%2e%5csecret.json',
    'app://bundle/index.html%00.js',
    'app://bundle/assets/a.js.map',
    'app://bundle/assets',
    'app://bundle/missing.js',
    'app://bundle/%zz.js',
    'app://other/index.html',
  ])('has nothing at %s', async (url) => {
    expect((await get(url)).status).toBe(404)
  })

  it('answers reading only', async () => {
    expect((await get('app://bundle/index.html', { method: 'POST' })).status).toBe(404)
  })

  it.each(['app://bundle/index.html', 'app://bundle/missing.js'])('sends the strict headers with %s', async (url) => {
    const { headers } = await get(url)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval'(;|$)/)
    expect(policy).toMatch(/style-src 'self'(;|$)/)
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/)
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})
