import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { signInWithKey } from './support/clerks.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'workstation-card-'))
const card = join(folder, 'card.json')
const stage = useStage(({ page }) => signInWithKey(page), { workstation: ['--id-card-file', card] })
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('读身份证 fills in the number, asks about it and opens the form with name and 民族; a card that is not there is missed in words', async () => {
  const { page } = stage()
  const person = inventPerson('祝读卡')
  const dialog = page.getByRole('dialog', { name: '新增管理人员' })
  await registerPage(page).begin.click()
  await dialog.getByRole('button', { name: '读身份证' }).click()
  await expect(dialog).toContainText('阅读器上没有身份证，请放好证件后再读。')

  const { idCardNo } = person
  const sex = Number(idCardNo[16]) % 2 === 1 ? '男' : '女'
  writeFileSync(card, JSON.stringify({ name: person.name, sex, ethnicity: '回', birthDate: idCardNo.slice(6, 14), address: '上海市徐汇区示例路1号', idCardNo, validUntil: '长期' }))
  await dialog.getByRole('button', { name: '读身份证' }).click()
  const form = managerForm(page)
  await expect(form.field('姓名')).toHaveValue(person.name)
  await expect(form.field('身份证号码')).toHaveValue(idCardNo)
  await expect(page.locator('.form-field').filter({ hasText: '民族' })).toContainText('回族')
  await form.back.click()
  await form.leaving.getByRole('button', { name: '放弃新增' }).click()
})
