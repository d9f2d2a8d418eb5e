import type { Page } from '@playwright/test'
import { demoRoster } from '../../build/demo/roster.ts'
import type { Workstation } from '../../build/tour/tour-step.ts'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey, signInWithPassword } from './support/clerks.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

let second: Workstation
const stage = useStage(async ({ page, anotherWorkstation }) => {
  second = await anotherWorkstation('second-clerk')
  await Promise.all([signInWithKey(page), signInWithPassword(second.page)])
})

async function change(page: Page, name: string, label: string, text: string): Promise<void> {
  await registerPage(page).edit(name)
  await managerForm(page).field(label).fill(text)
  await managerForm(page).submit.click()
  await expect(registerPage(page).heading).toBeVisible()
  await expect(registerPage(page).row(name)).toContainText('待上传')
  await expect(registerPage(page).row(name)).not.toContainText('草稿')
}

/** Both try at once: who comes second finds the other's change there. */
async function uploadBoth(): Promise<void> {
  stage().network.restore()
  await Promise.all([stage().page, second.page].map((page) => appFrame(page).syncNow()))
}

async function values(page: Page, name: string, labels: readonly string[]): Promise<string[]> {
  await registerPage(page).edit(name)
  const found = await Promise.all(labels.map((label) => managerForm(page).field(label).inputValue()))
  await managerForm(page).back.click()
  return found
}

test('two clerks change different fields of one person: both changes hold at both workstations', async () => {
  const { page, network } = stage()
  network.cut()
  await change(page, '钱学军', '职称', '高级工程师')
  await change(second.page, '钱学军', '职务', '质量员')
  await uploadBoth()
  for (const clerk of [page, second.page]) {
    await expect(registerPage(clerk).row('钱学军')).toContainText('已上传')
    await appFrame(clerk).syncNow()
    await expect.poll(() => values(clerk, '钱学军', ['职称', '职务'])).toEqual(['高级工程师', '质量员'])
  }
})

test('two clerks change the same field: it is shown side by side, one is chosen, and both workstations end with that', async () => {
  const { page, network } = stage()
  network.cut()
  await change(page, '吴永康', '职务', '项目副经理')
  await change(second.page, '吴永康', '职务', '安全员')
  await uploadBoth()
  const rows = [page, second.page].map((clerk) => registerPage(clerk).row('吴永康'))
  await expect.poll(async () => (await Promise.all(rows.map((row) => row.getByText(/^(已上传|有冲突)$/).textContent()))).toSorted()).toEqual(['已上传', '有冲突'])
  const [later, earlier] = (await rows[0]?.getByText('有冲突').isVisible()) ? [page, second.page] : [second.page, page]
  const [mine, theirs] = later === page ? ['项目副经理', '安全员'] : ['安全员', '项目副经理']

  const [form, register] = [managerForm(later), registerPage(later)]
  await register.row('吴永康').getByText('处理冲突').click()
  const line = form.conflict.getByRole('row').filter({ hasText: '职务' })
  await expect(line.getByLabel('职务：我的内容')).toBeFocused()
  await expect(line.getByRole('cell')).toHaveText(['施工员', mine, theirs])
  await expect(form.conflict.getByRole('button', { name: '确认' })).toBeDisabled()
  // Put off, it is what stands between the clerk and 提交.
  await form.conflict.getByRole('button', { name: '稍后处理' }).click()
  await expect(form.conflict).toBeHidden()
  await form.submit.click()
  await expect(line.getByLabel('职务：我的内容')).toBeFocused()
  await line.getByLabel('职务：我的内容').check()
  await form.conflict.getByRole('button', { name: '确认' }).click()
  await expect(form.conflict).toBeHidden()
  await expect(form.field('职务')).toHaveValue(mine)
  await expect(later.locator('.manager-form :focus'), 'the keyboard goes on in the form').toHaveCount(1)
  await form.back.click()
  await expect(register.row('吴永康')).toContainText('已上传')

  await appFrame(earlier).syncNow()
  await expect.poll(() => values(earlier, '吴永康', ['职务'])).toEqual([mine])
})

test('a reviewer refuses a registration: the row says why, and once put right it is under review again', async () => {
  const { page, centralOffice } = stage()
  const register = registerPage(page)
  const comment = '联系电话为空号，请核对后重新提交。'
  const idCardNo = demoRoster().find(({ values: { name } }) => name === '张小龙')?.values.idCardNo ?? ''
  const [registration] = await centralOffice.registrationsOf(idCardNo)
  await centralOffice.review(registration?.id ?? '', { approve: false, comment })
  await appFrame(page).syncNow()
  // Whatever was searched for before: who waits for the clerk is one click away, and found again.
  await register.find('钱学军')
  await appFrame(page).needingAttention.click()
  await expect(register.onlyNeedingAttention).toBeVisible()
  await expect(register.query).toHaveValue('')
  // On a small screen as well the filter pushes nothing out of it.
  await page.setViewportSize({ width: 1093, height: 614 })
  await expect(register.begin).toBeInViewport({ ratio: 1 })
  await page.setViewportSize({ width: 1280, height: 720 })
  await expect(page.getByRole('row').filter({ hasText: '已上传' })).toHaveCount(0)
  await expect(register.row('张小龙')).toContainText('审核不通过')
  await expect(register.row('张小龙')).toContainText('被退回')
  await expect(register.row('张小龙')).toContainText(comment)
  await register.onlyNeedingAttention.getByRole('button', { name: '显示全部' }).click()
  await expect(register.row('钱学军')).toBeVisible()
  // Where there is room all of it can be read, and no column is pushed out of sight for it.
  await page.setViewportSize({ width: 1366, height: 768 })
  expect(await register.row('张小龙').locator('.reason').evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0)
  expect(await page.getByRole('region', { name: '管理人员列表' }).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  await page.setViewportSize({ width: 1280, height: 720 })
  await appFrame(page).needingAttention.click()
  await expect(register.row('钱学军')).toHaveCount(0)
  await page.reload()
  await expect(register.onlyNeedingAttention, 'also when the page is loaded again').toBeVisible()
  await register.find('张小龙')
  await appFrame(page).menu.getByRole('link', { name: '管理人员登记' }).click()
  await expect(register.onlyNeedingAttention).toBeHidden()
  await expect(register.query).toHaveValue('')
  await expect(register.row('钱学军')).toBeVisible()

  await register.edit('张小龙')
  await expect(managerForm(page).status).toContainText(`审核不通过原因：${comment}`)
  await managerForm(page).field('联系电话').fill('13900000099')
  await managerForm(page).submit.click()
  await expect(register.row('张小龙')).toContainText('待审核')
  await expect(register.row('张小龙')).toContainText('已上传')
  await expect(register.row('张小龙')).not.toContainText(comment)
  expect((await centralOffice.registrationsOf(idCardNo)).map(({ status }) => status)).toEqual(['pending'])
})

test('two clerks add a contact each to one person: both are there at both workstations, in one order, and nobody is asked', async () => {
  const { page, network } = stage()
  network.cut()
  for (const [clerk, name, phone] of [[page, '赵一', '13900001111'], [second.page, '赵二', '13900002222']] as const) {
    await registerPage(clerk).edit('钱学军')
    await clerk.getByRole('button', { name: '新增紧急联系人' }).click()
    const contact = clerk.getByRole('region', { name: /^紧急联系人/ }).getByRole('row', { name: '第1行' })
    await contact.getByLabel('姓名').fill(name)
    await contact.getByLabel('联系电话').fill(phone)
    await managerForm(clerk).submit.click()
    await expect(registerPage(clerk).row('钱学军')).toContainText('待上传')
  }
  await uploadBoth()
  const contacts = async (clerk: Page) => {
    await registerPage(clerk).edit('钱学军')
    const names = clerk.getByRole('region', { name: /^紧急联系人/ }).getByLabel('姓名')
    const found = await names.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))
    await managerForm(clerk).back.click()
    return found
  }
  for (const clerk of [page, second.page]) {
    await expect(registerPage(clerk).row('钱学军')).toContainText('已上传')
    await appFrame(clerk).syncNow()
    await expect.poll(() => contacts(clerk)).toEqual(['赵一', '赵二'])
  }
})
