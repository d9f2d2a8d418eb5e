import type { Workstation } from '../../build/tour/tour-step.ts'
import { attachments } from './page-models/attachments.ts'
import { appFrame } from './page-models/frame.ts'
import { organizationPage } from './page-models/organization.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithPassword } from './support/clerks.ts'
import { filesFolder, madeFile, madePdf } from './support/made-files.ts'
import { inventedPasswords } from './support/secrets.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

// 王建国, 单位管理员, at the first workstation; 李强, 经办人, at the second.
let second: Workstation
const stage = useStage(async ({ page, anotherWorkstation }) => {
  second = await anotherWorkstation('colleague')
  await Promise.all([signInPage(page).givePassword('wangjianguo'), signInWithPassword(second.page)])
  await Promise.all([page, second.page].map((each) => organizationPage(each).open()))
})
const folder = filesFolder()

// One unit, changed step by step.
test.describe.configure({ mode: 'serial' })

test('a clerk reads it all and is told who changes it', async () => {
  const { region, tab, save } = organizationPage(second.page)
  await expect(region).toContainText('91310104DEM000014T')
  await expect(region).toContainText('地址、联系人和联系电话由本单位的单位管理员修改。')
  await expect(save).toHaveCount(0)
  await tab('账号').click()
  await expect(region.getByRole('row').filter({ hasText: '王建国' })).toContainText('单位管理员')
  await expect(region.getByRole('button', { name: '新增账号' })).toHaveCount(0)
  await isAccessible(second.page, '账号')
  await tab('CA证书').click()
  await expect(organizationPage(second.page).certificates).toContainText('张敏')
  await expect(region.getByRole('button', { name: /^解除|^绑定/ })).toHaveCount(0)
  await tab('基本信息').click()
})

test('the administrator changes the contact: wrong is told, offline nothing is lost, and the colleague sees it', async () => {
  const { page, network } = stage()
  const { field, save, says, tab } = organizationPage(page)
  await field('联系电话').fill('12345')
  await save.click()
  await expect(field('联系电话')).toBeFocused()
  await expect(field('联系电话')).toHaveAccessibleDescription(/^联系电话不正确/)
  await isAccessible(page, '基本信息')
  await field('联系电话').fill('021 6234 5678')
  network.cut()
  await save.click()
  await expect(says).toHaveText('此操作需要连接服务器，现在连不上。请联网后再试。')
  // Not even by going elsewhere.
  await tab('账号').click()
  await tab('基本信息').click()
  await expect(field('联系电话')).toHaveValue('021 6234 5678')
  network.restore()
  await save.click()
  await expect(page.getByText('企业信息已保存。')).toBeVisible()
  await expect(field('联系电话')).toHaveValue('02162345678')
  await appFrame(second.page).syncNow()
  await expect(organizationPage(second.page).region).toContainText('02162345678')
})

test('an attachment of the unit goes up, and a clerk may look and download, and no more', async () => {
  const { page } = stage()
  await organizationPage(page).tab('资质附件').click()
  const mine = attachments(page)
  await mine.chooseType('营业执照')
  await mine.add(madeFile(folder, '营业执照.pdf', madePdf(1)))
  await expect(mine.state('营业执照.pdf')).toHaveText('已上传')
  await isAccessible(page, '资质附件')
  await organizationPage(second.page).tab('资质附件').click()
  await appFrame(second.page).syncNow()
  const theirs = attachments(second.page).row('营业执照.pdf')
  await expect(theirs.getByRole('button', { name: '下载 营业执照.pdf' })).toBeVisible()
  await expect(theirs.getByRole('button', { name: /^删除/ })).toHaveCount(0)
  await expect(second.page.getByRole('button', { name: '添加文件' })).toHaveCount(0)
})

test('a new account is let in with the password that is shown once, and out again', async () => {
  const { page } = stage()
  const unit = organizationPage(page)
  await unit.tab('账号').click()
  await unit.add('赵新', 'LiQiang')
  await expect(unit.adding.getByLabel('用户名')).toHaveAccessibleDescription('该用户名已被使用，请另取一个。')
  await isAccessible(page, '新增账号')
  await unit.adding.getByLabel('用户名').fill('zhaoxin')
  await unit.adding.getByRole('button', { name: '新增', exact: true }).click()
  const password = (await unit.handedOver.locator('.password').textContent()) ?? ''
  inventedPasswords.add(password)
  await isAccessible(page, '初始密码')
  await unit.handedOver.getByRole('button', { name: '已记下，关闭' }).click()
  await expect(page.getByText(password)).toHaveCount(0)
  await expect(unit.accountRow('赵新')).toContainText('待改初始密码')

  await appFrame(second.page).signOut()
  await signInPage(second.page).givePassword('zhaoxin', password)
  await expect(appFrame(second.page).changing).toContainText('您的密码已由管理员重新设置')
  await second.page.keyboard.press('Escape')
  await expect(appFrame(second.page).changing).toBeHidden()

  await unit.act('停用', '赵新', '确认停用')
  await expect(unit.accountRow('赵新')).toContainText('已停用')
  await expect(appFrame(second.page).sync).toContainText('重新验证')
})

test('of two administrators at once the second sees what stands there, and loses nothing', async () => {
  const { page } = stage()
  const mine = organizationPage(page)
  await mine.act('设为管理员', '李强', '确认设为管理员')
  await expect(mine.accountRow('李强')).toContainText('单位管理员')
  await appFrame(second.page).signOut()
  await signInWithPassword(second.page)
  const theirs = organizationPage(second.page)
  await theirs.open()
  await mine.tab('基本信息').click()
  await theirs.field('联系人').fill('李强')
  // Typed and not saved, it is not lost by going home.
  await appFrame(second.page).user.click()
  await second.page.getByRole('menuitem', { name: '退出登录' }).click()
  const leaving = second.page.getByRole('dialog', { name: '还有内容未保存' })
  await expect(leaving).toContainText('企业基本信息的联系信息改过，还没有保存，退出后不再保留。')
  await leaving.getByRole('button', { name: '继续工作' }).click()
  await expect(leaving).toBeHidden()
  await mine.field('联系人').fill('陈静')
  await mine.save.click()
  await expect(page.getByText('企业信息已保存。').last()).toBeVisible()
  await theirs.field('地址').fill('上海市徐汇区示例路101号')
  await theirs.save.click()
  await expect(theirs.says).toHaveText('企业信息刚被其他管理员修改过，您填写的内容没有保存。请与现在的内容核对后再保存。')
  await expect(theirs.region).toContainText('其他管理员已改为“陈静”。')
  await expect(theirs.field('联系人')).toHaveValue('李强')
  await theirs.region.getByRole('button', { name: '采用对方的联系人' }).click()
  await expect(theirs.field('联系人')).toHaveValue('陈静')
  await theirs.save.click()
  await expect(second.page.getByText('企业信息已保存。').last()).toBeVisible()
  await expect(theirs.field('地址')).toHaveValue('上海市徐汇区示例路101号')
})

test('a certificate of the unit is bound to one more account, and released', async () => {
  const { page } = stage()
  const { tab, certificates } = organizationPage(page)
  await tab('CA证书').click()
  await certificates.getByRole('button', { name: /^绑定账号到/ }).click()
  const dialog = page.getByRole('dialog', { name: '绑定账号' })
  await isAccessible(page, '绑定账号')
  await dialog.getByRole('combobox', { name: '账号' }).click()
  await page.getByRole('option', { name: '王建国（wangjianguo）' }).click()
  await dialog.getByRole('button', { name: '确认绑定' }).click()
  await expect(certificates).toContainText('王建国')
  await expect(certificates.getByRole('button', { name: '解除 王建国' })).toHaveCount(0)
  await certificates.getByRole('button', { name: '解除 张敏' }).click()
  await page.getByRole('dialog', { name: '解除绑定' }).getByRole('button', { name: '确认解除' }).click()
  await expect(certificates).not.toContainText('张敏')
})
