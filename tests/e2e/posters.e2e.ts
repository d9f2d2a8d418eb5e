import { readFileSync } from 'node:fs'
import { readPrinted } from '../support/printed-pages.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible } from './support/accessible.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(async ({ page }) => {
  await signInPage(page).givePassword('zhangmin')
  await page.getByRole('link', { name: '项目人员绑定' }).click()
})

test('posters of several projects are previewed, printed and saved as one document, and a code is changed for another', async () => {
  const { page } = stage()
  for (const number of ['2602XH0014', '2602XH0015']) await page.getByRole('checkbox', { name: `选择 ${number}` }).check()
  await page.getByRole('button', { name: '项目二维码（2）' }).click()
  const dialog = page.getByRole('dialog', { name: '项目二维码' })
  await expect(dialog.getByText('第1页，共2页')).toBeVisible()
  await expect(dialog.locator('canvas')).not.toHaveClass(/drawing/)
  await isAccessible(page, '项目二维码')
  const codes = () => dialog.locator('.code').allTextContents()
  const before = await codes()
  expect(before).toHaveLength(2)

  // Nobody answers the system's dialog here: what it would print is asked of the page.
  await page.evaluate(() => (window.print = () => undefined))
  await dialog.getByRole('button', { name: '打印' }).click()
  await expect(page.locator('.print-sheets .poster')).toHaveCount(2)
  const printed = await readPrinted(await page.pdf({ preferCSSPageSize: true, printBackground: true }))
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await expect(page.locator('.print-sheets')).toHaveCount(0)

  await dialog.getByRole('button', { name: '换发二维码 2602XH0015' }).click()
  await page.getByRole('dialog', { name: '换发二维码' }).getByRole('button', { name: '换发' }).click()
  await expect.poll(async () => (await codes())[1]).not.toBe(before[1])
  await expect(dialog.getByRole('button', { name: '保存PDF' })).toBeEnabled()
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: '保存PDF' }).click()
  const saved = await readPrinted(readFileSync(await (await download).path()))

  const readable = ({ pages }: typeof printed) => pages.map(({ codes: found }) => found.map((url) => url.slice(url.lastIndexOf('/') + 1)).join())
  const plain = (shown: readonly string[]) => shown.map((code) => code.replaceAll('-', ''))
  expect(readable(printed)).toEqual(plain(before))
  expect(readable(saved)).toEqual(plain(await codes()))
  expect([printed, saved].map(({ images, papers }) => [images, papers])).toEqual([[0, ['A4', 'A4']], [0, ['A4', 'A4']]])
})
