import { setTimeout as delay } from 'node:timers/promises'
import { demoUnits } from '../../build/demo/units.ts'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { inventPerson } from './support/people.ts'
import { wrongPin } from './support/secrets.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const contractor = demoUnits[0]?.name ?? ''
const moveOutFirst = '该人员已登记在其他单位，请先由其原单位办理离职迁出，再在本单位登记。'

const stage = useStage()
const person = inventPerson('钱多多')
const drafted = inventPerson('孙未完', { sex: '2' })

// One story: each part stands on the one before.
test.describe.configure({ mode: 'serial' })

test('a CA lock that is pulled out under the typing hand gives its place to no other: the rest of the PIN goes nowhere', async () => {
  const { page, locks } = stage()
  const signIn = signInPage(page)
  await expect(signIn.pin).toBeFocused()
  locks.plug('implementer')
  await expect(signIn.certificates.getByRole('radio')).toHaveCount(2)
  await expect(signIn.certificates.getByLabel(contractor), 'the one that was chosen stays so').toBeChecked()
  await expect(signIn.pin).toBeFocused()
  await page.keyboard.type('123')
  locks.pull('contractor')
  await expect(signIn.certificates.getByRole('radio')).toHaveCount(1)
  await expect(signIn.certificates.getByRole('radio', { checked: true })).toHaveCount(0)
  await page.keyboard.type('456')
  await page.keyboard.press('Enter')
  await signIn.certificates.getByRole('radio').check()
  await expect(signIn.pin).toHaveValue('')
  await expect(signIn.pinState).toBeEmpty()
  await expect(signIn.failure).toHaveCount(0)
  locks.pull('implementer')
  await expect(signIn.certificates).toBeHidden()
  locks.plug('contractor')
  await expect(signIn.pin, 'the only one is chosen').toBeFocused()
})

test('a clerk signs in with the CA lock: a wrong PIN is told, the account is chosen with its password', async () => {
  const { page, locks } = stage()
  const signIn = signInPage(page)
  await expect(signIn.certificates).toContainText(contractor)
  await expect(signIn.pinState).toBeEmpty()

  // A notebook at 125 %, with as many locks as there are.
  await page.setViewportSize({ width: 1093, height: 614 })
  locks.plug('implementer')
  locks.plug('supervisor')
  await expect(signIn.certificates.getByRole('radio')).toHaveCount(3)
  await expect(signIn.pin).toBeFocused()
  await page.keyboard.type(wrongPin)
  await page.keyboard.press('Enter')
  await expect(signIn.failure).toBeInViewport({ ratio: 1 })
  await expect(signIn.signIn).toBeInViewport({ ratio: 1 })
  locks.pull('implementer')
  locks.pull('supervisor')
  await expect(signIn.certificates.getByRole('radio')).toHaveCount(1)
  await page.setViewportSize({ width: 1280, height: 720 })
  await expect(signIn.failure).toHaveText('口令错误，请核对后再试。')
  await expect(signIn.pinState, 'said once').toBeEmpty()
  await page.reload()
  await expect(signIn.pinState).toHaveText('此前输错过口令，剩余次数已减少，请仔细核对。')
  await expect(signIn.pin).toHaveValue('')

  await signIn.givePin()
  await expect(signIn.accounts).toContainText('李强')
  await signIn.chooseAccount('张敏', 'not-the-password')
  await expect(signIn.failure).toHaveText('密码错误，请核对后再试。在其他电脑上改过或由管理员重设过的，请用新密码。')
  await signIn.chooseAccount('张敏')
  await expect(registerPage(page).total).toContainText('共有 30 条数据')
  await expect(appFrame(page).user).toContainText('张敏')
})

test('with the network cut a manager is registered: the row waits to be uploaded', async () => {
  const { page, network, centralOffice } = stage()
  const [register, form] = [registerPage(page), managerForm(page)]
  network.cut()
  await register.beginWith(person.idCardNo)
  await expect(form.status).toContainText('当前离线，尚未核对该人员是否登记在其他单位')
  await form.fillRequired(person)
  await form.submit.click()

  await expect(register.heading).toBeVisible()
  await register.find(person.name)
  await expect(register.row(person.name)).toContainText('待上传')
  await expect(appFrame(page).sync).toHaveText('离线，待上传1条')
  await appFrame(page).signOut()
  await expect(appFrame(page).signingOut).toContainText('已提交的1条内容还没有上传到服务器。')
  await page.keyboard.press('Enter')
  await expect(appFrame(page).signingOut).toBeHidden()
  await expect(appFrame(page).user).toBeFocused()
  expect(await centralOffice.registrationsOf(person.idCardNo)).toEqual([])
})

test('after a kill -9 in the middle of a form, one PIN and the clerk’s name open it where the clerk was, with what was typed', async () => {
  const { workstation } = stage()
  await registerPage(workstation.page).beginWith(drafted.idCardNo)
  await managerForm(workstation.page).field('姓名').pressSequentially(drafted.name)
  await managerForm(workstation.page).field('职务').pressSequentially('质量员')
  // The claim itself: a second after the last key it is durable.
  await delay(1_000)
  await workstation.kill()
  await workstation.start()

  const { page } = workstation
  await signInPage(page).givePin()
  // A lock that two clerks share: whose work goes on is shown before it does, though only one of them was here.
  await expect(signInPage(page).accounts.getByRole('radio', { name: '张敏' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(appFrame(page).user).toContainText('张敏')
  await expect(managerForm(page).heading).toBeVisible()
  await expect(managerForm(page).field('姓名')).toHaveValue(drafted.name)
  await expect(managerForm(page).field('职务')).toHaveValue('质量员')
  await expect(managerForm(page).field('身份证号码')).toHaveValue(drafted.idCardNo)
})

test('with the network restored one PIN lets the queue go: the person is at the central service exactly once', async () => {
  const { page, network, centralOffice } = stage()
  const frame = appFrame(page)
  network.restore()
  await expect(frame.renew).toBeVisible({ timeout: 30_000 })
  await expect(frame.sync).toHaveText('需要重新验证，待上传1条')
  expect(await centralOffice.registrationsOf(person.idCardNo)).toEqual([])

  await frame.renew.click()
  await expect(frame.renewal.getByLabel('CA锁口令')).toBeFocused()
  await frame.renewWithPin()
  await expect(managerForm(page).field('姓名'), 'the keyboard is where it was before').toBeFocused()
  await expect(frame.sync).toHaveText(/^已同步/)
  await managerForm(page).back.click()
  const register = registerPage(page)
  await register.find(person.name)
  await expect(register.row(person.name)).toContainText('已上传')
  await expect(register.row(person.name)).toContainText('待审核')
  const found = await centralOffice.registrationsOf(person.idCardNo)
  expect(found.map(({ organization, status }) => ({ organization, status }))).toEqual([{ organization: contractor, status: 'pending' }])
})

test.describe('a second company', () => {
  let second: Workstation

  test('cannot register the same person, and is not told which unit has them', async () => {
    stage().locks.pull('contractor')
    stage().locks.plug('implementer')
    second = await stage().anotherWorkstation('second-company')
    const { page } = second
    const register = registerPage(page)
    await signInPage(page).givePin()
    await expect(register.total).toContainText(/共有 \d+ 条数据/)

    await register.beginWith(person.idCardNo)
    await expect(register.says).toHaveText(moveOutFirst)
    await expect(page.locator('body')).not.toContainText(contractor)
    await page.keyboard.press('Escape')
  })

  test('gets the same person back from the queue when it registered them offline, with the reason on the row', async () => {
    const { network, centralOffice } = stage()
    const { page } = second
    const [register, form, frame] = [registerPage(page), managerForm(page), appFrame(page)]
    network.cut()
    await register.beginWith(person.idCardNo)
    await form.fillRequired(person)
    await form.submit.click()
    await expect(register.row(person.name)).toContainText('待上传')

    network.restore()
    await expect(register.row(person.name)).toContainText('被退回', { timeout: 30_000 })
    await expect(register.row(person.name)).toContainText(moveOutFirst)
    await expect(frame.sync).toHaveText(/^已同步/)
    await expect(page.locator('body')).not.toContainText(contractor)
    expect((await centralOffice.registrationsOf(person.idCardNo)).map(({ organization }) => organization)).toEqual([contractor])
  })
})
