import { demoPassword } from '../../build/demo/units.ts'
import { appFrame } from './page-models/frame.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { signInWithPassword } from './support/clerks.ts'
import { inventedPasswords } from './support/secrets.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithPassword(page))
const username = 'liqiang'
const own = 'own-words-7314'
const byAdministrator = 'set-by-office-1'
for (const password of [own, byAdministrator]) inventedPasswords.add(password)

// Each with the password that the one before has left.
test.describe.configure({ mode: 'serial' })

test('a wrong old password, and one that cannot be, are told where they were typed; nothing changes', async () => {
  const frame = appFrame(stage().page)
  await frame.startChangingPassword()
  const wanted = frame.changing.getByLabel('新密码', { exact: true })
  await frame.changePassword(demoPassword, 'seven-7')
  await expect(wanted).toBeFocused()
  await expect(wanted).toHaveAccessibleDescription('新密码太短，应为8至200个字。')
  await frame.changePassword(demoPassword, 'x'.repeat(201))
  await expect(wanted).toHaveAccessibleDescription('新密码太长，应为8至200个字。')
  await frame.changePassword(demoPassword, demoPassword)
  await expect(frame.changing.getByRole('alert')).toHaveText('新密码与原密码相同，请另设一个。')
  await expect(wanted).toBeFocused()
  await frame.changePassword('not-my-password', own)
  await expect(frame.changing.getByRole('alert')).toHaveText('原密码不正确，请核对后再试。')
  await expect(frame.changing.getByLabel('原密码')).toBeFocused()
})

test('what was typed does not stay behind the lock screen', async () => {
  const { page } = stage()
  const frame = appFrame(page)
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  await page.keyboard.press('Escape')
  await frame.startChangingPassword()
  await frame.changing.getByLabel('原密码').fill(demoPassword)
  const lockedFromElsewhere = await page.context().newPage()
  await lockedFromElsewhere.goto(page.url())
  await appFrame(lockedFromElsewhere).lock()
  await expect(frame.lockScreen).toBeVisible()
  await lockedFromElsewhere.close()
  expect(await page.locator('input').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value).join(''))).not.toContain(demoPassword)
  await frame.unlockWithPassword()
  await expect(frame.lockScreen).toBeHidden()
  await expect(frame.changing).toBeHidden()
})

test('changed, the session goes on, and from then on only the new one signs in', async () => {
  const { page } = stage()
  const [frame, signIn] = [appFrame(page), signInPage(page)]
  await frame.startChangingPassword()
  await frame.changePassword(demoPassword, own)
  await expect(page.getByText('密码已修改。')).toBeVisible()
  await expect(frame.changing).toBeHidden()
  await expect(frame.user).toBeFocused()
  await frame.syncNow()
  await expect(frame.sync).toHaveText(/^已同步/)

  await frame.signOut()
  await signIn.givePassword(username, demoPassword)
  await expect(signIn.failure).toHaveText('用户名或密码错误，请核对后再试。')
  await signIn.givePassword(username, own)
  await expect(registerPage(page).total).toContainText(/共有 [1-9]/)
})

test('without the network it says so before and after, and changes nothing; the old one does not open this computer either', async () => {
  const { page, network } = stage()
  const [frame, signIn] = [appFrame(page), signInPage(page)]
  network.cut()
  await frame.startChangingPassword()
  await frame.changePassword(own, 'another-word-2')
  await expect(frame.changing.getByRole('alert')).toHaveText('修改密码需要连接服务器，现在连不上，密码没有改动。请联网后再试。')
  await page.keyboard.press('Escape')
  await frame.syncNow()
  await expect(frame.sync).toHaveText(/^离线/)
  await frame.startChangingPassword()
  await expect(frame.changing).toContainText('修改密码需要连接服务器，现在没有连接。请联网后再修改。')
  await page.keyboard.press('Escape')
  await expect(frame.changing).toBeHidden()

  await frame.signOut()
  await signIn.givePassword(username, demoPassword)
  await expect(signIn.failure).toHaveText(/^密码/)
  await signIn.givePassword(username, own)
  await expect(registerPage(page).total).toContainText(/共有 [1-9]/)
  await frame.signOut()
})

test('one that the administrator has set is asked to be changed at each sign-in, until it is', async () => {
  const { page, network, centralOffice } = stage()
  const [frame, signIn] = [appFrame(page), signInPage(page)]
  network.restore()
  await centralOffice.resetPassword(username, byAdministrator)
  for (const last of [false, true]) {
    await signIn.givePassword(username, byAdministrator)
    await expect(frame.changing).toContainText('您的密码已由管理员重新设置，请改为只有您自己知道的密码。')
    if (last) await frame.changePassword(byAdministrator, own)
    else await frame.changing.getByRole('button', { name: '取消' }).click()
    await expect(frame.changing).toBeHidden()
    await frame.signOut()
  }
  await signIn.givePassword(username, own)
  await expect(registerPage(page).total).toContainText(/共有 [1-9]/)
  await expect(frame.changing).toBeHidden()
})
