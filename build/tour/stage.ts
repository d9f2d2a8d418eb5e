import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { demoUnits, type DemoUnit } from '../demo/units.ts'
import { prepareDemo, type Demo } from '../start/demo.ts'
import { findFreePort } from '../start/ports.ts'
import type { Running } from '../start/processes.ts'
import { startBrowserShell, startCentral } from '../start/programs.ts'
import type { Shutdown } from '../start/shutdown.ts'
import { hasDisplay } from '../start/window.ts'
import { openCentralOffice } from './central-office.ts'
import { startCuttableProxy } from './cuttable-proxy.ts'
import type { Tour, Workstation } from './tour-step.ts'

export interface StageOptions {
  /** Without a window even where there is a display. */
  readonly headless?: boolean
  /** Called with each workstation's browser context before its first page opens. */
  readonly prepare?: (context: BrowserContext) => Promise<void>
  /** An empty database for the central service; without one it uses SQLite. */
  readonly postgresUrl?: string
  /** Further arguments of each workstation. */
  readonly workstation?: readonly string[]
  /** As where 动画效果 of Windows is off: nobody waits for a dialog to arrive. */
  readonly still?: boolean
  /** What the webcam sees: an MJPEG file of 640x480, over and over; absent: there is none. */
  readonly camera?: string
}

/** A whole product of its own in an empty folder, with a network that can be cut, and a browser to play in. */
export async function setStage(data: string, shutdown: Shutdown, { headless = !hasDisplay, prepare, postgresUrl, workstation: more = [], still = false, camera }: StageOptions = {}): Promise<Tour> {
  let centralPort = 0
  const network = await startCuttableProxy(() => centralPort)
  shutdown.onStop(() => network.close())
  const demo = await prepareDemo(data, network.port, postgresUrl)
  // Only now: making the demo takes seconds, in which somebody else may take a port that was free.
  centralPort = await findFreePort()
  await startCentral(shutdown, demo, centralPort, data)
  const centralOffice = await openCentralOffice(demo)
  shutdown.onStop(() => centralOffice.close())
  const locks = {
    pull: (unit: DemoUnit['key']) => demo.locks.pull(lockOf(unit)),
    plug: (unit: DemoUnit['key']) => demo.locks.plug(lockOf(unit)),
  }
  for (const { key } of demoUnits) if (key !== 'contractor') locks.pull(key)

  const browser = await openBrowser(headless, camera)
  shutdown.onStop(() => browser.close())
  const motion = { reducedMotion: still ? 'reduce' : 'no-preference' } as const
  const anotherWorkstation = async (name: string) => openWorkstation(shutdown, await openContext(browser, prepare, motion), demo, data, name, more)
  const workstation = await anotherWorkstation('first')
  return {
    demo,
    get page() {
      return workstation.page
    },
    workstation,
    anotherWorkstation,
    anotherBrowser: async (options) => openContext(browser, prepare, { ...motion, ...options }),
    network,
    locks,
    centralOffice,
  }
}

function lockOf(unit: DemoUnit['key']): string {
  const found = demoUnits.find(({ key }) => key === unit)
  if (!found) throw new RangeError(`no such unit: ${unit}`)
  return found.lock.label
}

function openBrowser(headless: boolean, camera?: string): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless,
    // Slow enough to follow where somebody can see it.
    slowMo: headless ? 0 : 250,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ...(camera === undefined ? [] : ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${camera}`]),
    ],
    // We end it ourselves, after the programs behind the page.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

/** One for each workstation: cookies ignore ports. */
async function openContext(browser: Browser, prepare: StageOptions['prepare'], options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1280, height: 800 }, ...options })
  context.setDefaultTimeout(15_000)
  await prepare?.(context)
  return context
}

async function openWorkstation(shutdown: Shutdown, context: BrowserContext, demo: Demo, data: string, name: string, more: readonly string[]): Promise<Workstation> {
  let running: Running | undefined
  let page: Page | undefined
  const start = async () => {
    const { shell, url } = await startBrowserShell(shutdown, demo, data, name, more)
    running = shell
    await page?.close()
    page = await context.newPage()
    await page.goto(url)
  }
  await start()
  return {
    get page() {
      if (!page) throw new Error('no page is open')
      return page
    },
    kill: async () => {
      running?.kill()
      await running?.exited
    },
    start,
  }
}
