import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from '@playwright/test'
import { build } from 'vite'
import { demoPassword } from '../../build/demo/units.ts'
import { createShutdown, runUntilDone } from '../../build/start/shutdown.ts'
import { setStage } from '../../build/tour/stage.ts'
import { columnNames, personTables, tableNames } from '../../shared/domain/person-tables.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { personValues } from '../support/people.ts'
import { against, alone, atMost, report, Timed, type Figure } from './measure.ts'

// 人员基本信息 in the real window, with two rows in every sub-table, photos and attachments: from 编辑 until its first field
// can be typed into and is painted, what was read from the encrypted file included. Against the same fields and rows by the book
// (tests/bench/manager-form), which have their values already. Then what a key costs, and what a whole check costs.
const rowsEach = 2
const rounds = 24
const warmUp = 4
/** Two frames of a 60 Hz screen, in ms. */
const twoFrames = 33.4
const data = mkdtempSync(join(tmpdir(), 'manager-form-'))
const shutdown = createShutdown()

await runUntilDone(shutdown, async () => {
  shutdown.onStop(() => rmSync(data, { recursive: true, force: true }))
  const { page } = await setStage(data, shutdown)
  await signIn(page)
  const name = await fillTables(page)
  const naive = await openNaive(page.context())
  report([...(await opening(page, naive, name)), ...(await keys(page, name)), await checks(naive)])
})

async function signIn(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '用户名密码登录' }).click()
  await page.getByLabel('用户名', { exact: true }).fill('zhangmin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('button', { name: /^编辑/ }).first().waitFor()
}

/** @returns the accessible name of the button that opens the person */
async function fillTables(page: Page): Promise<string> {
  const button = page.getByRole('button', { name: /^编辑/ }).first()
  const name = (await button.getAttribute('aria-label')) ?? ''
  await button.click()
  for (const table of tableNames) {
    const section = page.getByRole('region', { name: new RegExp(`^${personTables[table].label}`) })
    for (let row = 0; row < rowsEach; row++) {
      await section.getByRole('button', { name: '新增' }).click()
      await section.getByRole('row', { name: `第${row + 1}行` }).locator('input:not([role])').first().fill('甲')
    }
  }
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await page.locator('.manager-form footer').getByRole('status').filter({ hasText: /^已保存/ }).waitFor()
  await back(page)
  return name
}

async function back(page: Page): Promise<void> {
  await page.getByRole('button', { name: '返回', exact: true }).click()
  await page.getByRole('heading', { name: '管理人员登记' }).waitFor()
}

async function openNaive(context: BrowserContext): Promise<Page> {
  const outDir = join(data, 'naive')
  await build({ configFile: false, root: fileURLToPath(new URL('manager-form', import.meta.url)), base: './', logLevel: 'error', build: { outDir, target: 'chrome140' } })
  copyFileSync('resources/regions/regions.json', join(outDir, 'regions.json'))
  const page = await context.newPage()
  await page.route('http://by-the-book.test/**', (route) => route.fulfill({ path: join(outDir, new URL(route.request().url()).pathname) }))
  await page.goto('http://by-the-book.test/index.html')
  await page.waitForFunction(() => 'openForm' in window)
  return page
}

function filled(): PersonValues {
  const tables = tableNames.map((table) => {
    const row = (id: string) => ({ id, ...Object.fromEntries(columnNames(table).map((column) => [column, ''])) })
    return [table, Array.from({ length: rowsEach }, (_, index) => row(String(index)))] as const
  })
  return personValues(1, Object.fromEntries(tables))
}

async function opening(page: Page, naive: Page, name: string): Promise<Figure[]> {
  const ours: number[] = []
  const theirs: number[] = []
  const openOurs = async () => {
    await page.bringToFront()
    ours.push(await page.evaluate(openAndTime, name))
    await back(page)
  }
  const openTheirs = async () => {
    await naive.bringToFront()
    theirs.push(await naive.evaluate((values) => window.openForm(values), filled()))
    await naive.evaluate(() => window.closeForm())
  }
  for (let round = 0; round < warmUp + rounds; round++) for (const next of round % 2 === 0 ? [openOurs, openTheirs] : [openTheirs, openOurs]) await next()
  return [against('usable', ours.slice(warmUp), 'the same fields by the book', theirs.slice(warmUp), { bound: atMost(0.4) })]
}

/** Runs in the page. Stops once the first field that can be typed into is there and painted. */
function openAndTime(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the form did not open within 10 s')), 10_000)
    const started = performance.now()
    const observer = new MutationObserver(() => {
      if (!document.querySelector('.basic-information input:enabled')) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)))
    })
    observer.observe(document.body, { subtree: true, childList: true })
    document.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`)?.click()
  })
}

declare global {
  interface Window {
    keyTimes: number[]
  }
}

/** From the key until what it typed is painted, with everything that follows from it: checks, marks, the draft. */
async function keys(page: Page, name: string): Promise<Figure[]> {
  await page.bringToFront()
  await page.getByRole('button', { name, exact: true }).click()
  await page.evaluate(() => {
    window.keyTimes = []
    let pressed = 0
    window.addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), true)
    window.addEventListener('input', () => requestAnimationFrame(() => setTimeout(() => window.keyTimes.push(performance.now() - pressed))))
  })
  const field = await typed(page, page.locator('.basic-information').getByLabel('现居住地详细地址', { exact: true }))
  const cell = await typed(page, page.getByRole('region', { name: /^获奖情况/ }).locator('tbody input[type="text"]').first())
  return [
    alone('key-in-field-p95', field.times, { part: 0.95, bound: atMost(twoFrames, 'ms') }),
    alone('key-in-cell-p95', cell.times, { part: 0.95, bound: atMost(twoFrames, 'ms') }),
  ]
}

async function typed(page: Page, field: ReturnType<Page['locator']>): Promise<Timed> {
  await field.focus()
  await page.evaluate(() => (window.keyTimes = []))
  for (let key = 0; key < 80; key++) await page.keyboard.press('a', { delay: 20 })
  await page.waitForFunction(() => window.keyTimes.length >= 80)
  return new Timed((await page.evaluate(() => window.keyTimes)).slice(8))
}

/** Everything, rows and all, in the browser that the form runs in. */
async function checks(naive: Page): Promise<Figure> {
  const times = await naive.evaluate((values) => Array.from({ length: 200 }, () => window.validate(values, '2026-11-30')), filled())
  // The very first is what a clerk meets: it is not warmed up.
  return alone('check-all-slowest', [Math.max(...times)], { bound: atMost(15, 'ms') })
}
