import type { Page } from '@playwright/test'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

const rows = (page: Page) => page.locator('tbody tr')
const scrolledTo = (page: Page) => page.getByRole('region', { name: '管理人员列表' }).evaluate(({ scrollTop }) => scrollTop)

test('返回 comes back to the row, where it was on the screen; another page begins at its first row', async () => {
  const { page } = stage()
  await expect(registerPage(page).query).toBeFocused()
  const opening = rows(page).nth(12).getByRole('button', { name: /^编辑/ })
  const name = await opening.getAttribute('aria-label')
  await opening.scrollIntoViewIfNeeded()
  const before = await scrolledTo(page)
  expect(before).toBeGreaterThan(0)
  await opening.click()
  await expect(managerForm(page).field('姓名')).toBeFocused()
  await managerForm(page).back.click()
  await expect(page.getByRole('button', { name: name ?? '' })).toBeFocused()
  expect(await scrolledTo(page)).toBe(before)

  await page.getByRole('button', { name: '下一页' }).click()
  await expect(rows(page).first()).toContainText('16')
  await expect.poll(() => scrolledTo(page)).toBe(0)
  const next = page.getByRole('button', { name: '下一页' })
  await expect(next).toBeDisabled()
  await expect(next).toBeFocused()
  await page.getByRole('button', { name: '首页' }).click()
})

test('whoever is changed on the second page is the newest then: 返回 shows the page that has the row, with the keyboard on it', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await page.getByRole('button', { name: '下一页' }).click()
  await expect(rows(page).first()).toContainText('16')
  const opening = rows(page).first().getByRole('button', { name: /^编辑/ })
  const name = (await opening.getAttribute('aria-label')) ?? ''
  await opening.click()
  await form.back.click()
  await expect(page.getByRole('button', { name, exact: true }), 'nothing was changed').toBeFocused()
  await expect(register.total).toContainText('当前第 2 /')

  await page.keyboard.press('Enter')
  await form.field('职务').fill('安全员')
  await form.save.click()
  await expect(form.saved).toBeVisible()
  await form.back.click()
  await expect(page.getByRole('button', { name, exact: true })).toBeFocused()
  await expect(register.total).toContainText('当前第 1 /')
})

test('立即同步 pressed with the keyboard leaves the keyboard where it is', async () => {
  const { page } = stage()
  const state = page.locator('.sync-indicator').getByRole('status').getByRole('button')
  await state.focus()
  await page.keyboard.press('Enter')
  const syncNow = page.getByRole('button', { name: '立即同步' })
  await syncNow.focus()
  await page.keyboard.press('Enter')
  await expect(syncNow).toBeEnabled()
  await expect(syncNow).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(state).toBeFocused()
})

test('in the last fields of the form it is in sight that the draft is kept', async () => {
  const { page } = stage()
  await page.setViewportSize({ width: 1093, height: 614 })
  const form = managerForm(page)
  await rows(page).nth(3).getByRole('button', { name: /^编辑/ }).click()
  await form.field('现居住地详细地址').fill('示例路8号')
  await form.field('联系电话').fill('13900000088')
  await form.field('联系电话').scrollIntoViewIfNeeded()
  await expect(form.kept).toBeInViewport({ ratio: 1 })
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃' }).click()
  await page.setViewportSize({ width: 1280, height: 720 })
})

for (const [width, height] of [[1280, 720], [1093, 614]] as const) {
  test(`上传状态 and 操作 are in sight at ${width}×${height}, however long the texts of a row`, async () => {
    const { page } = stage()
    await page.setViewportSize({ width, height })
    const [form, register] = [managerForm(page), registerPage(page)]
    if (width === 1280) {
      await register.edit('胡文斌')
      for (const [label, text] of [['姓名', '阿卜杜热合曼·买买提明'], ['职称', '教授级高级工程师（给水排水）']] as const) await form.field(label).fill(text)
      await form.save.click()
      await expect(form.saved).toBeVisible()
      await form.back.click()
    }
    await register.find('阿卜杜')
    const row = register.row('阿卜杜热合曼')
    await expect(row).toContainText('修改未提交')
    for (const cell of [page.getByRole('columnheader', { name: '上传状态' }), row.getByText('修改未提交'), row.getByRole('button', { name: /^编辑/ })]) {
      const box = await cell.boundingBox()
      const hit = await cell.evaluate((element, at) => element.contains(document.elementFromPoint(at.x, at.y)), {
        x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
      })
      expect(hit, `${await cell.textContent()} is covered by nothing`).toBe(true)
    }
    await register.find('')
  })
}
