import type { Locator, Page } from '@playwright/test'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

/** Of the box that is drawn around a control: an input stands within it. */
const ring = (control: Locator) =>
  control.evaluate((element) => getComputedStyle(element.closest('.el-input__wrapper, .el-select__wrapper') ?? element).outlineStyle)
const leftEdges = (page: Page) => page.getByRole('columnheader').evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)))
const box = async (locator: Locator) => (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

for (const [width, height] of [[1366, 768], [1093, 614]] as const) {
  test(`the columns of the list stand where they stood, whatever it shows, at ${width}×${height}`, async () => {
    const { page } = stage()
    const register = registerPage(page)
    await page.setViewportSize({ width, height })
    const before = await leftEdges(page)
    expect(before).toHaveLength(14)
    await page.getByRole('button', { name: '下一页' }).click()
    await expect(register.total).toContainText('当前第 2 /')
    expect(await leftEdges(page)).toEqual(before)
    for (const wanted of ['吴永康', '没有这个人', '']) {
      await register.find(wanted)
      if (wanted !== '') await expect(page.locator('tbody tr')).toHaveCount(wanted === '吴永康' ? 1 : 0)
      expect(await leftEdges(page), wanted).toEqual(before)
    }
  })
}

test('编辑 and 删除 stand apart, and what was done is told below the top bar', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  const { idCardNo } = inventPerson('许文静')
  await register.beginWith(idCardNo)
  await form.field('姓名').fill('许文静')
  await form.save.click()
  const told = page.locator('.el-message')
  await told.evaluate((element) => Promise.all(element.getAnimations().map(({ finished }) => finished)))
  const bar = await box(page.getByRole('banner'))
  expect((await box(told)).y).toBeGreaterThanOrEqual(bar.y + bar.height)
  await form.back.click()
  const [opening, removing] = [await box(page.getByRole('button', { name: '编辑 许文静' })), await box(page.getByRole('button', { name: '删除 许文静' }))]
  expect(removing.x - (opening.x + opening.width)).toBeGreaterThanOrEqual(10)
  expect(Math.abs(removing.y - opening.y), 'on one line').toBeLessThan(2)
})

test('the field that a line of the error summary leads to is the only one with a ring; sex and birth date wait for the number', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await register.edit('许文静')
  await form.field('身份证号码').fill('31010019850612')
  for (const label of ['性别', '出生年月日']) await expect(form.field(label)).toBeDisabled()
  await form.submit.click()
  for (const [line, field] of [
    [/身份证/, form.field('身份证号码')],
    [/民族/, form.field('民族')],
    [/户口所在地/, form.region('户口所在地')],
  ] as const) {
    expect(await ring(field)).toBe('none')
    await form.summary.getByRole('button', { name: line }).first().click()
    await expect(field).toBeFocused()
    expect(await ring(field)).toBe('solid')
  }
  expect(await ring(form.field('民族'))).toBe('none')
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃' }).click()
})

test('one letter and Enter in a closed drop-down put in what they mean', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await register.edit('许文静')
  await form.field('最高学历').focus()
  await page.keyboard.press('b')
  await page.keyboard.press('Enter')
  await expect(page.locator('.form-field').filter({ hasText: '最高学历' }).first().locator('.el-select__selected-item').last()).toHaveText('本科')
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃' }).click()
})

test('the field that takes the next key has a ring on the lock screen and after signing out', async () => {
  const { page } = stage()
  const frame = appFrame(page)
  await frame.lock()
  const pin = frame.lockScreen.getByLabel('CA锁口令')
  await expect(pin).toBeFocused()
  expect(await ring(pin)).toBe('solid')
  await frame.unlockWithPin()
  await frame.signOut()
  await expect(signInPage(page).pin).toBeFocused()
  expect(await ring(signInPage(page).pin)).toBe('solid')
})
