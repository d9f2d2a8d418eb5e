import { join } from 'node:path'
import { chromium, type Browser, type CDPSession } from '@playwright/test'
import { build, type Plugin } from 'vite'
import { startLoopbackServer, type LoopbackServer } from '../../electron/browser/loopback-server.ts'
import { appGroup } from '../../shared/contract/app.contract.ts'
import { caKeyGroup, type CaKeyState } from '../../shared/contract/ca-key.contract.ts'
import { sessionGroup } from '../../shared/contract/session.contract.ts'
import { createDispatcher } from '../../shared/wire/dispatcher.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { against, alone, atMost, benchDirectory, report } from './measure.ts'

// What a clerk waits for first: the sign-in page in Chromium with an empty cache, until the PIN can be typed, against the same page
// whose program takes in all of Element Plus. Both are built here by the same build and served by the browser shell's page server,
// which compresses nothing; the host behind them answers at once.
const rounds = 25
const warmUp = 2
using directory = benchDirectory()

const allOfElementPlus: Plugin = {
  name: 'all-of-element-plus',
  enforce: 'pre',
  transform: (code, id) => {
    if (!id.endsWith('renderer/main.ts')) return
    const used = code.replace('const app = createApp(App)\n', 'const app = createApp(App)\napp.use(ElementPlus)\n')
    if (used === code) throw new Error('main.ts does not make its app as it did')
    return `import ElementPlus from 'element-plus'\nimport 'element-plus/dist/index.css'\n${used}`
  },
}

async function buildPage(name: string, plugins: Plugin[]): Promise<string> {
  const outDir = join(directory.path, name)
  await build({ plugins, logLevel: 'error', environments: { client: { build: { outDir } } } })
  return outDir
}

const lock: CaKeyState = {
  phase: 'ready',
  driver: { name: '测量用驱动', path: '/driver' },
  chosenDriver: null,
  problem: null,
  certificates: [
    {
      certificateId: 'bench/01', tokenLabel: 'bench', tokenSerial: 'bench', company: '上海示例建设工程有限公司', issuer: '示例CA', notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2099-01-01T00:00:00Z', problem: null, pin: { minLength: 4, maxLength: 16, low: false, finalTry: false, locked: false },
    },
  ],
}

/** The three calls that this page makes; any other would be no part of it. */
function answer(transport: Transport): void {
  const only = <Name extends string>(group: { methods: Readonly<Record<Name, unknown>>; events: unknown }, name: Name) => ({ methods: { [name]: group.methods[name] }, events: group.events })
  const contract = { app: only(appGroup, 'info'), session: only(sessionGroup, 'state'), caKey: only(caKeyGroup, 'state') } as never
  const services = {
    app: { info: () => ({ shell: 'browser', version: '0', secretBackend: 'keyfile', centralUrl: 'https://localhost' }) },
    session: { state: () => ({ phase: 'signed-out', lastUsername: null }) },
    caKey: { state: () => lock },
  }
  createDispatcher(contract, services as never, (error) => console.error(error)).attach(transport)
}

interface Visit {
  readonly bytes: number
  readonly script: number
  readonly usable: number
}

/** Runs in the page before anything else of it. */
function noticeUsable(): void {
  new MutationObserver((_, observer) => {
    if (!document.getElementById('pin')) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => performance.mark('usable')))
  }).observe(document, { subtree: true, childList: true })
}

async function visit(browser: Browser, pageRoot: string): Promise<Visit> {
  // A launch address is good for one visit.
  const server: LoopbackServer = await startLoopbackServer({ pageRoot, port: 0, onConnection: answer })
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const cdp = await context.newCDPSession(page)
    const bytes = countBytes(cdp)
    await cdp.send('Network.enable')
    // The processor time of the page's main thread, whatever else the machine does.
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.addInitScript(noticeUsable)
    await page.goto(server.launchUrl)
    const usable = await page.waitForFunction(() => performance.getEntriesByName('usable')[0]?.startTime)
    const { metrics } = await cdp.send('Performance.getMetrics')
    const seconds = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN
    return { bytes: bytes(), script: (seconds('ScriptDuration') + seconds('V8CompileDuration')) * 1_000, usable: (await usable.jsonValue()) ?? NaN }
  } finally {
    await context.close()
    await server.close()
  }
}

/** Headers and bodies of scripts and styles, as they came over the line. */
function countBytes(cdp: CDPSession): () => number {
  const counted = new Set<string>()
  let bytes = 0
  cdp.on('Network.responseReceived', ({ requestId, type }) => void (['Script', 'Stylesheet'].includes(type) && counted.add(requestId)))
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (counted.has(requestId)) bytes += encodedDataLength
  })
  return () => bytes
}

const pages = { ours: await buildPage('ours', []), all: await buildPage('all', [allOfElementPlus]) }
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const visits = { ours: [] as Visit[], all: [] as Visit[] }
for (let round = 0; round < warmUp + rounds; round++) {
  for (const name of round % 2 === 0 ? (['ours', 'all'] as const) : (['all', 'ours'] as const)) {
    const seen = await visit(browser, pages[name])
    if (round >= warmUp) visits[name].push(seen)
  }
}
await browser.close()
const of = (name: keyof typeof visits, what: keyof Visit, scale = 1) => visits[name].map((seen) => seen[what] / scale)
report([
  against('bytes', of('ours', 'bytes', 1_000), 'all of Element Plus', of('all', 'bytes', 1_000), { bound: atMost(0.35), unit: 'kB' }),
  against('script', of('ours', 'script'), 'all of Element Plus', of('all', 'script'), { bound: atMost(0.3) }),
  against('usable', of('ours', 'usable'), 'all of Element Plus', of('all', 'usable')),
  alone('usable-p95', of('ours', 'usable'), { part: 0.95 }),
])
