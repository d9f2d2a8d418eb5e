import { demoRoster } from '../../build/demo/roster.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

// A quarter of an hour, in twelve seconds.
const stage = useStage(async ({ page }) => signInWithKey(page), { workstation: ['--lock-after', '0.2'] })
const name = demoRoster()[0]?.values.name ?? ''

test('a window that nobody types in locks by itself, says why, and the PIN opens the form as it was', async () => {
  const { page } = stage()
  const [frame, form] = [appFrame(page), managerForm(page)]
  await registerPage(page).edit(name)
  await form.field('职务').fill('离开前录入')
  await expect(frame.lockScreen).toBeVisible({ timeout: 40_000 })
  await expect(frame.lockScreen.getByRole('status').first()).toHaveText('您已离开一段时间，页面已锁定，内容已保存。')
  await expect(form.heading).toBeHidden()
  await expect(frame.lockScreen.getByLabel('CA锁口令')).toBeFocused()
  await frame.unlockWithPin()
  await expect(form.field('职务')).toHaveValue('离开前录入')
  await expect(form.field('职务')).toBeFocused()
  await expect(form.kept).toBeVisible()
})

test('a number half typed in a dialog is gone on with, not typed over', async () => {
  const { page } = stage()
  const [frame, form, register] = [appFrame(page), managerForm(page), registerPage(page)]
  await form.save.click()
  await expect(form.saved).toBeVisible()
  await form.back.click()
  await register.begin.click()
  await expect(register.idCardNo).toBeFocused()
  await page.keyboard.type('1101051949')
  await expect(frame.lockScreen).toBeVisible({ timeout: 40_000 })
  await expect(frame.lockScreen.getByLabel('CA锁口令')).toBeFocused()
  await frame.unlockWithPin()
  await expect(frame.lockScreen).toBeHidden()
  await page.keyboard.type('1')
  await expect(register.idCardNo).toHaveValue('11010519491')
})
