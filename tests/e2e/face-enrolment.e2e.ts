import type { Page } from '@playwright/test'
import { appFrame } from './page-models/frame.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithKey } from './support/clerks.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const projectNo = '2603HK0001'
const person = '陈国强'
const stage = useStage(({ page }) => signInWithKey(page), { clip: 'challenge' })

test.describe.configure({ mode: 'serial' })

/** The clip knows one order only: the challenge draws it from one random word a step. */
async function askInOrder(page: Page): Promise<void> {
  await page.evaluate(() => {
    const draw = crypto.getRandomValues.bind(crypto)
    crypto.getRandomValues = (array) => (array instanceof Uint32Array && array.length === 1 ? array.fill(0) : draw(array))
  })
}

/** A machine that runs all tests at once may see too few frames of a movement: then the clerk tries again, as they are told to. */
async function isTaken(page: Page): Promise<void> {
  const [result, retry] = [page.getByRole('heading', { name: '比对结果' }), page.getByRole('button', { name: '重试' })]
  for (let tries = 0; tries < 3; tries++) {
    await expect(result.or(retry)).toBeVisible({ timeout: 60_000 })
    if (await result.isVisible()) return
    await retry.click()
    await expect(retry).toBeHidden()
  }
  await expect(result).toBeVisible({ timeout: 60_000 })
}

const crew = (page: Page) => page.getByRole('list', { name: '人员' })

test('who still lacks it is listed, and nothing is taken before the person has agreed', async () => {
  const { page } = stage()
  await appFrame(page).menu.getByRole('link', { name: '项目人员绑定' }).click()
  await page.getByRole('link', { name: new RegExp(`^管理人员 ${projectNo}`) }).click()
  await page.getByRole('button', { name: '人脸识别', exact: true }).click()
  await crew(page).getByRole('button').filter({ hasText: person }).click()
  await expect(page.getByRole('heading', { name: '采集人脸信息告知与同意' })).toBeVisible()
  for (const box of await page.getByRole('group', { name: '同意' }).getByRole('checkbox').all()) await expect(box).not.toBeChecked()
  await expect(page.getByRole('button', { name: '同意并开始采集' })).toBeDisabled()
  await isAccessible(page, '人脸识别')
})

test('offline, whoever turns and opens the mouth as asked is enrolled; the clerk decides where there is no document to compare with', async () => {
  const { page, network } = stage()
  network.cut()
  await askInOrder(page)
  await page.getByRole('checkbox', { name: /同意采集并在本机保存人脸特征/ }).check()
  await page.getByRole('button', { name: '同意并开始采集' }).click()
  await expect(page.getByRole('status').filter({ hasText: '请向左转头' })).toBeVisible()
  await isTaken(page)
  await expect(page.getByText('没有相同或相似的人')).toBeVisible()
  await isAccessible(page, '比对结果')
  const save = page.getByRole('button', { name: '保存', exact: true })
  await expect(save).toBeDisabled()
  await page.getByLabel('判定为同一人的理由').fill('已对照本人的身份证原件，为同一人')
  await save.click()
  await expect(page.getByRole('list', { name: '采集记录' })).toContainText('采集完成')
  await expect(page.getByText('本机保存 1 人的人脸特征')).toBeVisible()
  await expect(crew(page).getByRole('button').filter({ hasText: person })).toContainText('人脸识别（待上传）')
})

test('once the line is back the central service knows that it was done', async () => {
  const { page, network } = stage()
  network.restore()
  // The sync has backed off while there was none.
  await expect(crew(page).getByRole('button').filter({ hasText: person })).not.toContainText('待上传', { timeout: 60_000 })
  await expect(crew(page).getByRole('button').filter({ hasText: person })).toContainText('人脸识别')
})

test('whoever withdraws is deleted here', async () => {
  const { page } = stage()
  await page.getByRole('button', { name: '撤回同意' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('本人撤回同意')
  await dialog.getByRole('button', { name: '撤回并删除' }).click()
  await expect(page.getByText('本机保存 0 人的人脸特征')).toBeVisible()
  await expect(page.getByRole('button', { name: '撤回同意' })).toBeHidden()
})
