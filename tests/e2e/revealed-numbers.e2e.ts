import type { Page } from '@playwright/test'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { demoRoster } from '../../build/demo/roster.ts'
import { appFrame } from './page-models/frame.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible, windowSizes } from './support/accessible.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const found = demoRoster().find(({ values }) => values.name === '张小龙')
if (!found) throw new Error('nobody of that name in the demonstration')
const { name, idCardNo, mobile } = found.values

let office: Workstation
const stage = useStage(async ({ page }) => {
  await signInPage(page).givePassword('zhangmin')
  await expect(registerPage(page).heading).toBeVisible()
})

test.describe.configure({ mode: 'serial' })

const eye = (page: Page, label: '身份证号码' | '手机号码') => page.getByRole('button', { name: `显示 ${name} 的${label}` })
const asking = (page: Page, label: '身份证号码' | '手机号码') => page.getByRole('dialog', { name: `显示${label}` })

test('a masked number is shown for a reason, counts down, and is masked again by itself', async () => {
  const { page } = stage()
  const row = registerPage(page).row(name)
  await registerPage(page).find(name)
  await expect(row).toContainText(`${idCardNo.slice(0, 3)}***********${idCardNo.slice(-4)}`)
  await eye(page, '身份证号码').click()
  const dialog = asking(page, '身份证号码')
  await expect(dialog).toContainText('30秒')
  await dialog.getByRole('button', { name: '显示', exact: true }).click()
  await expect(dialog).toContainText('请选择或填写原因后再试。')
  await isAccessible(page, '显示身份证号码')
  await dialog.getByLabel('其他').check()
  await dialog.getByLabel('说明').fill(mobile)
  await expect(dialog).toContainText('原因中请不要写身份证号码')
  await expect(row).not.toContainText(idCardNo)
  await dialog.getByLabel('核对证件或材料').check()
  await dialog.getByLabel('说明').fill('核对原件')
  await dialog.getByRole('button', { name: '显示', exact: true }).click()
  await expect(row).toContainText(idCardNo)
  await expect(page.getByRole('button', { name: `隐藏 ${name} 的身份证号码` })).toHaveText(/^(30|2\d)$/)
  await isAccessible(page, 'a shown number')
  // Its seconds are no digits of the age beside it.
  for (const size of windowSizes) {
    await page.setViewportSize(size)
    const cell = await row.getByRole('cell').filter({ hasText: idCardNo }).boundingBox()
    const seconds = await row.locator('.seconds').boundingBox()
    expect((cell?.x ?? 0) + (cell?.width ?? 0) - ((seconds?.x ?? 0) + (seconds?.width ?? 0))).toBeGreaterThanOrEqual(2)
  }
  await expect(row).not.toContainText(idCardNo, { timeout: 40_000 })
})

test('the lock screen masks it at once', async () => {
  const { page } = stage()
  await eye(page, '手机号码').click()
  await asking(page, '手机号码').getByLabel('联系本人').check()
  await asking(page, '手机号码').getByRole('button', { name: '显示', exact: true }).click()
  const row = registerPage(page).row(name)
  await expect(row).toContainText(mobile)
  await appFrame(page).lock()
  await appFrame(page).unlockWithPassword()
  await expect(row).toContainText(`${mobile.slice(0, 3)}****${mobile.slice(-4)}`)
  await expect(row).not.toContainText(mobile)
})

test('offline it is shown all the same, and told once the line is back', async () => {
  const { page, network } = stage()
  network.cut()
  await eye(page, '手机号码').click()
  await asking(page, '手机号码').getByLabel('主管部门或实施单位要求').check()
  await asking(page, '手机号码').getByRole('button', { name: '显示', exact: true }).click()
  await expect(registerPage(page).row(name)).toContainText(mobile)
  await page.getByRole('button', { name: `隐藏 ${name} 的手机号码` }).click()
  await expect(registerPage(page).row(name)).not.toContainText(mobile)
  network.restore()
  await appFrame(page).syncNow()
  await expect(appFrame(page).sync).toContainText('已同步')
})

test('the unit’s administrator reads who looked at whose number, when and why, and finds it by day, person and name', async () => {
  await expect(stage().page.getByRole('link', { name: '查看记录' })).toHaveCount(0)
  office = await stage().anotherWorkstation('admin')
  const { page } = office
  await signInPage(page).givePassword('wangjianguo')
  await page.getByRole('link', { name: '查看记录' }).click()
  const log = page.getByRole('region', { name: '查看记录' }).last()
  const rows = log.getByRole('row').filter({ hasText: name })
  await expect(rows).toHaveCount(3)
  await expect(rows.last()).toContainText('张敏')
  await expect(rows.last()).toContainText('身份证号码')
  await expect(rows.last()).toContainText('核对证件或材料')
  await expect(rows.last()).toContainText('核对原件')
  await expect(rows.first()).toContainText('主管部门或实施单位要求')
  await expect(page.locator('body')).not.toContainText(idCardNo)
  await expect(page.locator('body')).not.toContainText(mobile)
  await isAccessible(page, '查看记录')
  await page.getByLabel('开始日期').fill('2020-02-30')
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('日期不正确')).toBeVisible()
  await page.getByLabel('开始日期').fill('20200101')
  await page.getByLabel('结束日期').fill('20200102')
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('没有相符的查看记录。')).toBeVisible()
  for (const label of ['开始日期', '结束日期']) await page.getByLabel(label).fill('')
  await page.getByLabel('员工姓名').fill('小龙')
  await page.getByRole('button', { name: '查询' }).click()
  await expect(rows).toHaveCount(3)
})
