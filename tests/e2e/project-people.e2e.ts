import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const projectNo = '2603HK0001'
const worker = inventPerson('石大勇')

const stage = useStage(({ page }) => signInWithKey(page))

test.describe.configure({ mode: 'serial' })

test('the managers whom the unit has filed for a project, each with what stands against them and its cure', async () => {
  const { page } = stage()
  await appFrame(page).menu.getByRole('link', { name: '项目人员绑定' }).click()
  await page.getByRole('link', { name: new RegExp(`^管理人员 ${projectNo}`) }).click()
  const row = page.getByRole('row').filter({ hasText: '陈国强' })
  await expect(row).toContainText('该人员还没有完成身份核验')
  await isAccessible(page, '管理人员')
  await row.getByRole('checkbox').check()
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.getByRole('dialog', { name: '提交结果' })).toContainText('1人没有提交')
  await page.getByRole('button', { name: '知道了' }).click()
  await page.getByRole('button', { name: '返回', exact: true }).click()
})

test('a worker is added offline, put into a team, and is on the project once the line is back', async () => {
  const { page, network } = stage()
  const form = managerForm(page)
  await page.getByRole('link', { name: new RegExp(`^现场作业人员 ${projectNo}`) }).click()
  await expect(page.getByText('该项目上还没有本单位的现场作业人员。')).toBeVisible()
  network.cut()
  await page.getByRole('button', { name: '新增', exact: true }).click()
  await page.getByLabel('身份证号码').fill(worker.idCardNo)
  await page.getByRole('button', { name: '下一步' }).click()
  await form.field('姓名').fill(worker.name)
  await form.chooseEntry('工种', '木工')
  await form.chooseEntry('民族', '汉族')
  await form.chooseEntry('户口类型', '农村户口')
  await form.chooseRegion('户口所在地', '徐汇')
  await form.chooseRegion('现居住地址', 'pudong')
  await form.field('现居住地详细地址').fill('示例路99弄1号101室')
  await form.chooseRegion('籍贯', '昆山')
  await form.field('联系电话').fill(worker.mobile)
  await form.submit.click()
  const row = page.getByRole('row').filter({ hasText: worker.name })
  await expect(row).toContainText('待上传')
  await isAccessible(page, '现场作业人员')
  await page.getByRole('button', { name: '班组', exact: true }).click()
  await page.getByLabel('班组名称').fill('木工一班')
  await page.getByRole('button', { name: '新建', exact: true }).click()
  await page.getByRole('button', { name: '关闭', exact: true }).click()
  await row.getByRole('checkbox').check()
  await page.getByRole('button', { name: '编入班组' }).click()
  await page.getByRole('menuitem', { name: '木工一班' }).click()
  await expect(row).toContainText('木工一班')
  network.restore()
  await appFrame(page).syncNow()
  await expect(row).not.toContainText('待上传')
  await expect(row).toContainText('该人员还没有完成身份核验')
  await row.getByRole('button', { name: /^移出项目/ }).click()
  await page.getByRole('dialog', { name: '移出项目' }).getByRole('button', { name: '移出项目' }).click()
  await expect(row).toBeHidden()
})
