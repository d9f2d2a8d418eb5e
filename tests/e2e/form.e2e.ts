import type { Locator, Page } from '@playwright/test'
import { appFrame } from './page-models/frame.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

async function leaveBy(page: Page, choice: '保留草稿' | '放弃修改' | '放弃新增' | '继续编辑') {
  const form = managerForm(page)
  await form.back.click()
  await form.leaving.getByRole('button', { name: choice }).click()
}

/** Types in both windows at one moment, before either can hear of the other, however busy the machine. */
async function fillAtOnce(texts: readonly (readonly [Locator, string])[]): Promise<void> {
  const at = Date.now() + 500
  const fill = (field: Locator, text: string) =>
    field.evaluate(
      (input: HTMLInputElement, next) =>
        new Promise<void>((resolve) =>
          setTimeout(() => {
            input.focus()
            input.value = next.text
            input.dispatchEvent(new InputEvent('input', { bubbles: true }))
            resolve()
          }, next.at - Date.now()),
        ),
      { text, at },
    )
  await Promise.all(texts.map(([field, text]) => fill(field, text)))
}

/** Looks at each frame until the dialog is gone. */
function losesItsChoiceWhileFading(dialog: Locator): Promise<boolean> {
  return dialog.evaluate(
    (element) =>
      new Promise<boolean>((resolve) => {
        const look = () => {
          if (!element.checkVisibility()) resolve(false)
          else if (!element.querySelector('input:checked')) resolve(true)
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
}

test('提交 of an unfinished form lists what is missing, each line leads to its field, and nothing is uploaded', async () => {
  const { page, centralOffice } = stage()
  const form = managerForm(page)
  const person = inventPerson('蒋缺项')
  await registerPage(page).beginWith(person.idCardNo)
  await form.field('姓名').fill(person.name)
  await form.field('联系电话').fill('1390000')
  await form.submit.click()

  await expect(form.summary).toBeFocused()
  await expect(form.summary.getByRole('heading')).toHaveText('有9项内容需要修改，改正后再提交')
  const missing = ['职务', '职称', '民族', '户口所在地', '现居住地址', '现居住地详细地址', '籍贯', '最高学历', '联系电话']
  const lines = form.summary.getByRole('button')
  await expect(lines).toHaveCount(missing.length)
  for (const [index, label] of missing.entries()) {
    await lines.nth(index).click()
    const field = ['户口所在地', '现居住地址', '籍贯'].includes(label) ? form.region(label) : form.field(label)
    await expect(field, `${label} has the focus`).toBeFocused()
    await expect(field).toBeInViewport()
    await expect(field).toHaveAttribute('aria-invalid', 'true')
    await expect(field).toHaveAccessibleDescription(/.+/)
    await page.keyboard.press('Escape')
  }
  await form.field('职务').fill('施工员')
  await expect(form.summary.getByRole('heading')).toHaveText('有8项内容需要修改，改正后再提交')
  expect(await centralOffice.registrationsOf(person.idCardNo)).toEqual([])
  await form.back.click()
  await expect(form.leaving).toContainText('放弃新增，则删除该人员')
  await form.leaving.getByRole('button', { name: '放弃新增' }).click()
  await registerPage(page).find(person.idCardNo)
  await expect(registerPage(page).total).toContainText('共有 0 条数据')
  await registerPage(page).find('')
})

test('fields take what is typed or pasted for what it is: phone numbers, pinyin, cells of a spreadsheet', async () => {
  const { page } = stage()
  const form = managerForm(page)
  await registerPage(page).edit('孙佳怡')
  await expect(form.field('姓名')).toBeFocused()
  await form.field('联系电话').fill('+86 139-0000 1234')
  await form.field('现居住地详细地址').fill('示例路7号\t2室')
  await page.getByRole('combobox', { name: '民族' }).click()
  await page.keyboard.type('hui')
  await expect(page.getByRole('option')).toHaveText(['回族'])
  await page.keyboard.press('Enter')
  await expect(page.locator('.form-field').filter({ hasText: '民族' })).toContainText('回族')
  await expect(form.field('联系电话')).toHaveValue('13900001234')
  await expect(form.field('现居住地详细地址')).toHaveValue('示例路7号 2室')

  await form.region('籍贯').click()
  await page.keyboard.type('kunshan')
  await expect(page.getByRole('list', { name: '查找结果' }).getByRole('button').first()).toContainText('昆山')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('list', { name: '查找结果' }).getByRole('button').first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(form.region('籍贯')).toContainText('江苏省苏州市昆山市')
  await form.save.click()
  await expect(form.status).toContainText('上传状态：修改未提交')
  await expect(form.saved).toBeVisible()
  await form.back.click()
  await registerPage(page).find('')
})

test('what the reviewer sent back says why, also to a clerk who is typing in it', async () => {
  const { page, centralOffice } = stage()
  const form = managerForm(page)
  await registerPage(page).edit('严文静')
  await form.field('曾用名').fill('严文')
  await expect(form.kept).toBeVisible()
  const [found] = await centralOffice.registrationsOf(await form.field('身份证号码').inputValue())
  await centralOffice.review(found?.id ?? '', { approve: false, comment: '曾用名请附证明，修改后请重新提交。' })
  await appFrame(page).syncNow()
  await expect(form.status).toContainText('上传状态：被退回')
  await expect(form.status.getByText('审核不通过原因：')).toHaveText('审核不通过原因：曾用名请附证明，修改后请重新提交。')
  await leaveBy(page, '保留草稿')
  await expect(registerPage(page).row('严文静')).toContainText('被退回曾用名请附证明')
  await registerPage(page).find('')
})

test('返回 asks; with 保留草稿 the form opens as it was left, with 放弃修改 as it was last saved', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  await register.edit('郑浩')
  await form.field('职务').fill('资料员')
  await leaveBy(page, '继续编辑')
  await expect(form.field('职务')).toHaveValue('资料员')
  await leaveBy(page, '保留草稿')
  await expect(register.row('郑浩')).toContainText('草稿')

  await register.edit('郑浩')
  await expect(form.field('职务')).toHaveValue('资料员')
  await form.field('职称').fill('高级工程师')
  await leaveBy(page, '放弃修改')
  await expect(register.row('郑浩')).not.toContainText('草稿')
  await register.edit('郑浩')
  await expect(form.field('职务')).toHaveValue('施工员')
  await expect(form.field('职称')).toHaveValue('助理工程师')
  await form.back.click()
  await register.find('')
})

test('Ctrl+S saves on this machine; what was saved needs no question at 返回 and is not uploaded', async () => {
  const { page, centralOffice } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  const person = inventPerson('沈快捷')
  await register.beginWith(person.idCardNo)
  await form.field('姓名').fill(person.name)
  await page.keyboard.press('Control+s')
  await expect(page.getByText('已保存在本机，尚未提交。')).toBeVisible()
  await form.back.click()
  await expect(register.heading).toBeVisible()
  await register.find(person.name)
  await expect(register.row(person.name)).toContainText('仅本机')
  await expect(register.row(person.name)).toContainText('待提交')
  expect(await centralOffice.registrationsOf(person.idCardNo)).toEqual([])
  await register.find('')
})

test('sex, birth date and age follow from the ID number and are locked', async () => {
  const { page } = stage()
  const form = managerForm(page)
  const [woman, man] = [inventPerson('韩甲', { sex: '2', birthDate: '1990-03-07' }), inventPerson('韩乙', { sex: '1', birthDate: '1971-12-24' })]
  await registerPage(page).beginWith(woman.idCardNo)
  for (const label of ['性别', '出生年月日', '年龄', '工作单位']) await expect(form.field(label)).toBeDisabled()
  await expect(page.locator('.form-field').filter({ hasText: '性别' })).toContainText('女')
  await expect(form.field('出生年月日')).toHaveValue('1990-03-07')

  await form.field('身份证号码').fill(man.idCardNo)
  await expect(page.locator('.form-field').filter({ hasText: '性别' })).toContainText('男')
  await expect(form.field('出生年月日')).toHaveValue('1971-12-24')
  const ageIn = (year: number) => String(year - 1971)
  const now = new Date()
  const hadBirthday = now.getMonth() === 11 && now.getDate() >= 24
  await expect(form.field('年龄')).toHaveValue(hadBirthday ? ageIn(now.getFullYear()) : ageIn(now.getFullYear() - 1))
  await leaveBy(page, '放弃新增')
})

test.describe('two windows of one workstation on one form', () => {
  let other: Page

  test.beforeAll(async () => {
    const { page } = stage()
    other = await page.context().newPage()
    await other.goto(new URL(page.url()).origin)
    await expect(registerPage(other).total).toContainText(/共有 [1-9]/)
    for (const window of [page, other]) await registerPage(window).edit('马俊')
  })

  test('different fields: what is typed in one joins what is typed in the other', async () => {
    const { page } = stage()
    const [here, there] = [managerForm(page), managerForm(other)]
    await here.field('职务').fill('标准员')
    // The other window shows it though nobody touches it.
    await expect(there.field('职务')).toHaveValue('标准员')
    await there.field('职称').fill('工程师')
    await expect(there.kept).toBeVisible()
    await here.field('现居住地详细地址').fill('示例路7号')
    await expect(here.field('职称')).toHaveValue('工程师')
    await expect(here.field('职务')).toHaveValue('标准员')
    for (const { conflict } of [here, there]) await expect(conflict).toBeHidden()
  })

  test('the same field: one window is asked, and what was chosen is what is left', async () => {
    const { page } = stage()
    const windows = [page, other]
    await fillAtOnce([[managerForm(page).field('曾用名'), '马甲'], [managerForm(other).field('曾用名'), '马乙']])
    const isAsked = (window: Page) => managerForm(window).conflict.isVisible()
    await expect.poll(async () => (await Promise.all(windows.map(isAsked))).filter(Boolean).length).toBe(1)
    const [asked, mine, theirs] = (await isAsked(page)) ? [page, '马甲', '马乙'] : [other, '马乙', '马甲']
    const { conflict, field, kept } = managerForm(asked)
    const line = conflict.getByRole('row').filter({ hasText: '曾用名' })
    await expect(line).toContainText(mine)
    await expect(line).toContainText(theirs)
    await line.getByLabel('曾用名：我的内容').check()
    const emptied = losesItsChoiceWhileFading(conflict)
    await conflict.getByRole('button', { name: '确认' }).click()
    await expect(conflict).toBeHidden()
    expect(await emptied, 'the dialog fades out as it was').toBe(false)
    await expect(field('曾用名')).toHaveValue(mine)
    await expect(kept).toBeVisible()

    await asked.reload()
    await expect(field('曾用名')).toHaveValue(mine)
    await expect(field('职务')).toHaveValue('标准员')
    await expect(field('职称')).toHaveValue('工程师')
    await expect(field('现居住地详细地址')).toHaveValue('示例路7号')
  })

  test('locked while they disagree, the one whose text is not kept says so; unlocked it is still there', async () => {
    const { page } = stage()
    const windows = [page, other]
    await fillAtOnce([[managerForm(page).field('现居住地详细地址'), '甲路1号'], [managerForm(other).field('现居住地详细地址'), '乙路2号']])
    const isAsked = (window: Page) => managerForm(window).conflict.isVisible()
    await expect.poll(async () => (await Promise.all(windows.map(isAsked))).filter(Boolean).length).toBe(1)
    const [asked, kept, mine] = (await isAsked(page)) ? [page, other, '甲路1号'] : [other, page, '乙路2号']
    await appFrame(kept).lock()
    await expect(appFrame(kept).lockScreen).toContainText('页面已锁定，内容已保存。')
    await expect(appFrame(asked).lockScreen).toContainText('页面已锁定。最后录入的内容尚未保存，仍在本窗口中')
    await appFrame(kept).unlockWithPin()
    await expect(appFrame(asked).lockScreen).toBeHidden()
    const { conflict, field, kept: saved } = managerForm(asked)
    await conflict.getByLabel('现居住地详细地址：我的内容').check()
    await conflict.getByRole('button', { name: '确认' }).click()
    await expect(field('现居住地详细地址')).toHaveValue(mine)
    await expect(saved).toBeVisible()
  })
})
