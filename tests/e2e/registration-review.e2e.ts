import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { demoUnits } from '../../build/demo/units.ts'
import { attachments } from './page-models/attachments.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible } from './support/accessible.ts'
import { cameraPicture, filesFolder, madeFile, madePdf } from './support/made-files.ts'
import { inventPerson, type InventedPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const company = demoUnits.find(({ key }) => key === 'contractor')?.name ?? ''
/** One handed in here; two wait since the demonstration was made, the second of them right before. */
const first = inventPerson('岳鹏举')
const [second, third] = [{ name: '邓志远' }, { name: '曹卫国' }]
let office: Workstation
const folder = filesFolder()
const contract = madePdf(200_000)

const stage = useStage(async (set) => {
  await signInPage(set.page).givePassword('zhangmin')
  await expect(registerPage(set.page).heading).toBeVisible()
  office = await set.anotherWorkstation('reviewer')
  await signInPage(office.page).givePassword('chenjing')
  await expect(registerPage(office.page).heading).toBeVisible()
})

test.describe.configure({ mode: 'serial' })

test('a clerk hands in a registration with a photo and a file, which then waits', async () => {
  const { page } = stage()
  await submit(page, first)
  await registerPage(page).edit(first.name)
  const form = attachments(page)
  await form.addPhoto('身份证人像面', madeFile(folder, '人像面.jpg', await cameraPicture(page, 1_600, 1_000)))
  await form.chooseType('劳动合同')
  await form.add(madeFile(folder, '合同.pdf', contract))
  await expect(form.state('合同.pdf')).toHaveText('已上传')
  await expect(form.photos.getByText('已上传')).toBeVisible()
  await managerForm(page).back.click()
})

async function submit(page: Page, person: InventedPerson): Promise<void> {
  const [register, form] = [registerPage(page), managerForm(page)]
  await register.find('')
  await register.beginWith(person.idCardNo)
  await expect(form.heading).toBeVisible()
  await form.fillRequired(person)
  await form.submit.click()
  await expect(register.heading).toBeVisible()
  await register.find(person.name)
  await expect(register.row(person.name)).toContainText('已上传')
  await expect(register.row(person.name)).toContainText('待审核')
}

function reviewPage(page: Page) {
  return {
    menu: page.getByRole('link', { name: '登记审核', exact: true }),
    heading: page.getByRole('heading', { name: '登记审核' }),
    query: page.getByLabel('员工姓名', { exact: true }),
    search: page.getByRole('button', { name: '查询' }),
    table: page.getByRole('region', { name: '待审核的登记' }),
    row: (name: string) => page.getByRole('row').filter({ hasText: name }),
    open: (name: string) => page.getByRole('button', { name: `审核 ${name}` }),
    whole: page.getByRole('region', { name: '登记内容' }),
    approve: page.getByRole('button', { name: '审核通过', exact: true }),
    refuse: page.getByRole('button', { name: '审核不通过', exact: true }),
    refusing: page.getByRole('dialog', { name: '审核不通过' }),
    approving: page.getByRole('dialog', { name: '审核通过' }),
    total: page.getByRole('status').filter({ hasText: /^共有/ }),
    title: (name: string) => page.getByRole('heading', { name, exact: true }),
  }
}

test('only who has 登记审核 finds it in the menu; the list is masked and says from whom', async () => {
  await expect(reviewPage(stage().page).menu).toHaveCount(0)
  const { page } = office
  const review = reviewPage(page)
  await review.menu.click()
  await expect(review.heading).toBeVisible()
  for (const { name } of [first, second, third]) await expect(review.row(name)).toContainText(company)
  await expect(review.row(first.name)).toContainText(`${first.idCardNo.slice(0, 3)}***********${first.idCardNo.slice(-4)}`)
  await expect(review.row(first.name)).not.toContainText(first.idCardNo)
  await isAccessible(page, '登记审核')
})

test('photos lie beside the record and files below it, to be looked at and saved; keys lead on, decide, and leave what is typed alone', async () => {
  const { page } = office
  const review = reviewPage(page)
  await review.open(first.name).click()
  const photos = page.getByRole('region', { name: '人员相片' })
  const preview = page.getByRole('dialog', { name: /^预览/ })
  await expect(photos.getByText('没有照片')).toHaveCount(2)
  await photos.getByRole('button', { name: '查看身份证人像面' }).click()
  await expect(preview.getByRole('img', { name: '人像面.jpg' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(preview).toBeHidden()
  const row = page.getByRole('table', { name: '附件', exact: true }).getByRole('row').filter({ hasText: '合同.pdf' })
  await expect(row).toContainText('劳动合同')
  await row.getByRole('button', { name: '合同.pdf', exact: true }).click()
  await expect(preview.locator('canvas')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(preview).toBeHidden()
  const coming = page.waitForEvent('download')
  await row.getByRole('button', { name: '下载 合同.pdf' }).click()
  expect(readFileSync(await (await coming).path()).equals(contract)).toBe(true)
  await isAccessible(page, '审核 with photos')

  await page.keyboard.press('Alt+ArrowUp')
  await expect(review.title(first.name)).toBeHidden()
  // While the next one is being read there is nothing to go on from.
  await expect(review.whole).toBeVisible()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.keyboard.press('Alt+ArrowDown')
  await expect(review.title(first.name)).toBeVisible()
  await page.keyboard.press('Control+Backspace')
  const reason = review.refusing.getByLabel('审核意见')
  await reason.fill('材料 不全')
  await page.keyboard.press('Control+Backspace')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(reason).toHaveValue('材料 ')
  await expect(review.title(first.name)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(review.refusing).toBeHidden()
  await page.getByRole('button', { name: '返回' }).click()
})

test('one is found by pinyin, read whole with every field, refused with a preset reason, and the next is there without going back', async () => {
  const { page } = office
  const review = reviewPage(page)
  await review.query.fill('yuepengju')
  await review.search.click()
  await expect(review.total).toHaveText('共有 1 条待审核，已显示 1 条')
  await review.query.fill('')
  await review.search.click()
  await review.open(first.name).click()
  await expect(review.title(first.name)).toBeVisible()
  for (const text of [first.idCardNo, first.mobile, '施工员', '汉族', '上海市徐汇区', '示例路99弄1号101室', '本科', company]) await expect(review.whole).toContainText(text)
  await isAccessible(page, '审核')
  await review.refuse.click()
  await review.refusing.getByRole('button', { name: '确认不通过' }).click()
  await expect(review.refusing).toContainText('请选择或填写原因后再试。')
  await review.refusing.getByLabel('审核意见').fill(`应为${first.idCardNo}`)
  await expect(review.refusing).toContainText('原因中请不要写身份证号码')
  await review.refusing.getByRole('button', { name: /^职称与所附材料不一致/ }).click()
  await isAccessible(page, '审核不通过')
  await review.refusing.getByRole('button', { name: '确认不通过' }).click()
  await expect(review.title(second.name)).toBeVisible()
})

test('the clerk reads the reason on the row and in the form, corrects, and hands in again', async () => {
  const { page } = stage()
  const [register, form] = [registerPage(page), managerForm(page)]
  const bell = page.getByRole('button', { name: '消息，1条未读' })
  await bell.click()
  const messages = page.getByRole('list', { name: '消息' })
  await expect(messages.getByRole('listitem').first()).toContainText(`登记审核不通过`)
  await expect(messages.getByRole('listitem').first()).toContainText(first.name)
  await isAccessible(page, '消息')
  await page.getByRole('button', { name: '全部标为已读' }).click()
  await expect(page.getByRole('button', { name: '消息', exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await register.find(first.name)
  await expect(register.row(first.name)).toContainText('审核不通过')
  await expect(register.row(first.name)).toContainText('职称与所附材料不一致')
  await register.edit(first.name)
  await expect(form.status).toContainText('审核不通过原因：职称与所附材料不一致')
  await page.getByRole('button', { name: '审核记录' }).click()
  const history = page.getByRole('dialog', { name: '审核记录' })
  await expect(history).toContainText('陈静')
  await expect(history).toContainText('职称与所附材料不一致')
  await page.keyboard.press('Escape')
  await form.field('职称').fill('助理工程师')
  await form.submit.click()
  await expect(register.heading).toBeVisible()
  await register.find(first.name)
  await expect(register.row(first.name)).toContainText('待审核')
  await expect(register.row(first.name)).toContainText('已上传')
})

test('what was changed after it was opened is not approved unseen; read again, it is, and tells what was said before', async () => {
  const { page } = office
  const review = reviewPage(page)
  await expect(review.title(second.name)).toBeVisible()
  const clerk = stage().page
  await registerPage(clerk).edit(second.name)
  await managerForm(clerk).field('职务').fill('安全员')
  await managerForm(clerk).submit.click()
  await registerPage(clerk).find(second.name)
  await expect(registerPage(clerk).row(second.name)).toContainText('已上传')
  await review.approve.click()
  await expect(page.getByText('该登记在您查看之后被修改过，请看过现在的内容再审核。')).toBeVisible()
  await page.getByRole('button', { name: '重新读取' }).click()
  await expect(review.whole).toContainText('安全员')
  await review.approve.click()
  await expect(review.title(second.name)).toBeHidden()
  // And on with the next, all of it.
  await expect(review.whole).toContainText('身份证号码')
  await page.getByRole('button', { name: '返回' }).click()
  await expect(review.row(first.name)).toContainText('再次提交')
  await review.open(first.name).click()
  await expect(review.whole).toContainText('上次审核不通过原因：职称与所附材料不一致')
  await expect(review.whole).toContainText('助理工程师')
  await page.getByRole('button', { name: '返回' }).click()
})

test('several are approved at once', async () => {
  const { page } = office
  const review = reviewPage(page)
  for (const { name } of [first, third]) await page.getByRole('checkbox', { name: `选择 ${name}` }).check()
  await expect(page.getByText('已选2人')).toBeVisible()
  await review.approve.click()
  await expect(review.approving).toContainText(first.name)
  await review.approving.getByRole('button', { name: '确认通过' }).click()
  await expect(review.row(third.name)).toHaveCount(0)
  await page.getByRole('button', { name: '审核记录' }).click()
  const decided = page.getByRole('region', { name: '审核记录' })
  await expect(decided.getByRole('row').filter({ hasText: third.name })).toContainText('审核通过')
  await expect(decided.getByRole('row').filter({ hasText: '审核不通过' }).first()).toContainText(first.name)
  // Half faded it has no contrast.
  await expect(page.getByText('已审核2人')).toBeHidden()
  await isAccessible(page, '审核记录')
  await page.getByRole('button', { name: '待审核' }).click()
  const clerk = registerPage(stage().page)
  await clerk.find(third.name)
  await appFrame(stage().page).syncNow()
  await expect(clerk.row(third.name)).toContainText('审核通过')
})

test('offline, the page says that reviewing needs the line, and goes on once it is back', async () => {
  const { page } = office
  const review = reviewPage(page)
  stage().network.cut()
  await review.search.click()
  await expect(page.getByText('审核需要连接服务器，现在连不上。请联网后再试。')).toBeVisible()
  stage().network.restore()
  await review.search.click()
  await expect(page.getByText('审核需要连接服务器')).toHaveCount(0)
})
