import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { inTransaction } from '../../central/database/transaction.ts'
import { settleSelfRegistration } from '../../central/modules/self-registrations/settle.service.ts'
import { startCuttableProxy, type CuttableProxy } from '../../build/tour/cuttable-proxy.ts'
import { startCentral, type Central, type Clerk, type Unit } from '../support/central-service.ts'
import { putUpPoster, textsOf } from '../support/self-registrations.ts'
import { createPageWatch } from './support/page-watch.ts'

const built = 'out/worker-page'
const person = textsOf(41)

let folder: string
let central: Central
let clerk: Clerk & { unit: Unit }
let network: CuttableProxy
let address: string
const watched = createPageWatch()

test.beforeAll(async () => {
  if (!existsSync(`${built}/index.html`)) throw new Error('The programs are not built. Run: npm run build')
  folder = mkdtempSync(join(tmpdir(), 'worker-page-'))
  central = await startCentral({ kind: 'sqlite', path: join(folder, 'central.db') }, { workerPage: built })
  await central.app.listen({ host: '127.0.0.1', port: 0 })
  network = await startCuttableProxy(() => (central.app.server.address() as AddressInfo).port)
  clerk = await central.newClerk('上海某某修缮工程有限公司')
  const { code } = await putUpPoster(central, clerk)
  address = `http://127.0.0.1:${network.port}/W/${code}`
})

test.afterAll(async () => {
  await network?.close()
  await central?.close()
  if (folder) rmSync(folder, { recursive: true })
})

/** A phone whose engine has no more than Chromium 69 had, as far as methods go. */
async function openPhone(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 })
  await watched.watch(context)
  await context.addInitScript(() => {
    const missing: [object, string[]][] = [
      [Object, ['fromEntries', 'hasOwn', 'groupBy']],
      [Array.prototype, ['at', 'flatMap', 'flat', 'toReversed', 'toSorted', 'findLast', 'with']],
      [String.prototype, ['at', 'replaceAll', 'matchAll', 'isWellFormed', 'toWellFormed']],
      [Promise, ['allSettled', 'any', 'withResolvers']],
      [crypto, ['randomUUID']],
      [Map, ['groupBy']],
      [window, ['structuredClone', 'requestIdleCallback']],
    ]
    for (const [target, names] of missing) for (const name of names) Reflect.deleteProperty(target, name)
  })
  const page = await context.newPage()
  await page.goto(address)
  return page
}

/** A picture of more pixels than are sent. */
async function picture(page: Page, words: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const data = await page.evaluate((text) => {
    const canvas = document.createElement('canvas')
    ;[canvas.width, canvas.height] = [2_400, 1_500]
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.fillStyle = '#bcd'
    context.fillRect(0, 0, 2_400, 1_500)
    context.fillStyle = '#123'
    context.font = '200px sans-serif'
    context.fillText(text, 200, 700)
    return canvas.toDataURL('image/png').split(',')[1] ?? ''
  }, words)
  return { name: `${words}.png`, mimeType: 'image/png', buffer: Buffer.from(data, 'base64') }
}

async function choosePlace(page: Page, label: string): Promise<void> {
  for (const [level, name] of [['省、直辖市', '江苏省'], ['市、区', '南京市'], ['区、县', '玄武区']] as const) await page.getByLabel(`${label}（${level}）`).selectOption({ label: name })
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('姓名').fill(person.name)
  const number = page.getByRole('textbox', { name: '身份证号码' })
  await number.fill(`${person.idCardNo.slice(0, 17)}A`)
  await expect(page.locator('#field-idCardNo').getByRole('alert')).toHaveText('身份证号码只能是数字，最后一位可以是X，请核对。')
  await number.fill(person.idCardNo)
  await expect(page.getByLabel('由身份证号码得出')).toContainText(person.birthDate)
  await page.getByLabel('民族').selectOption(person.ethnicity)
  await choosePlace(page, '籍贯')
  await page.getByLabel('手机号').fill(person.mobile)
  await choosePlace(page, '现居住地址')
  await page.getByLabel('详细地址').fill(person.residenceDetail)
  await page.getByLabel('工种').selectOption(person.workType)
  await page.getByLabel('户口类型').selectOption(person.hukouType)
  await page.getByRole('button', { name: '与籍贯相同' }).click()
  await page.getByLabel('拍身份证照片').setInputFiles(await picture(page, '身份证'))
  await page.getByLabel('从相册选正面照').setInputFiles(await picture(page, '正面照'))
  await expect(page.getByRole('img', { name: '正面照' })).toBeVisible()
}

/** What the phone's stores hold, all of it. */
const keptOn = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('worker-page')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error ?? new Error('store'))
    })
    const photos = await new Promise<number>((resolve) => {
      const counting = database.transaction('photos').objectStore('photos').count()
      counting.onsuccess = () => resolve(counting.result)
    })
    database.close()
    return { texts: JSON.stringify({ ...localStorage, ...sessionStorage }), photos }
  })

test('a worker fills in the form, loses the line in the middle, comes back to it, and sends it once', async ({ browser }) => {
  const page = await openPhone(browser)
  await expect(page.getByLabel('项目')).toContainText('上海某某修缮工程有限公司')
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByRole('heading', { name: '还有13处需要填写或改正' })).toBeVisible()
  await fillIn(page)
  await expect(page.getByRole('checkbox')).not.toBeChecked()
  await page.getByRole('checkbox').check()

  // The form and one photo arrive; the line goes with the second.
  page.on('request', (request) => void (request.url().endsWith('/photos/portrait') && network.cut()))
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByRole('heading', { name: '网络断开了' })).toBeVisible()
  page.removeAllListeners('request')
  expect(await keptOn(page)).toMatchObject({ photos: 2 })
  network.restore()
  watched.takeProblems()

  await page.reload()
  await expect(page.getByText('上次填写的内容已恢复，请继续填写并提交。')).toBeVisible()
  await expect(page.getByRole('textbox', { name: '身份证号码' })).toHaveValue(person.idCardNo)
  await expect(page.getByLabel('户口所在地（区、县）')).toHaveValue('320102')
  await expect(page.getByRole('img', { name: '身份证照片' })).toBeVisible()
  await page.getByRole('button', { name: '提交' }).click()
  await expect(page.getByText('提交成功。填写的内容已从本机删除。')).toBeVisible()
  await expect(page.getByText('待核对')).toBeVisible()

  const rows = await central.db.selectFrom('self_registration').select(['id', 'state', 'notice_version']).execute()
  expect(rows).toMatchObject([{ state: 'waiting' }])
  const sizes = await central.db.selectFrom('self_registration_photo as p').innerJoin('attachment_content as c', 'c.id', 'p.content_id').select(['c.size', 'c.media_type']).execute()
  expect(sizes.map(({ media_type }) => media_type)).toEqual(['image/jpeg', 'image/jpeg'])
  const { texts, photos } = await keptOn(page)
  expect(photos).toBe(0)
  for (const secret of [person.name, person.idCardNo, person.mobile, person.residenceDetail]) expect(texts).not.toContain(secret)

  // Another phone with the same poster sees an empty form and nothing of it.
  const stranger = await openPhone(browser)
  await expect(stranger.getByLabel('姓名')).toHaveValue('')
  await expect(stranger.getByText('待核对')).toBeHidden()

  const who = { accountId: clerk.unit.accountId, organizationId: clerk.unit.id, deviceId: clerk.deviceId }
  await inTransaction(central.db, (trx) => settleSelfRegistration(central.context, trx, who, rows[0]?.id ?? '', { decision: 'returned', reason: '身份证照片不清楚' }))
  await page.getByRole('button', { name: '查询最新状态' }).click()
  await expect(page.getByText('退回原因：身份证照片不清楚')).toBeVisible()
  await page.getByRole('button', { name: '修改后重新提交' }).click()
  await expect(page.getByLabel('姓名')).toHaveValue(person.name)
  expect(watched.takeProblems()).toEqual([])
})

test('the page is small, and written for engines that are old', () => {
  const files = [`${built}/index.html`, ...globSync(`${built}/assets/page-*`)]
  expect(files.length).toBeGreaterThanOrEqual(3)
  const kilobytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1_024
  expect(kilobytes).toBeLessThan(100)
  const scripts = globSync(`${built}/assets/*.js`).map((file) => readFileSync(file, 'utf8')).join('\n')
  // Optional chaining and ?? are of Chromium 80, private fields of 74, look-behind of Safari 16.4.
  for (const young of [/\?\.[a-z_$[(]/i, /\?\?/, /\(\?<[=!]/, /\bthis\.#/]) expect(young.exec(scripts)?.[0]).toBeUndefined()
})
