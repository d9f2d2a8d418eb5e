import type { Page } from '@playwright/test'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { attachments } from './page-models/attachments.ts'
import { appFrame } from './page-models/frame.ts'
import { signInPage } from './page-models/sign-in.ts'
import { managerForm } from './page-models/manager-form.ts'
import { isAccessible } from './support/accessible.ts'
import { cameraPicture, filesFolder, madeFile } from './support/made-files.ts'
import { textsOf } from '../support/self-registrations.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

/** In the contractor's, the supervisor's and the implementer's hands, and in nobody's list yet (build/demo/projects.ts). */
const projectNo = '2609CN0004'
/** Filed by the contractor, and registered there. */
const [manager, other] = ['陆建华', '徐丽萍']
const worker = textsOf(41)

/**
 * Sections 5.1 to 5.4 of the manual, from a project's 报建编号 to approved people, by three units and a phone at once, the rule "identity check before
 * submit" being on. Played on both databases.
 */
export function playProjectDay(options: { readonly onPostgres: boolean }): void {
  let supervisor: Workstation
  let colleague: Workstation
  let implementer: Workstation
  const folder = filesFolder()
  const stage = useStage(async (set) => {
    const [clerk, ...others] = [set.workstation, await set.anotherWorkstation('colleague'), await set.anotherWorkstation('supervisor'), await set.anotherWorkstation('implementer')]
    ;[colleague, supervisor, implementer] = others
    for (const [{ page }, username] of [[clerk, 'zhangmin'], [colleague, 'liqiang'], [supervisor, 'zhouwei'], [implementer, 'chenjing']] as const) {
      await signInPage(page).givePassword(username)
      await expect(appFrame(page).sync).toContainText('已同步')
    }
  }, options)
  test.describe.configure({ mode: 'serial' })

  test('5.1: each unit adds the project by its 报建编号', async () => {
    for (const page of [stage().page, supervisor.page]) {
      await openProjects(page)
      await page.getByRole('button', { name: '新增', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: '新增' })
      await dialog.getByLabel('报建编号').fill('2609cn 0004')
      await dialog.getByRole('button', { name: '下一步' }).click()
      await expect(dialog).toContainText('长宁示例坊外墙保温修缮工程')
      await dialog.getByRole('button', { name: '确认新增' }).click()
      await expect(page.getByRole('link', { name: `管理人员 ${projectNo}` })).toBeVisible()
    }
    await expect(stage().page.getByRole('link', { name: `管理人员 ${projectNo}，3人` })).toBeVisible()
  })

  test('5.2: whoever was not checked is not submitted, and the row says what to do; two clerks check, and the manager goes to the implementer', async () => {
    const { page } = stage()
    await page.getByRole('link', { name: `管理人员 ${projectNo}` }).click()
    const people = peopleList(page)
    await expect(people.row(manager)).toContainText('还没有完成身份核验')
    await people.choose(manager, other)
    await people.submit.click()
    await expect(page.getByRole('dialog', { name: '提交结果' })).toContainText('2人没有提交')
    await page.getByRole('dialog', { name: '提交结果' }).getByRole('button', { name: '知道了' }).click()

    await page.getByRole('button', { name: `查看 ${manager}` }).click()
    const form = attachments(page)
    for (const [label, words] of [['身份证人像面', '身份证'], ['正面照', '正面']] as const) await form.addPhoto(label, madeFile(folder, `${words}.jpg`, await cameraPicture(page, 1_000, 700)))
    await expect(form.photos.getByText('已上传')).toHaveCount(2)
    await checkIdentity(page, colleague.page, manager)
    await openProjects(page)
    await page.getByRole('link', { name: `管理人员 ${projectNo}` }).click()
    await expect(people.row(manager)).toContainText('可以提交')
    await people.choose(manager)
    await people.submit.click()
    await expect(people.row(manager)).toContainText('待审核')
  })

  test('5.3: a worker scans the poster and fills in the form; the clerk holds it against the photos, registers the worker, and hands both in', async () => {
    const { page } = stage()
    await openProjects(page)
    await page.getByRole('button', { name: `项目二维码 ${projectNo}` }).click()
    const posters = page.getByRole('dialog', { name: '项目二维码' })
    const code = ((await posters.locator('.code').textContent()) ?? '').replaceAll('-', '')
    await posters.getByRole('button', { name: '关闭', exact: true }).click()
    const phone = await stage().anotherBrowser({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, ignoreHTTPSErrors: true })
    const scanned = await phone.newPage()
    await fillInOnPhone(scanned, `${stage().demo.centralUrl}/W/${code}`)

    await page.getByRole('link', { name: `现场作业人员 ${projectNo}` }).click()
    await page.getByRole('button', { name: '扫码登记（1）' }).click()
    await page.getByRole('button', { name: `核对 ${worker.name}` }).click()
    const check = page.getByRole('dialog', { name: '核对登记' })
    await expect(check.getByRole('img', { name: '正面照' })).toBeVisible()
    await expect(check).toContainText(worker.idCardNo)
    await isAccessible(page, '核对登记')
    await check.getByRole('button', { name: '退回' }).click()
    const returning = page.getByRole('dialog', { name: '退回' })
    await expect(returning).toContainText('原因会显示在工人的手机上')
    await returning.getByRole('button', { name: '取消' }).click()
    await check.getByRole('button', { name: '核对登记' }).click()
    await managerForm(page).submit.click()
    await openProjects(page)
    await page.getByRole('link', { name: `现场作业人员 ${projectNo}` }).click()
    await expect(peopleList(page).row(worker.name)).toContainText('还没有完成身份核验')
    await page.getByRole('button', { name: `查看 ${worker.name}` }).click()
    await expect(attachments(page).photos.getByText('已上传')).toHaveCount(2)
    await checkIdentity(page, colleague.page, worker.name)
    await openProjects(page)
    await page.getByRole('link', { name: `现场作业人员 ${projectNo}` }).click()
    await expect(peopleList(page).row(worker.name)).toContainText('可以提交')
    await peopleList(page).choose(worker.name)
    await peopleList(page).submit.click()
    await expect(peopleList(page).row(worker.name)).toContainText('待审核')
    await scanned.getByRole('button', { name: '查询最新状态' }).click()
    await expect(scanned.getByText('已登记')).toBeVisible()
    await phone.close()
    await openProjects(page)
    await page.getByRole('link', { name: `管理人员 ${projectNo}` }).click()
  })

  test('5.4: the implementer hears of it by itself, returns it with a reason, and approves it once it was submitted again', async () => {
    const { page } = implementer
    await page.getByRole('link', { name: '项目人员登记绑定审核' }).click()
    await page.getByRole('link', { name: `${projectNo} 实施单位待审核人员 2人` }).click()
    await page.getByRole('button', { name: `查看 ${manager}` }).click()
    await expect(page.getByRole('region', { name: '人员内容' })).toContainText('非人脸核验')
    await page.getByRole('button', { name: '审核不通过' }).click()
    const refusing = page.getByRole('dialog', { name: /审核不通过/ })
    await refusing.getByRole('textbox').fill('项目岗位与备案不一致。')
    await refusing.getByRole('button', { name: '确认不通过' }).click()
    await expect(refusing).toBeHidden()

    const clerk = stage().page
    await expect(peopleList(clerk).row(manager)).toContainText('审核意见：项目岗位与备案不一致。')
    await expect(appFrame(clerk).messages).toHaveAccessibleName(/未读/)
    await clerk.getByRole('button', { name: `修改登记 ${manager}` }).click()
    await expect(clerk.getByRole('status').filter({ hasText: '项目绑定审核不通过，审核意见：项目岗位与备案不一致。' })).toBeVisible()
    await managerForm(clerk).back.click()
    await clerk.getByRole('button', { name: `重新提交 ${manager}` }).click()
    await expect(peopleList(clerk).row(manager)).toContainText('待审核')

    await page.getByRole('link', { name: '项目人员登记绑定审核' }).click()
    await page.getByRole('link', { name: `${projectNo} 实施单位待审核人员 2人` }).click()
    for (const name of [manager, worker.name]) await page.getByRole('checkbox', { name: `选择 ${name}` }).check()
    await page.getByRole('button', { name: '确认', exact: true }).click()
    await page.getByRole('dialog', { name: '审核' }).getByRole('button', { name: '确认通过' }).click()
    await expect(page.getByRole('dialog', { name: '审核' })).toContainText('2 人审核通过')
    await expect(peopleList(clerk).row(manager)).toContainText('审核通过')
  })

  test('退场: whoever leaves stays in the list of those who left, and the project in their 修缮工程工作经历', async () => {
    const { page } = stage()
    await page.getByRole('button', { name: `退场 ${manager}` }).click()
    await page.getByRole('dialog', { name: '退场' }).getByRole('button', { name: '退场' }).click()
    await expect(page.getByLabel('姓名')).toBeFocused()
    await expect(peopleList(page).row(manager)).toBeHidden()
    await page.locator('.tools .status').click()
    await page.getByRole('option', { name: '已退场', exact: true }).click()
    await expect(peopleList(page).row(manager)).toContainText('退场')
    await page.getByRole('button', { name: `查看 ${manager}` }).click()
    await expect(page.getByRole('region', { name: '修缮工程工作经历' }).getByRole('row').filter({ hasText: projectNo })).toContainText('2026-10-08')
  })
}

async function openProjects(page: Page): Promise<void> {
  await appFrame(page).menu.getByRole('link', { name: '项目人员绑定', exact: true }).click()
}

function peopleList(page: Page) {
  return {
    row: (name: string) => page.getByRole('row').filter({ has: page.getByRole('checkbox', { name: `选择 ${name}` }) }),
    choose: async (...names: string[]) => {
      for (const name of names) await page.getByRole('checkbox', { name: `选择 ${name}` }).check()
    },
    submit: page.getByRole('button', { name: '提交', exact: true }),
  }
}

/** 非人脸核验 of the person whose form is open, by the clerk there and by a colleague. */
async function checkIdentity(page: Page, colleague: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '非人脸核验' }).click()
  const dialog = (at: Page) => at.getByRole('dialog', { name: '非人脸核验' })
  await expect(dialog(page).getByRole('group', { name: '核对照片' }).getByRole('img')).toHaveCount(2)
  await dialog(page).getByRole('checkbox', { name: /我已核对/ }).check()
  await isAccessible(page, '非人脸核验')
  await dialog(page).getByRole('button', { name: '核验通过' }).click()
  await expect(dialog(page)).toContainText('等待本单位另一位人员')
  await dialog(page).getByRole('button', { name: '关闭', exact: true }).click()
  await appFrame(colleague).menu.getByRole('link', { name: '身份核验' }).click()
  await colleague.getByRole('button', { name: '刷新' }).click()
  await colleague.getByRole('button', { name: `复核 ${name}` }).click()
  await expect(dialog(colleague).getByRole('group', { name: '核对照片' }).getByRole('img')).toHaveCount(2)
  await dialog(colleague).getByRole('checkbox', { name: /我已核对/ }).check()
  await dialog(colleague).getByRole('button', { name: '复核通过' }).click()
  await expect(dialog(colleague)).toContainText('该人员已完成身份核验：非人脸核验')
  await dialog(colleague).getByRole('button', { name: '关闭', exact: true }).click()
}

async function fillInOnPhone(phone: Page, address: string): Promise<void> {
  await phone.goto(address)
  await phone.getByLabel('姓名').fill(worker.name)
  await phone.getByRole('textbox', { name: '身份证号码' }).fill(worker.idCardNo)
  await phone.getByLabel('民族').selectOption(worker.ethnicity)
  for (const label of ['籍贯', '现居住地址', '户口所在地']) {
    for (const [level, name] of [['省、直辖市', '江苏省'], ['市、区', '南京市'], ['区、县', '玄武区']] as const) await phone.getByLabel(`${label}（${level}）`).selectOption({ label: name })
  }
  await phone.getByLabel('手机号').fill(worker.mobile)
  await phone.getByLabel('详细地址').fill(worker.residenceDetail)
  await phone.getByLabel('工种').selectOption(worker.workType)
  await phone.getByLabel('户口类型').selectOption(worker.hukouType)
  const folder = filesFolder()
  for (const label of ['拍身份证照片', '拍正面照']) await phone.getByLabel(label).setInputFiles(madeFile(folder, `${label}.jpg`, await cameraPicture(phone, 1_000, 700)))
  await phone.getByRole('checkbox').check()
  await phone.getByRole('button', { name: '提交' }).click()
  await expect(phone.getByText('待核对')).toBeVisible()
}
