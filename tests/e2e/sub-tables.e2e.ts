import type { Page } from '@playwright/test'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

const tableOf = (page: Page, label: string) => page.getByRole('region', { name: new RegExp(`^${label}`) })
const rowOf = (page: Page, label: string, number: number) => tableOf(page, label).getByRole('row', { name: `第${number}行` })
const index = (page: Page, label: string) => page.getByRole('navigation', { name: '表单目录' }).getByRole('button', { name: new RegExp(`^${label}，`) })

/** As Excel puts a block of cells on the clipboard. */
function pasteCells(page: Page, text: string): Promise<void> {
  return page.evaluate((cells) => {
    const data = new DataTransfer()
    data.setData('text/plain', cells)
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)
}

test('a person with rows in the sub-tables is typed with the keyboard, submitted, and stands at the central service', async () => {
  const { page, centralOffice } = stage()
  const form = managerForm(page)
  const person = inventPerson('表经历')
  await registerPage(page).beginWith(person.idCardNo)
  await form.fillRequired(person)
  await expect(index(page, '人员基本信息')).toHaveAccessibleName('人员基本信息，已填完')

  await page.getByRole('button', { name: '新增教育经历' }).click()
  await expect(tableOf(page, '教育经历').getByLabel('就读学校')).toBeFocused()
  for (const text of ['上海市示例大学', '20100901', '2014.7.1', '工程管理']) {
    await page.keyboard.insertText(text)
    await page.keyboard.press('Enter')
  }
  await page.keyboard.type('shi')
  await page.keyboard.press('Enter')
  const education = rowOf(page, '教育经历', 1)
  await expect(education.getByLabel('开始时间')).toHaveValue('2010-09-01')
  await expect(education.getByLabel('截止时间')).toHaveValue('2014-07-01')
  await expect(education).toContainText('是')
  await expect(index(page, '教育经历')).toHaveAccessibleName('教育经历，1行')

  await page.getByRole('button', { name: '新增紧急联系人' }).click()
  await pasteCells(page, '配偶\t李四\t139 0000 1234\r\n父母\t李大\t021-62345678\r\n')
  const contacts = tableOf(page, '紧急联系人')
  await expect(contacts.getByRole('status')).toContainText('已粘贴2行')
  await expect(rowOf(page, '紧急联系人', 1).getByLabel('联系电话')).toHaveValue('13900001234')
  await expect(rowOf(page, '紧急联系人', 2)).toContainText('父母')

  await form.submit.click()
  await expect(page.getByText('已提交')).toBeVisible()
  await expect(async () => expect(await centralOffice.registrationsOf(person.idCardNo)).toHaveLength(1)).toPass()
  await registerPage(page).edit(person.name)
  await expect(rowOf(page, '教育经历', 1).getByLabel('就读学校')).toHaveValue('上海市示例大学')
  await expect(rowOf(page, '紧急联系人', 2).getByLabel('姓名')).toHaveValue('李大')
  await form.back.click()
})

test('what is wrong in a row is told at its cell, in the summary and in the index, and each leads there', async () => {
  const { page } = stage()
  const form = managerForm(page)
  const person = inventPerson('表有误')
  await registerPage(page).beginWith(person.idCardNo)
  await form.fillRequired(person)
  await page.getByRole('button', { name: '新增执业证书' }).click()
  await tableOf(page, '执业证书').getByLabel('执业证书编号').fill('沪231')
  await tableOf(page, '执业证书').getByLabel('证书有效期').fill('2020-01-01')
  await page.keyboard.press('Tab')
  await expect(rowOf(page, '执业证书', 1)).toContainText('证书有效期已于2020-01-01届满，请换证或删除此行。')
  await expect(index(page, '执业证书')).toHaveAccessibleName('执业证书，1项需修改')

  await page.keyboard.press('Control+Enter')
  await expect(form.summary).toBeFocused()
  await expect(form.summary.getByRole('button')).toHaveText(['执业证书第1行：请填写执业名称。', '执业证书第1行：证书有效期已于2020-01-01届满，请换证或删除此行。'])
  await form.summary.getByRole('button').last().click()
  const until = tableOf(page, '执业证书').getByLabel('证书有效期')
  await expect(until).toBeFocused()
  await expect(until).toBeInViewport()
  await expect(until).toHaveAccessibleDescription('证书有效期已于2020-01-01届满，请换证或删除此行。')
  await until.fill('长期')
  await tableOf(page, '执业证书').getByLabel('执业名称').fill('二级建造师')
  await expect(form.summary).toHaveCount(0)
  await form.save.click()
  await expect(form.saved).toBeVisible()
  await form.back.click()
})

test('a click that leaves a wrong cell arrives, however much room the sentence under the cell takes', async () => {
  const { page } = stage()
  await registerPage(page).edit('表有误')
  await page.getByRole('button', { name: '新增执业证书' }).click()
  // The first row has that number: the sentence appears as the cell is left, and pushes down what is pressed.
  await rowOf(page, '执业证书', 2).getByLabel('执业证书编号').fill('沪231')
  await page.getByRole('button', { name: '新增获奖情况' }).click()
  await expect(rowOf(page, '执业证书', 2)).toContainText('与第1行相同')
  await expect(rowOf(page, '获奖情况', 1)).toBeVisible()
  await managerForm(page).back.click()
  await managerForm(page).leaving.getByRole('button', { name: '放弃修改' }).click()
})

test('a row that was deleted comes back by 撤销, with what was typed elsewhere meanwhile', async () => {
  const { page } = stage()
  const form = managerForm(page)
  await registerPage(page).edit('表有误')
  const licences = tableOf(page, '执业证书')
  await page.getByRole('button', { name: '新增执业证书' }).click()
  await rowOf(page, '执业证书', 2).getByLabel('执业名称').fill('一级建造师')
  await rowOf(page, '执业证书', 1).getByRole('button', { name: '删除第1行' }).click()
  await expect(licences.getByRole('status')).toContainText('已删除第1行')
  await expect(rowOf(page, '执业证书', 1).getByRole('button', { name: '删除第1行' })).toBeFocused()
  await rowOf(page, '执业证书', 1).getByLabel('执业名称').fill('注册安全工程师')
  await licences.getByRole('button', { name: '撤销' }).click()
  await expect(rowOf(page, '执业证书', 1).getByLabel('执业名称')).toHaveValue('二级建造师')
  await expect(rowOf(page, '执业证书', 2).getByLabel('执业名称')).toHaveValue('注册安全工程师')
  await expect(licences.getByRole('status')).toHaveCount(0)
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃修改' }).click()
})

test('Enter is the input method\'s while it composes; then it goes on, Shift+Enter goes back, and behind the last field waits 提交', async () => {
  const { page } = stage()
  const form = managerForm(page)
  await registerPage(page).edit('表有误')
  await expect(form.field('姓名')).toBeFocused()
  const composing = await page.context().newCDPSession(page)
  await form.field('曾用名').focus()
  await composing.send('Input.imeSetComposition', { text: 'zhang', selectionStart: 5, selectionEnd: 5 })
  // What the page hears of a key that the input method takes.
  await composing.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 })
  await expect(form.field('曾用名')).toBeFocused()
  await composing.send('Input.insertText', { text: '张' })
  await page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true))))
  await page.keyboard.press('Enter')
  await expect(form.field('社保情况')).toBeFocused()
  await page.keyboard.press('Shift+Enter')
  await expect(form.field('曾用名')).toBeFocused()
  await expect(form.field('曾用名')).toHaveValue(/张/)
  await rowOf(page, '执业证书', 1).getByLabel('备注').focus()
  await page.keyboard.press('Enter')
  await expect(form.submit).toBeFocused()
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃修改' }).click()
})

test('the next person takes over what the last one had in common, into what is still empty', async () => {
  const { page } = stage()
  const form = managerForm(page)
  await registerPage(page).edit('表有误')
  await form.field('现居住地详细地址').fill('示例宿舍3号楼')
  await form.save.click()
  await expect(form.saved).toBeVisible()
  await form.back.click()
  const next = inventPerson('表下一')
  await registerPage(page).beginWith(next.idCardNo)
  await form.field('职务').fill('资料员')
  await page.getByRole('button', { name: '沿用上一人' }).click()
  await expect(form.field('职务')).toHaveValue('资料员')
  await expect(form.field('职称')).toHaveValue('工程师')
  await expect(form.field('现居住地详细地址')).toHaveValue('示例宿舍3号楼')
  await expect(form.region('户口所在地')).toContainText('徐汇')
  await expect(form.field('联系电话')).toHaveValue('')
  await expect(page.getByRole('button', { name: '沿用上一人' })).toHaveCount(0)
  await page.getByRole('button', { name: '籍贯同户口所在地' }).click()
  await expect(form.region('籍贯')).toContainText('徐汇')
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃新增' }).click()
})
