import { demoRoster } from '../../build/demo/roster.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson, type InventedPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))

const right = '310100198506124487'
const wrongNumbers = [
  { what: 'nothing', typed: '', says: '请填写身份证号码。' },
  { what: 'a digit short', typed: right.slice(0, 17), says: '身份证号码应为18位，现为17位，请核对。' },
  { what: 'a digit too many', typed: `${right}1`, says: '身份证号码应为18位，现为19位，请核对。' },
  { what: 'a letter', typed: '31010019850612448Y', says: '身份证号码只能是数字，最后一位可以是X，请核对。' },
  { what: 'an X in the middle', typed: '31010019850612X487', says: '身份证号码只有最后一位可以是X，第15位不对，请核对。' },
  { what: 'a day that never was', typed: '310100198502304487', says: '身份证号码第7至14位的出生日期“1985年02月30日”不存在，请核对。' },
  { what: 'a birthday to come', typed: '310100209906124487', says: '身份证号码第7至14位的出生日期“2099年06月12日”晚于今天，请核对。' },
  { what: 'two digits swapped', typed: '310100198506214487', says: '身份证号码的校验位不对，有一位或几位输错了，请对照证件核对。' },
]

/** One whose number ends in X. */
function inventWithX(name: string): InventedPerson {
  for (;;) {
    const person = inventPerson(name)
    if (person.idCardNo.endsWith('X')) return person
  }
}

const fullWidth = (text: string) => [...text].map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)).join('')

for (const { what, typed, says } of wrongNumbers) {
  test(`新增 says what is wrong with a number: ${what}`, async () => {
    const register = registerPage(stage().page)
    await register.beginWith(typed)
    await expect(register.says).toHaveText(says)
    await expect(register.idCardNo).toHaveAttribute('aria-invalid', 'true')
    await register.cancel.click()
    await expect(register.beginning).toBeHidden()
  })
}

test('新增 offers the 18-digit form of a 15-digit number, and goes on with it', async () => {
  const { page } = stage()
  const register = registerPage(page)
  await register.beginWith('310100850612448')
  await expect(register.says).toContainText('这是15位的旧身份证号码，已停用。')
  await register.says.getByRole('button', { name: `填入 ${right}` }).click()
  await expect(register.idCardNo).toHaveValue(right)
  await register.next.click()
  await expect(managerForm(page).field('身份证号码')).toHaveValue(right)
  await managerForm(page).back.click()
})

test('新增 with the number of somebody who is here already opens them', async () => {
  const { page } = stage()
  const register = registerPage(page)
  const known = demoRoster().find(({ values }) => values.name === '金玉兰')?.values
  await register.beginWith(known?.idCardNo ?? '')
  await expect(register.says).toContainText('该人员已在本单位登记。')
  await register.says.getByRole('button', { name: '打开该人员' }).click()
  await expect(managerForm(page).field('姓名')).toHaveValue('金玉兰')
  await managerForm(page).back.click()
})

test('新增 opens empty each time, with the focus where the number is typed', async () => {
  const { page } = stage()
  const register = registerPage(page)
  const known = demoRoster().find(({ values }) => values.name === '金玉兰')?.values
  for (const typed of [known?.idCardNo ?? '', right]) {
    await register.begin.click()
    await expect(register.idCardNo).toBeFocused()
    await expect(register.idCardNo).toHaveValue('')
    await expect(register.says).toBeEmpty()
    await page.keyboard.type(typed)
    await expect(register.idCardNo).toHaveValue(typed)
    if (typed === known?.idCardNo) {
      await register.next.click()
      await expect(register.says).toContainText('该人员已在本单位登记。')
    }
    await register.cancel.click()
    await expect(register.beginning).toBeHidden()
  }
})

test('新增 lets a number be typed to its end before it says what is wrong, but not for a child', async () => {
  const { page } = stage()
  const register = registerPage(page)
  await register.begin.click()
  await expect(register.idCardNo).toBeFocused()
  for (const key of '31010085061244') {
    await page.keyboard.press(key)
    await expect(register.says).toBeEmpty()
  }
  await page.keyboard.press('8')
  await expect(register.idCardNo).toHaveValue('310100850612448')
  await expect(register.says).toBeEmpty()
  await page.keyboard.press('Enter')
  await expect(register.says).toContainText('这是15位的旧身份证号码')

  await register.idCardNo.fill(inventPerson('无名', { birthDate: '2020-01-01' }).idCardNo)
  await expect(register.says).toContainText('未满16周岁不得用工')
  await register.next.click()
  await expect(register.beginning).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(register.begin).toBeFocused()
})

test('a number changed in the form to somebody’s of this unit says so at the field, and leads there', async () => {
  const { page } = stage()
  const [form, register] = [managerForm(page), registerPage(page)]
  const known = demoRoster().find(({ values }) => values.name === '金玉兰')?.values
  await register.edit('孙佳怡')
  await form.field('身份证号码').fill(known?.idCardNo ?? '')
  await form.field('姓名').focus()
  await expect(form.field('身份证号码')).toHaveAccessibleDescription('该人员已在本单位登记。')
  await form.submit.click()
  await expect(form.summary).toContainText('该人员已在本单位登记。')
  await page.getByRole('button', { name: '打开该人员' }).click()
  await form.leaving.getByRole('button', { name: '放弃修改' }).click()
  await expect(form.field('姓名')).toHaveValue('金玉兰')
  await form.back.click()
  await register.find('')
})

const spellings: { what: string; spell: (idCardNo: string) => string }[] = [
  { what: 'a lower-case x', spell: (idCardNo) => idCardNo.toLowerCase() },
  { what: 'blanks between', spell: (idCardNo) => ` ${idCardNo.slice(0, 6)} ${idCardNo.slice(6, 14)}\u3000${idCardNo.slice(14)} ` },
  { what: 'full-width characters', spell: fullWidth },
]

for (const { what, spell } of spellings) {
  test(`新增 takes a number with ${what} for what it is`, async () => {
    const { page } = stage()
    const { idCardNo } = inventWithX('无名')
    await registerPage(page).beginWith(spell(idCardNo))
    await expect(managerForm(page).field('身份证号码')).toHaveValue(idCardNo)
    await managerForm(page).back.click()
    await expect(registerPage(page).heading).toBeVisible()
  })
}

test('新增 takes a permanent residence card of the old form; what it does not tell is typed', async () => {
  const { page } = stage()
  await registerPage(page).beginWith('USA310185061201')
  const form = managerForm(page)
  await expect(form.field('身份证号码')).toHaveValue('USA310185061201')
  await expect(form.field('出生年月日')).toBeEnabled()
  await expect(form.field('出生年月日')).toHaveValue('')
  await form.back.click()
})

test('a form that was begun and left without a word leaves nothing behind', async () => {
  const { page } = stage()
  const { idCardNo } = inventPerson('无名')
  const register = registerPage(page)
  await register.beginWith(idCardNo)
  await managerForm(page).back.click()
  await register.find(idCardNo)
  await expect(register.total).toContainText('共有 0 条数据')
  await register.find('')
})
