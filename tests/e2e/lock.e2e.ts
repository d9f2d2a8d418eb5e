import { demoPin } from '../../build/demo/units.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { signInWithKey } from './support/clerks.ts'
import { openCuttableHost } from './support/cuttable-host.ts'
import { inventPerson } from './support/people.ts'
import { wrongPin } from './support/secrets.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

// The form that the first test opens stays open.
test.describe.configure({ mode: 'serial' })

// How soon is measured by tests/bench/window-lock.bench.ts.
test('a pulled CA lock locks the window by itself; its PIN opens the form as it was', async () => {
  const { page, locks } = stage()
  const [form, frame] = [managerForm(page), appFrame(page)]
  await registerPage(page).beginWith(inventPerson('冯半途').idCardNo)
  await form.field('姓名').fill('冯半途')
  await form.field('职务').pressSequentially('资料')

  locks.pull('contractor')
  await expect(frame.lockScreen).toBeVisible()
  await expect(frame.lockScreen).toContainText('CA锁已拔出，页面已锁定，内容已保存。请插回原来的CA锁。')

  // Another unit's lock is not chosen by itself, nor kept where the right one comes; and what was said about it goes.
  const { pin, certificates } = signInPage(page)
  const alerts = frame.lockScreen.getByRole('alert').filter({ hasText: /./ })
  locks.plug('implementer')
  await certificates.getByText('申居').click()
  await expect(pin).toBeFocused()
  await page.keyboard.type(demoPin)
  await page.keyboard.press('Enter')
  await expect(alerts).toContainText('插入的不是原CA锁')
  locks.plug('contractor')
  await expect(certificates.getByLabel('申修')).toBeChecked()
  await expect(alerts).toHaveCount(0)
  await expect(frame.lockScreen).not.toContainText('请插回')
  locks.pull('implementer')
  await expect(certificates.getByRole('radio')).toHaveCount(1)

  // Without a click: the lock is back, its PIN is typed.
  await expect(pin).toBeFocused()
  await page.keyboard.type(wrongPin)
  await page.keyboard.press('Enter')
  await expect(alerts.first()).toHaveText('口令错误，请核对后再试。')
  await expect(pin).toBeFocused()
  await page.keyboard.type(demoPin)
  await page.keyboard.press('Enter')
  await expect(frame.lockScreen).toBeHidden()
  await expect(form.field('姓名')).toHaveValue('冯半途')
  await expect(form.field('职务')).toHaveValue('资料')
  // Where the clerk was typing: no click is needed to go on.
  await page.keyboard.type('员')
  await expect(form.field('职务')).toHaveValue('资料员')
  await expect(form.kept).toBeVisible()
})

test('behind the lock screen nothing can be seen or reached, not even a dialog that was open', async () => {
  const { page } = stage()
  const [form, frame] = [managerForm(page), appFrame(page)]
  await form.region('籍贯').click()
  const dialog = page.getByRole('dialog', { name: '籍贯' })
  await dialog.getByLabel('查找地区').fill('昆山')
  // By the other clerk's hand at the lock, so that the dialog is still open.
  stage().locks.pull('contractor')
  await expect(frame.lockScreen).toBeVisible()

  await expect(form.field('姓名')).toBeHidden()
  await expect(frame.user).toBeHidden()
  await expect(dialog).toBeHidden()
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('.lock-screen')), 'the focus is on the lock screen').toBe(true)
  }
  await expect(frame.lockScreen).not.toContainText('冯半途')

  stage().locks.plug('contractor')
  await frame.unlockWithPin()
  await expect(frame.lockScreen).toBeHidden()
  await expect(form.field('姓名')).toHaveValue('冯半途')
  await expect(dialog.getByLabel('查找地区')).toHaveValue('昆山')
  await page.keyboard.press('Escape')
})

test('锁定 locks at once; the password opens it too, wherever it was locked', async () => {
  const { page } = stage()
  const [form, frame] = [managerForm(page), appFrame(page)]
  await form.field('职称').fill('助理工程师')
  await frame.lock()
  await expect(frame.lockScreen).toContainText('页面已锁定，内容已保存。')
  await frame.lockScreen.getByRole('button', { name: '改用密码' }).click()
  await expect(frame.lockScreen.getByLabel(/的密码$/)).toBeFocused()
  await frame.unlockWithPassword('not-the-password')
  await expect(frame.lockScreen.getByRole('alert').filter({ hasText: /./ }).first()).toContainText('请核对后再试')
  await frame.unlockWithPassword()
  await expect(frame.lockScreen).toBeHidden()
  await expect(form.field('职称')).toHaveValue('助理工程师')
})

test('a page that is loaded again while locked has everything once unlocked, the open form and 企业基本信息 alike', async () => {
  const { page } = stage()
  const [form, frame] = [managerForm(page), appFrame(page)]
  const reloadLocked = async () => {
    await frame.lock()
    await expect(frame.lockScreen).toBeVisible()
    await page.reload()
    await frame.unlockWithPassword()
    await expect(frame.lockScreen).toBeHidden()
  }
  await expect(form.kept).toBeVisible()
  await reloadLocked()
  await expect(form.field('职称')).toHaveValue('助理工程师')
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0)

  await frame.menu.getByRole('link', { name: '企业基本信息' }).click()
  const creditCode = page.getByText('91310104DEM000014T')
  await expect(creditCode).toBeVisible()
  await reloadLocked()
  await expect(creditCode).toBeVisible()
  await expect(page.getByRole('main'), 'Tab goes on in the page').toBeFocused()
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0)
})

test('退出登录 from a form with something unsaved asks first and then does it; whoever stays is there again after a reload', async () => {
  const { page } = stage()
  const [form, frame] = [managerForm(page), appFrame(page)]
  await appFrame(page).menu.getByRole('link', { name: '管理人员登记' }).click()
  await registerPage(page).edit('吕明辉')
  await form.field('职务').fill('走开了')
  await frame.signOut()
  await form.leaving.getByRole('button', { name: '继续编辑' }).click()
  // The last keys too, in the very moment before.
  await form.field('曾用名').fill('关窗前')
  await page.reload()
  await expect(form.field('职务')).toHaveValue('走开了')
  await expect(form.field('曾用名')).toHaveValue('关窗前')
  await form.field('职务').fill('走开了二')

  await frame.signOut()
  await form.leaving.getByRole('button', { name: '保留草稿' }).click()
  await expect(signInPage(page).heading).toBeVisible()
  await expect(frame.user).toBeHidden()
  await signInPage(page).givePassword('zhangmin')
  await expect(registerPage(page).heading).toBeVisible()
  await registerPage(page).edit('吕明辉')
  await expect(form.field('职务')).toHaveValue('走开了二')
})

test('another clerk may sign in from the lock screen; what was typed is not theirs to see until they open it', async () => {
  const { page } = stage()
  const frame = appFrame(page)
  await frame.lock()
  await frame.lockScreen.getByRole('button', { name: '退出登录，换人使用' }).click()
  await signInPage(page).givePassword('liqiang')
  await expect(frame.user).toContainText('李强')
  await expect(registerPage(page).heading).toBeVisible()
})

test('while the workstation is out of reach nothing can be typed or closed, not even a dialog; then typing goes on where it was', async () => {
  const { page } = stage()
  const [register, form, frame] = [registerPage(page), managerForm(page), appFrame(page)]
  const host = await openCuttableHost(page)
  await register.begin.click()
  await register.idCardNo.fill('3101')
  await host.cut()
  await expect(frame.hostLost).toBeVisible()
  await page.keyboard.type('99')
  await page.keyboard.press('Escape')
  await page.mouse.click(640, 400)
  await page.keyboard.type('88')
  const [lost, bar] = await Promise.all([frame.hostLost.boundingBox(), page.locator('.top-bar').boundingBox()])
  expect(bar?.y, 'the bar stands below the sentence').toBeGreaterThanOrEqual(lost?.height ?? Infinity)
  await expect(register.beginning).toBeVisible()
  host.restore()
  await expect(frame.hostLost).toBeHidden()
  await expect(register.idCardNo).toHaveValue('3101')
  await page.keyboard.type('00')
  await expect(register.idCardNo).toHaveValue('310100')
  await page.keyboard.press('Escape')

  await register.edit('蒋雪芬')
  await form.field('职务').pressSequentially('甲')
  await host.cut()
  await expect(frame.hostLost).toBeVisible()
  await page.keyboard.type('乙')
  host.restore()
  await expect(frame.hostLost).toBeHidden()
  await page.keyboard.type('丙')
  await expect(form.field('职务')).toHaveValue('甲丙材料员')
  await expect(form.kept).toBeVisible()
})
