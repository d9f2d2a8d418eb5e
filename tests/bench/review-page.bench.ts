import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Page } from '@playwright/test'
import { demoPaths } from '../../build/demo/make-demo.ts'
import { demoPassword, demoUnits } from '../../build/demo/units.ts'
import { createShutdown, runUntilDone } from '../../build/start/shutdown.ts'
import { setStage } from '../../build/tour/stage.ts'
import { openStorage } from '../../central/storage.ts'
import { fillBindings } from './central/fill-bindings.ts'
import { against, alone, atMost, report } from './measure.ts'

// 项目人员登记绑定审核 in the real window where 10,000 people wait on each of two projects, opened in turn: from the reviewer's click on the count of a project until the first twenty
// rows are painted, against what of it is rendering (the time without the wait for the answer) and the bare query on the same file.
const people = 10_000
const rounds = 30
const data = mkdtempSync(join(tmpdir(), 'review-page-'))
const shutdown = createShutdown()

await runUntilDone(shutdown, async () => {
  shutdown.onStop(() => rmSync(data, { recursive: true, force: true }))
  const stage = await setStage(data, shutdown, { prepare: async (context) => void (await context.addInitScript(noteAnswers)) })
  const paths = demoPaths(stage.demo.folder)
  const projectIds = await fill(paths.centralDatabase, paths.personalKeys)
  const file = new Sqlite(paths.centralDatabase, { readonly: true })
  const query = file.prepare(`select b.id, b.version, b.person_type, o.name as unit, r.name, r.version as registration_version, b.submitted_at from binding b
    join organization o on o.id = b.organization_id join registration r on r.id = b.registration_id
    where b.project_id = ? and b.status = 'pending' order by b.submitted_at, b.id limit 21`)
  const count = file.prepare(`select count(*) from binding where project_id = ? and status = 'pending'`)

  await signIn(stage.page)
  const [ours, least, waits]: [number[], number[], number[]] = [[], [], []]
  for (let round = -5; round < rounds; round++) {
    const turn = Math.abs(round % 2)
    const { took, waited } = await openPeople(stage.page, turn)
    const began = performance.now()
    query.all(projectIds[turn])
    count.all(projectIds[turn])
    const queried = performance.now() - began
    if (round < 0) continue
    ours.push(took)
    waits.push(waited)
    least.push(took - waited + queried)
  }
  file.close()
  report([against('first-rows', ours, 'bare query and the render', least, { bound: atMost(1.5) }), alone('first-rows-p95', ours, { part: 0.95 }), alone('answer', waits)])
})

async function fill(path: string, keysFile: string): Promise<readonly string[]> {
  const { database, personal } = await openStorage({ location: { kind: 'sqlite', path }, keysFile })
  const [contractor, implementer] = [demoUnits.find(({ key }) => key === 'contractor'), demoUnits.find(({ key }) => key === 'implementer')]
  if (!contractor || !implementer) throw new Error('the demonstration has no such units')
  const { id: unitId } = await database.db.selectFrom('organization').select('id').where('credit_code', '=', contractor.creditCode).executeTakeFirstOrThrow()
  const { projectIds } = await fillBindings({ db: database.db, personal }, { implementerCode: implementer.creditCode, unitId, projects: 2, each: people, waiting: people })
  await database.close()
  return projectIds
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '用户名密码登录' }).click()
  await page.getByLabel('用户名', { exact: true }).fill('chenjing')
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('link', { name: '项目人员登记绑定审核' }).click()
}

/** From the list of projects to the people of one of them, and back. */
async function openPeople(page: Page, project: number): Promise<{ took: number; waited: number }> {
  const label = `2800000${project}X 实施单位待审核人员 ${people}人`
  await page.getByRole('link', { name: label }).waitFor()
  const taken = await page.evaluate((link) => window.timeOpening(link), label)
  await page.getByRole('button', { name: '返回' }).click()
  return taken
}

declare global {
  interface Window {
    timeOpening(label: string): Promise<{ took: number; waited: number }>
  }
}

/** Runs in the page, before anything of it: notes when questions go to the host and answers come, and stops at the frame with the rows. */
function noteAnswers(): void {
  let [asked, answered] = [0, 0]
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (this: WebSocket, ...given) {
    if (asked === 0) asked = performance.now()
    this.addEventListener('message', () => (answered = performance.now()), { once: true })
    send.apply(this, given)
  }
  window.timeOpening = (label) =>
    new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('no rows within 10 s')), 10_000)
      const link = [...document.querySelectorAll('a')].find((each) => each.getAttribute('aria-label') === label)
      const started = performance.now()
      asked = 0
      const observer = new MutationObserver(() => {
        if (document.querySelectorAll('section.people tbody tr').length < 20) return
        observer.disconnect()
        const waited = answered - asked
        requestAnimationFrame(() => setTimeout(() => resolve({ took: performance.now() - started, waited })))
      })
      observer.observe(document.body, { subtree: true, childList: true })
      link?.click()
    })
}
