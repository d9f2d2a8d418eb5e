import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { demoPassword } from '../../build/demo/units.ts'
import { createShutdown, runUntilDone } from '../../build/start/shutdown.ts'
import { setStage } from '../../build/tour/stage.ts'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { openUnitKey, unitPaths } from '../../electron/host/database/unit-keys.ts'
import { fillWithPeople } from '../support/local-unit.ts'
import { against, alone, atMost, report, type Figure } from './measure.ts'

// The list in the real window with 100,000 people: from the clerk's click or key until the new rows are painted, against
// a change that asks the host nothing (another text in one cell of the same table).
const people = 100_000
const data = mkdtempSync(join(tmpdir(), 'register-page-'))
const shutdown = createShutdown()

await runUntilDone(shutdown, async () => {
  shutdown.onStop(() => rmSync(data, { recursive: true, force: true }))
  const stage = await setStage(data, shutdown)
  await signIn(stage.page)
  await stage.page.getByText('共有 30 条数据').waitFor()
  stage.network.cut()
  await stage.workstation.kill()
  await fill()
  await stage.workstation.start()
  // Offline: what the last sign-in left here opens it.
  await signIn(stage.page)
  await stage.page.getByText('共有 100030 条数据').waitFor()
  report(await measure(stage.page))
})

async function signIn(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '用户名密码登录' }).click()
  await page.getByLabel('用户名', { exact: true }).fill('zhangmin')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

async function fill(): Promise<void> {
  const folder = join(data, 'workstation', 'first')
  const [unit] = readdirSync(join(folder, 'units')).filter((name) => name.endsWith('.db'))
  if (!unit) throw new Error('no unit file')
  const paths = unitPaths(folder, unit.slice(0, -'.db'.length))
  const local = await openLocalDatabase(paths.database, await openUnitKey(paths, await openKeyFileSecrets(folder), null))
  fillWithPeople(local, people)
  await local.close()
}

async function measure(page: Page): Promise<Figure[]> {
  await page.evaluate(installStopwatch)
  const floor = await times(page, 40, () => ({ kind: 'cell' }))
  const turns = await times(page, 40, () => ({ kind: 'button', name: '下一页' }))
  // Each finds others than the one before it.
  const queries = ['w', 'zhao', '王', 'sw', '13800001', '钱', 'yuchi', '3101041960', '李伟', 'cf']
  const searches = await times(page, 40, (round) => ({ kind: 'query', text: queries[round % queries.length] ?? '' }))
  return [...figures('page-change', turns, floor), ...figures('search-as-typed', searches, floor)]
}

function figures(what: string, ours: number[], floor: number[]): Figure[] {
  return [
    against(what, ours, 'one repaint', floor, { bound: atMost(12) }),
    alone(`${what}-p95`, ours, { bound: atMost(100, 'ms'), part: 0.95 }),
  ]
}

type Action = { kind: 'cell' } | { kind: 'button'; name: string } | { kind: 'query'; text: string }

async function times(page: Page, rounds: number, action: (round: number) => Action): Promise<number[]> {
  const taken: number[] = []
  for (let round = 0; round < rounds; round++) taken.push(await page.evaluate((next) => window.stopwatch(next), action(round)))
  return taken.slice(4)
}

declare global {
  interface Window {
    stopwatch(action: Action): Promise<number>
  }
}

/** Runs in the page. Stops at the first frame after the table or the count beside it has changed. */
function installStopwatch(): void {
  window.stopwatch = (action) =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`nothing changed within 5 s: ${JSON.stringify(action)}`)), 5_000)
      const register = document.querySelector('.register')
      if (!register) throw new Error('the list is not shown')
      const started = performance.now()
      const observer = new MutationObserver(() => {
        observer.disconnect()
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)))
      })
      observer.observe(register, { subtree: true, childList: true, characterData: true })
      if (action.kind === 'cell') {
        const cell = register.querySelector('tbody td.number')
        if (cell?.firstChild) cell.firstChild.nodeValue = `${cell.textContent ?? ''} `
      } else if (action.kind === 'button') {
        const button = [...register.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === action.name)
        button?.click()
      } else {
        const input = register.querySelector<HTMLInputElement>('#query')
        if (!input) throw new Error('no search field')
        input.value = action.text
        input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }
    })
}
