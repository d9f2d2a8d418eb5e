import { demoPassword, demoPin } from '../../build/demo/units.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible } from './support/accessible.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage()

// From page to page, as a clerk goes.
test.describe.configure({ mode: 'serial' })

test('the sign-in page', async () => {
  const { page } = stage()
  await expect(signInPage(page).pin).toBeVisible()
  await isAccessible(page, 'CA锁登录')
  await signInPage(page).passwordTab.click()
  await isAccessible(page, '用户名密码登录')
  await page.getByRole('tab', { name: 'CA锁登录' }).click()
})

test('the keyboard alone gets through sign-in', async () => {
  const { page } = stage()
  const tabTo = async (what: string) => {
    for (let presses = 0; presses < 15; presses++) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim())
      if (at === what) return
    }
    throw new Error(`Tab does not reach ${what}`)
  }
  const signIn = signInPage(page)
  await page.reload()
  await signIn.way('CA锁登录').focus()
  await page.keyboard.press('ArrowRight')
  await expect(signIn.way('用户名密码登录')).toBeFocused()
  await tabTo('登录')
  await page.keyboard.press('Enter')
  await expect(signIn.username).toBeFocused()
  await expect(signIn.username).toHaveAttribute('aria-invalid', 'true')

  // Loaded, it waits for the PIN; and each step leads on to the next field.
  await page.reload()
  await expect(signIn.pin).toBeFocused()
  await page.keyboard.type(demoPin)
  await page.keyboard.press('Enter')
  await expect(signIn.accounts).toBeVisible()
  await expect(signIn.accounts.getByRole('radio', { checked: true })).toHaveCount(0)
  await expect(signIn.accounts.getByRole('radio').first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(signIn.accounts.getByLabel('张敏')).toBeChecked()
  await tabTo('account-password')
  await page.keyboard.type(demoPassword)
  await page.keyboard.press('Enter')
  await expect(registerPage(page).total).toContainText(/共有 [1-9]/)
  await expect(registerPage(page).query).toBeFocused()
  await expect(appFrame(page).sync).toHaveText(/^已同步/)
})

test('the list', async () => {
  await isAccessible(stage().page, '管理人员登记')
})

test('the details of the sync state are gone through between their button and the next; Escape closes them, from outside and from inside', async () => {
  const { page } = stage()
  const state = appFrame(page).sync.getByRole('button')
  const syncNow = page.getByRole('button', { name: '立即同步' })
  for (const inside of [false, true]) {
    await state.focus()
    await page.keyboard.press('Enter')
    await expect(syncNow).toBeVisible()
    if (inside) await page.keyboard.press('Tab')
    else await isAccessible(page, '同步')
    if (inside) await expect(syncNow).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(syncNow).toBeHidden()
    await expect(state).toBeFocused()
  }
  await page.keyboard.press('Enter')
  await expect(syncNow).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(syncNow).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(syncNow).toBeHidden()
  await page.keyboard.press('Tab')
  await expect(appFrame(page).messages).toBeFocused()
})

test('新增 with a wrong number', async () => {
  const { page } = stage()
  await registerPage(page).beginWith('310100198506214487')
  await expect(registerPage(page).says).not.toBeEmpty()
  await isAccessible(page, '新增管理人员')
})

test('the form with errors', async () => {
  const { page } = stage()
  await registerPage(page).idCardNo.fill(inventPerson('卫齐').idCardNo)
  await registerPage(page).next.click()
  await managerForm(page).submit.click()
  await expect(managerForm(page).summary).toBeFocused()
  await isAccessible(page, '人员基本信息')
})

test('the region dialog, by columns and by search', async () => {
  const { page } = stage()
  await managerForm(page).region('籍贯').click()
  const dialog = page.getByRole('dialog', { name: '籍贯' })
  await dialog.getByRole('button', { name: '江苏省' }).click()
  await isAccessible(page, '籍贯')
  await dialog.getByLabel('查找地区').fill('昆山')
  await isAccessible(page, '籍贯, searched')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
})

test('修改密码 with everything wrong', async () => {
  const { page } = stage()
  const { changing, startChangingPassword, changePassword, user } = appFrame(page)
  await startChangingPassword()
  await expect(changing.getByLabel('原密码')).toBeFocused()
  await isAccessible(page, '修改密码')
  await changePassword('', 'short', 'other')
  await expect(changing.getByLabel('原密码')).toBeFocused()
  await expect(changing.getByLabel('确认新密码')).toHaveAccessibleDescription('两次填写的新密码不一致，请核对。')
  await isAccessible(page, '修改密码, with errors')
  await page.keyboard.press('Escape')
  await expect(changing).toBeHidden()
  await expect(user).toBeFocused()
})

test('the lock screen', async () => {
  const { page } = stage()
  await appFrame(page).lock()
  await expect(appFrame(page).lockScreen).toBeVisible()
  await isAccessible(page, '已锁定')
})
