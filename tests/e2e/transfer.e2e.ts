import { demoRoster } from '../../build/demo/roster.ts'
import { demoUnits } from '../../build/demo/units.ts'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { transfersPage } from './page-models/transfers.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithPassword } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const holder = nameOf('contractor')
const asker = nameOf('implementer')
/** Another unit, in a window of its own. */
let other: Workstation
const stage = useStage(async ({ page, anotherWorkstation }) => {
  other = await anotherWorkstation('another-unit')
  await signInPage(other.page).givePassword('chenjing')
  await Promise.all([signInWithPassword(page), registerPage(other.page).total.filter({ hasText: /共有 1/ }).waitFor()])
})

// Each builds upon who has moved before.
test.describe.configure({ mode: 'serial' })

function nameOf(key: 'contractor' | 'implementer'): string {
  return demoUnits.find((unit) => unit.key === key)?.name ?? ''
}

function numberOf(name: string): string {
  return demoRoster().find(({ values }) => values.name === name)?.values.idCardNo ?? ''
}

/** 新增 at the other unit, which is told that somebody else has the person. */
async function askFor(name: string): Promise<void> {
  await registerPage(other.page).beginWith(numberOf(name))
  await expect(registerPage(other.page).says).toContainText('该人员已登记在其他单位，请先由其原单位办理离职迁出，再在本单位登记。')
  await transfersPage(other.page).ask(name)
}

test('a clerk lets somebody go: what it does is said before, the row says 离职, the form can be read and nothing else', async () => {
  const { page } = stage()
  const register = registerPage(page)
  const transfers = transfersPage(page)
  await register.edit('王志刚')
  await managerForm(page).field('职务').fill('还没提交的职务')
  await transfers.begin.click()
  await expect(transfers.leaving).toContainText('离职迁出后，登记保留在列表中，状态为离职，只能查看；其他单位可以登记该人员。')
  await expect(transfers.leaving).toContainText('该人员目前没有绑定项目。')
  await expect(transfers.leaving).toContainText('还有没有提交的修改：不会上传，确认后可在【修改记录】中查看。')
  await transfers.leaving.getByLabel('离职日期').fill('2999-01-01')
  await transfers.leaving.getByRole('button', { name: '确认离职迁出' }).click()
  await expect(transfers.leaving).toContainText('请选择离职原因。')
  await expect(transfers.leaving).toContainText('离职日期不能晚于今天。')
  await isAccessible(page, '离职迁出')
  await transfers.chooseReason('合同到期')
  await transfers.leaving.getByLabel('离职日期').fill(shanghaiDate(new Date()).replaceAll('-', ''))
  await transfers.leaving.getByLabel('说明').fill('项目已完工')
  await transfers.leaving.getByRole('button', { name: '确认离职迁出' }).click()
  await expect(managerForm(page).status).toContainText('离职原因：合同到期；说明：项目已完工')
  await expect(managerForm(page).field('身份证号码')).toHaveValue(/^\d{3}\*{11}\w{4}$/)
  await expect(managerForm(page).field('联系电话')).toHaveValue(/^139\*{4}\d{4}$/)
  await expect(managerForm(page).submit).toBeHidden()
  await managerForm(page).back.click()
  await expect(register.row('王志刚')).toContainText('离职')
  await expect(register.row('王志刚')).toContainText('已上传')

  const chooseStatus = async (label: string) => {
    await page.locator('.tools .status').click()
    await page.getByRole('option', { name: label, exact: true }).click()
  }
  await register.find('')
  await chooseStatus('离职')
  await expect(register.total).toContainText('共有 1 条数据')
  await isAccessible(page, '状态：离职')
  await chooseStatus('在职')
  await expect(register.total).toContainText('共有 29 条数据')
  await chooseStatus('全部')
  await register.find('王志刚')
  await register.row('王志刚').getByRole('button', { name: '查看 王志刚' }).click()
  await expect(managerForm(page).field('职务')).toBeDisabled()
  await expect(managerForm(page).field('职务')).not.toHaveValue('还没提交的职务')
  await expect(page.getByRole('button', { name: '编辑籍贯' })).toHaveCount(0)
  await expect(transfers.begin).toBeHidden()
  await page.getByRole('button', { name: '修改记录' }).click()
  await expect(page.getByRole('dialog', { name: '修改记录' })).toContainText('还没提交的职务')
  await expect(page.getByRole('dialog', { name: '修改记录' })).toContainText('离职迁出时尚未提交的内容')
  await page.keyboard.press('Escape')
  await managerForm(page).back.click()
})

test('who has left is taken in by the next unit, with what may be carried over, to whoever knows the name', async () => {
  const register = registerPage(other.page)
  await register.beginWith(numberOf('王志刚'))
  await expect(register.beginning).toContainText('该人员已从原单位离职迁出，可以迁入本单位。')
  await transfersPage(other.page).transferIn('王志强')
  await expect(register.beginning.getByRole('alert').filter({ hasText: '没有可以带入的资料，或姓名与原登记不一致。' })).toBeVisible()
  await isAccessible(other.page, '迁入')
  await transfersPage(other.page).transferIn('王志刚')
  const form = managerForm(other.page)
  await expect(form.field('姓名')).toHaveValue('王志刚')
  await expect(form.field('职称')).toHaveValue('工程师')
  for (const label of ['职务', '现居住地详细地址', '联系电话']) await expect(form.field(label)).toHaveValue('')
  expect(await other.page.locator('body').innerText()).not.toContain(holder)
  // What came along is kept, though nobody has typed yet.
  await form.back.click()
  await register.edit('王志刚')
  await expect(form.field('职称')).toHaveValue('工程师')
  await form.field('职务').fill('现场代表')
  await form.chooseRegion('现居住地址', 'pudong')
  await form.field('现居住地详细地址').fill('示例路99弄1号101室')
  await form.field('联系电话').fill('13900000077')
  await form.submit.click()
  await expect(register.row('王志刚')).toContainText('已上传')
  expect((await stage().centralOffice.registrationsOf(numberOf('王志刚'))).map(({ organization }) => organization)).toEqual([asker])
})

test('a unit asks; the other sees who asks, and refuses with a reason that is read without its name', async () => {
  const { page } = stage()
  await askFor('朱海燕')
  await expect(registerPage(other.page).beginning).toContainText('已申请迁入，等待其原单位处理。')
  await isAccessible(other.page, '申请迁入')
  await registerPage(other.page).beginning.getByRole('link', { name: '人员迁移' }).click()
  await expect(transfersPage(other.page).asked('朱海燕')).toContainText('等待处理')

  const transfers = transfersPage(page)
  await appFrame(page).syncNow()
  await expect(transfers.menu).toContainText('1件待处理')
  await transfers.menu.click()
  await expect(transfers.received('朱海燕')).toContainText(asker)
  await transfers.received('朱海燕').getByRole('button', { name: '拒绝' }).click()
  await transfers.refusing.getByRole('button', { name: '确认拒绝' }).click()
  await expect(transfers.refusing).toContainText('请填写拒绝的原因。')
  await isAccessible(page, '拒绝迁出')
  await transfers.refusing.getByRole('button', { name: '该人员仍在本单位任职。' }).click()
  await expect(transfers.refusing.getByLabel('拒绝原因')).toHaveValue('该人员仍在本单位任职。')
  await transfers.refusing.getByLabel('拒绝原因').fill('项目未完工，暂不同意。')
  await transfers.refusing.getByRole('button', { name: '确认拒绝' }).click()
  await expect(transfers.received('朱海燕')).toContainText('已拒绝')
  await expect(transfers.menu).not.toContainText('待处理')

  await transfersPage(other.page).refresh.click()
  await expect(transfersPage(other.page).asked('朱海燕')).toContainText('项目未完工，暂不同意。')
  expect(await other.page.locator('body').innerText()).not.toContain(holder)
  await appFrame(other.page).menu.getByRole('link', { name: '管理人员登记' }).click()
  await askFor('朱海燕')
  await expect(registerPage(other.page).beginning.getByRole('alert').filter({ hasText: /./ })).toContainText('该人员的迁入申请刚被拒绝，或近期申请次数较多，请在7天后再申请。')
  await registerPage(other.page).beginning.getByRole('button', { name: '关闭', exact: true }).click()
})

test('a unit asks; the other agrees while it is offline, and after its next sync the person moves', async () => {
  const { page, network } = stage()
  await askFor('韩勇')
  await registerPage(other.page).beginning.getByRole('link', { name: '人员迁移' }).click()
  const transfers = transfersPage(page)
  await transfers.refresh.click()
  await expect(transfers.received('韩勇')).toContainText('等待处理')
  network.cut()
  await transfers.received('韩勇').getByRole('button', { name: '同意迁出' }).click()
  await expect(transfers.agreeing).toContainText(`${asker} 申请该人员迁入。同意后，该人员在本单位的登记结束。`)
  await isAccessible(page, '同意迁出')
  await transfers.agreeing.getByRole('button', { name: '确认同意' }).click()
  await expect(transfers.received('韩勇')).toContainText('已同意，待上传')
  await transfers.refresh.click()
  await expect(page.getByRole('alert').filter({ hasText: '这项操作需要连接服务器' })).toBeVisible()
  network.restore()
  await appFrame(page).syncNow()
  await expect(transfers.received('韩勇')).toContainText('已迁出')
  await isAccessible(page, '人员迁移')

  const theirs = transfersPage(other.page)
  await theirs.refresh.click()
  await theirs.asked('韩勇').getByRole('button', { name: '迁入' }).click()
  await expect(managerForm(other.page).field('姓名')).toHaveValue('韩勇')
  await managerForm(other.page).back.click()
  await theirs.menu.click()
  await expect(theirs.asked('韩勇')).toContainText('已迁出')
  await isAccessible(other.page, '本单位的申请')
})

test('a request is withdrawn, and a 离职迁出 taken back before it is sent', async () => {
  const { page, network } = stage()
  await appFrame(other.page).menu.getByRole('link', { name: '管理人员登记' }).click()
  await askFor('杨帆')
  await registerPage(other.page).beginning.getByRole('link', { name: '人员迁移' }).click()
  const theirs = transfersPage(other.page)
  await theirs.asked('杨帆').getByRole('button', { name: '撤回' }).click()
  await theirs.withdrawing.getByRole('button', { name: '撤回', exact: true }).click()
  await expect(theirs.asked('杨帆')).toContainText('已撤回')

  network.cut()
  await appFrame(page).menu.getByRole('link', { name: '管理人员登记' }).click()
  await registerPage(page).edit('杨帆')
  await transfersPage(page).begin.click()
  await transfersPage(page).chooseReason('辞职')
  await transfersPage(page).leaving.getByRole('button', { name: '确认离职迁出' }).click()
  await expect(managerForm(page).status).toContainText('离职迁出等待上传，暂不能修改。')
  await page.getByRole('button', { name: '取消离职迁出' }).click()
  await expect(managerForm(page).submit).toBeVisible()
  network.restore()
})

test('a person registered offline who turns out to be registered elsewhere can be asked for from the form', async () => {
  const { network } = stage()
  const [register, form] = [registerPage(other.page), managerForm(other.page)]
  await appFrame(other.page).menu.getByRole('link', { name: '管理人员登记' }).click()
  network.cut()
  await register.beginWith(numberOf('马俊'))
  await form.fillRequired({ ...inventPerson('马俊'), idCardNo: numberOf('马俊') })
  await form.submit.click()
  await expect(register.row('马俊')).toContainText('待上传')
  network.restore()
  await appFrame(other.page).syncNow()
  await expect(register.row('马俊')).toContainText('被退回', { timeout: 30_000 })
  await register.edit('马俊')
  await expect(form.status).toContainText('该人员已登记在其他单位，请先由其原单位办理离职迁出，再在本单位登记。')
  await form.status.getByRole('button', { name: '申请迁入' }).click()
  await expect(form.status.getByLabel('姓名（与身份证一致）')).toHaveValue('马俊')
  await isAccessible(other.page, '退回后申请迁入')
  await form.status.getByRole('button', { name: '申请迁入' }).click()
  await expect(form.status).toContainText('已申请迁入，等待其原单位处理。')
  await form.back.click()
})
