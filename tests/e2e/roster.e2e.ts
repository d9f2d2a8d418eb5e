import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { readXlsx } from 'hucre/xlsx'
import { demoRoster } from '../../build/demo/roster.ts'
import { officeFile } from '../support/office-files.ts'
import { packZip } from '../support/zips.ts'
import { rosterHeaders, rosterRow, writeRosterFile } from '../support/roster-files.ts'
import { personValues } from '../support/people.ts'
import { attachments } from './page-models/attachments.ts'
import { registerPage } from './page-models/register.ts'
import { rosterPage } from './page-models/roster.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithKey } from './support/clerks.ts'
import { cameraPicture, madeFile } from './support/made-files.ts'
import { inventPerson } from './support/people.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))
const folder = mkdtempSync(join(tmpdir(), 'roster-e2e-'))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

// One roster on its way from the template to the register and back.
test.describe.configure({ mode: 'serial' })

const people = ['沈一诺', '韩二虎', '杨三多'].map((name, index) => inventPerson(name, { birthDate: `198${index}-03-07` }))
const rowOf = (index: number) => {
  const { name, idCardNo, mobile } = people[index] as (typeof people)[number]
  const { sex: _sex, birthDate: _birthDate, ...values } = personValues(index)
  return rosterRow({ ...values, name, idCardNo, mobile, sex: '', birthDate: '' }).map((text) => text || null)
}

const registered = demoRoster().find(({ values }) => values.name === '张小龙')?.values
if (!registered) throw new Error('nobody of that name in the demonstration')

test('the template is downloaded; a file that is no workbook is refused with what to do', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  await roster.open.click()
  await expect(roster.heading).toBeVisible()
  await isAccessible(stage().page, '导入名册')
  const template = await roster.download('下载模板')
  expect(template.suggestedFilename()).toBe('管理人员名册模板.xlsx')
  const saved = join(folder, 'template.xlsx')
  await template.saveAs(saved)
  const { sheets } = await readXlsx(readFileSync(saved))
  expect(sheets.map(({ name }) => name)).toEqual(['管理人员名册', '填写说明', '字典'])
  expect(sheets[0]?.rows[0]).toHaveLength(40)

  const page1 = join(folder, '网页.xls')
  writeFileSync(page1, '<html><table><tr><td>姓名</td></tr></table></html>')
  await roster.choose(page1)
  await expect(roster.refusal).toContainText('内容却是网页（HTML）')
})

test('a roster is looked through, put right in its cells, and the rest comes as an error file', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  const [first, second, third] = [rowOf(0), rowOf(1), rowOf(2)]
  second[rosterHeaders.indexOf('民族')] = '火星族'
  third[rosterHeaders.indexOf('职务')] = null
  await roster.choose(await writeRosterFile(join(folder, '名册.xlsx'), [rosterHeaders, first, second, third]))
  await expect(roster.filter('全部')).toHaveText('全部 3')
  await expect(roster.filter('错误')).toHaveText('错误 2')
  await isAccessible(stage().page, '导入名册')

  // Among those with errors it begins with the first, and they stay the ones shown.
  await roster.filter('错误').click()
  await expect(roster.says).toContainText('第3行')
  await roster.nextError.click()
  await expect(roster.says).toContainText('第3行 韩二虎：请从列表中选择民族。')
  await roster.nextError.click()
  await expect(roster.says).toContainText('第4行 杨三多：请填写职务。')
  await expect(roster.filter('错误')).toHaveAttribute('aria-pressed', 'true')
  await roster.filter('全部').click()

  await roster.nextError.click()
  await expect(roster.says).toContainText('第3行 韩二虎：请从列表中选择民族。')
  await page.keyboard.press('Enter')
  await page.keyboard.type('汉族')
  await page.keyboard.press('Enter')
  await expect(roster.filter('错误')).toHaveText('错误 1')
  // Enter has led on to the next row, whose own errors are next.
  await roster.nextError.click()
  await expect(roster.says).toContainText('第4行 杨三多：请填写职务。')
  await expect(roster.filter('新增')).toHaveText('新增 2')

  await roster.row('杨三多').getByText('请填写职务。').click()
  await expect(roster.says).toContainText('第4行 杨三多：请填写职务。')

  const errors = await roster.download('下载错误文件')
  const saved = join(folder, 'errors.xlsx')
  await errors.saveAs(saved)
  const { rows = [] } = (await readXlsx(readFileSync(saved))).sheets[0] ?? {}
  expect(rows).toHaveLength(2)
  expect(rows[1]?.[0]).toBe(people[2]?.idCardNo)
  expect(rows[0]?.at(-1)).toBe('错误信息')
  expect(rows[1]?.at(-1)).toBe('请填写职务。')
})

test('what is right is registered; what is left goes on in the preview; one click takes it back', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  await roster.onlyHere.click()
  await roster.commit.click()
  await expect(roster.done).toBeVisible()
  await expect(page.getByText('新增2人，更新0人。')).toBeVisible()
  await isAccessible(stage().page, '导入名册')
  await roster.review.click()
  await expect(roster.filter('跳过')).toHaveText('跳过 2')
  await page.getByRole('button', { name: '取消' }).click()

  await roster.back.click()
  await registerPage(page).find(people[1]?.name ?? '')
  await expect(registerPage(page).row(people[1]?.name ?? '')).toContainText('仅本机')

  await roster.open.click()
  await page.getByRole('button', { name: '撤销导入 名册.xlsx' }).click()
  await roster.undoing.getByRole('button', { name: '撤销导入' }).click()
  await expect(roster.undoing).toContainText('已撤销2人。')
  await roster.undoing.getByRole('button', { name: '关闭', exact: true }).click()
  await roster.back.click()
  await registerPage(page).find(people[1]?.name ?? '')
  await expect(page.getByText(`没有找到与“${people[1]?.name ?? ''}”相符的人员。`)).toBeVisible()
  await registerPage(page).find('')
})

/** As the browser itself reads it, checksums and all. */
const pictureSize = (page: Page, bytes: Uint8Array) =>
  page.evaluate(async (base64) => {
    const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' }))
    return [picture.width, picture.height]
  }, Buffer.from(bytes).toString('base64'))

test('the filter is exported with chosen columns, numbers masked, and the choice is remembered', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  await registerPage(page).find('张小龙')
  await expect(registerPage(page).total).toContainText('共有 1 条')
  await roster.startExport.click()
  await expect(roster.exporting).toContainText('导出当前筛选出的1人。')
  await roster.exporting.getByRole('checkbox', { name: '籍贯' }).uncheck()
  await isAccessible(stage().page, '导入名册')
  const download = page.waitForEvent('download')
  await roster.exporting.getByRole('button', { name: '导出', exact: true }).click()
  const saved = join(folder, 'export.xlsx')
  await (await download).saveAs(saved)
  const [{ rows = [], backgroundImage } = {}, facts] = (await readXlsx(readFileSync(saved))).sheets
  expect(String(rows[0]?.[0])).toContain('请勿外传')
  expect(await pictureSize(page, backgroundImage ?? new Uint8Array())).toEqual([480, 300])
  expect(facts).toMatchObject({ name: '导出说明', rows: expect.arrayContaining([['人数', '1人'], ['筛选', '查询“张小龙”']]) })
  expect(rows[1]).not.toContain('籍贯')
  expect(rows[2]?.[rows[1]?.indexOf('身份证号码') ?? -1]).toMatch(/^\d{3}\*{11}\w{4}$/)
  await roster.exporting.getByRole('button', { name: '关闭', exact: true }).click()
  await roster.startExport.click()
  await expect(roster.exporting.getByRole('checkbox', { name: '籍贯' })).not.toBeChecked()
  await page.keyboard.press('Escape')
})

test('for a reason the numbers are exported in clear, and the reason is wanted', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  await roster.startExport.click()
  await roster.inClear.check()
  await roster.exporting.getByRole('button', { name: '导出', exact: true }).click()
  await expect(roster.exporting).toContainText('请选择或填写原因后再试。')
  await isAccessible(stage().page, '导入名册')
  await roster.exporting.getByLabel('办理社保或保险').check()
  const download = page.waitForEvent('download')
  await roster.exporting.getByRole('button', { name: '导出', exact: true }).click()
  const saved = join(folder, 'clear.xlsx')
  await (await download).saveAs(saved)
  const { rows = [] } = (await readXlsx(readFileSync(saved))).sheets[0] ?? {}
  expect(rows[2]?.[rows[1]?.indexOf('身份证号码') ?? -1]).toBe(registered.idCardNo)
  await roster.exporting.getByRole('button', { name: '关闭', exact: true }).click()
  await roster.startExport.click()
  await expect(roster.inClear).not.toBeChecked()
  await page.keyboard.press('Escape')
})

test('photos in a ZIP are looked through, and those that have an owner are added', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  await roster.open.click()
  const [name, lastFour] = [registered.name, registered.idCardNo.slice(-4)]
  const zip = madeFile(folder, '照片.zip', packZip([
    { name: `${name}${lastFour}.jpg`, content: await cameraPicture(page, 900, 600) }, { name: '无名氏.jpg', content: 'x' }, { name: `${registered.idCardNo}国徽面.jpg`, content: 'no picture' },
    { name: '../李四1234.jpg', content: 'x' },
  ]))
  await roster.choosePhotos(zip)
  await expect(roster.photo(`${name}${lastFour}.jpg`)).toContainText('可加入')
  await expect(roster.photo('无名氏.jpg')).toContainText('不知道是谁的照片')
  await expect(roster.photo('国徽面.jpg')).toContainText('只改文件名没有用')
  await expect(roster.photo('李四1234.jpg')).toContainText('不予读取')
  await isAccessible(stage().page, '导入名册')
  await roster.addPhotos.click()
  await expect(page.getByText('1张照片已加入。')).toBeVisible()
  await isAccessible(stage().page, '导入名册')
  await page.getByRole('button', { name: '关闭', exact: true }).click()
  await roster.choosePhotos(zip)
  await expect(roster.photo(`${name}${lastFour}.jpg`)).toContainText('保留原来的')
  await expect(roster.addPhotos).toHaveCount(0)
  await page.getByRole('button', { name: '取消', exact: true }).click()
})

test('a roster that is dropped on the page brings the pictures of its cells along', async () => {
  const { page } = stage()
  const roster = rosterPage(page)
  const picture = { formula: '_xlfn.DISPIMG("ID_0A",1)', s: '=DISPIMG("ID_0A",1)' }
  const [person] = people
  await roster.drop('名册照片.xlsx', officeFile({ rows: [[...rosterHeaders, '照片'], [...rowOf(0), picture]], pictures: { ID_0A: await cameraPicture(page, 900, 600) } }))
  await expect(page.getByText('名册中有1张照片')).toBeVisible()
  await roster.commit.click()
  await expect(page.getByText('1张照片已加入。')).toBeVisible()
  await isAccessible(stage().page, '导入名册')
  await page.getByRole('button', { name: '完成', exact: true }).click()
  await roster.back.click()
  await registerPage(page).edit(person?.name ?? '')
  const portrait = attachments(page).photos.getByRole('button', { name: '查看正面照' }).locator('img')
  await expect.poll(() => portrait.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([600, 900])
})
