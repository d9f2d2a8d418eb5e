import type { Page } from '@playwright/test'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey, signInWithPassword } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

let colleague: Workstation
const stage = useStage(async ({ page, anotherWorkstation }) => {
  colleague = await anotherWorkstation('colleague')
  await Promise.all([signInWithKey(page), signInWithPassword(colleague.page)])
})

const rows = (page: Page) => page.locator('tbody tr')
async function turnToSecondPage(page: Page) {
  await page.getByRole('button', { name: '下一页' }).click()
  await expect(rows(page).first()).toContainText('16')
}

test('返回 after 新增 goes to the new person, from whichever page and whatever was searched for', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  for (const [name, before] of [
    ['许文静', () => turnToSecondPage(page)],
    ['郑海涛', () => register.find('吴永康')],
  ] as const) {
    const { idCardNo } = inventPerson(name)
    await before()
    await register.beginWith(idCardNo)
    await form.field('姓名').fill(name)
    await page.keyboard.press('Control+s')
    await expect(form.saved).toBeVisible()
    await form.back.click()
    await expect(page.getByRole('button', { name: `编辑 ${name}` })).toBeFocused()
    await expect(register.total).toContainText('当前第 1 /')
    await expect(register.query).toHaveValue('')
  }
})

test('返回 from a person whom 新增 began and nobody typed in leaves the list as it was', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await register.find('吴永康')
  await register.beginWith(inventPerson('顾一鸣').idCardNo)
  await expect(form.field('姓名')).toBeFocused()
  await form.back.click()
  await expect(register.query).toBeFocused()
  await expect(register.query).toHaveValue('吴永康')
  await register.find('')
})

test('提交 that ends in a conflict: its row is in sight, with the keyboard on it', async () => {
  const { page, network } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await page.setViewportSize({ width: 1093, height: 614 })
  await turnToSecondPage(page)
  const opening = rows(page).last().getByRole('button', { name: /^编辑/ })
  const name = ((await opening.getAttribute('aria-label')) ?? '').replace('编辑 ', '')
  await opening.click()
  await form.field('职务').fill('质量员')

  await registerPage(colleague.page).edit(name)
  await managerForm(colleague.page).field('职务').fill('材料员')
  await managerForm(colleague.page).submit.click()
  await expect(registerPage(colleague.page).row(name)).toContainText('已上传')

  network.cut()
  await form.submit.click()
  await expect(register.row(name)).toContainText('待上传')
  network.restore()
  await appFrame(page).sync.filter({ hasText: /^离线/ }).waitFor({ state: 'hidden' })
  await expect(register.row(name)).toContainText('有冲突')
  const settling = page.getByRole('button', { name: `处理冲突 ${name}` })
  await expect(settling).toBeFocused()
  await expect(settling).toBeInViewport({ ratio: 1 })
})
