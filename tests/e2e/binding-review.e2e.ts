import Sqlite from 'better-sqlite3'
import { demoPaths } from '../../build/demo/make-demo.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { isAccessible } from './support/accessible.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const projectNo = '2603HK0001'
let names: string[] = []

const stage = useStage(async (set) => {
  names = submitAll(demoPaths(set.demo.folder).centralDatabase)
  await signInPage(set.page).givePassword('chenjing')
  await expect(registerPage(set.page).heading).toBeVisible()
})

/** As if the units had submitted whomever they filed for the project. @returns their names, longest waiting first */
function submitAll(path: string): string[] {
  const db = new Sqlite(path)
  const people = db
    .prepare(
      `select b.id, r.id as registration, r.name from binding b join project p on p.id = b.project_id
      join registration r on r.id_card_no_hash = b.id_card_no_hash and r.organization_id = b.organization_id and r.status = 'active'
      where p.project_no = ? and b.status = 'unsubmitted' order by b.id`,
    )
    .all(projectNo) as { id: string; registration: string; name: string }[]
  const submit = db.prepare(`update binding set status = 'pending', registration_id = ?, submitted_at = ? where id = ?`)
  people.forEach(({ id, registration }, index) => submit.run(registration, new Date(Date.now() - (people.length - index) * 60_000).toISOString(), id))
  db.close()
  return people.map(({ name }) => name)
}

test.describe.configure({ mode: 'serial' })

test('the 实施单位 finds its projects with four counts, reads one whole, and decides by the keyboard and on many', async () => {
  const { page } = stage()
  await page.getByRole('link', { name: '项目人员登记绑定审核' }).click()
  const count = page.getByRole('link', { name: new RegExp(`^${projectNo} 实施单位待审核人员 ${names.length}人`) })
  await expect(count).toBeVisible()
  await isAccessible(page, '项目人员登记绑定审核')
  await count.click()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const [first = '', second = '', third = '', fourth = ''] = names
  for (const column of ['序号', '项目名称', '单位名称', '姓名', '人员性质', '是否完成人脸识别', '操作']) await expect(page.getByRole('columnheader', { name: column })).toBeVisible()
  await isAccessible(page, '实施单位待审核人员')

  await page.getByRole('button', { name: `查看 ${first}` }).click()
  const whole = page.getByRole('region', { name: '人员内容' })
  await expect(whole).toContainText('身份证号码')
  await isAccessible(page, '查看')
  // While one is being read there is nothing to go on from.
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.keyboard.press('Alt+ArrowDown')
  await expect(page.getByRole('heading', { name: second, exact: true })).toBeVisible()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.keyboard.press('Control+Backspace')
  const refusing = page.getByRole('dialog', { name: '审核不通过' })
  await refusing.getByRole('button', { name: /^证件照片不清晰/ }).click()
  await refusing.getByRole('button', { name: '确认不通过' }).click()
  await expect(page.getByRole('heading', { name: third, exact: true })).toBeVisible()
  // Keys are the dialog's until it is gone.
  await expect(refusing).toBeHidden()
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { name: fourth, exact: true })).toBeVisible()
  await page.getByRole('button', { name: '返回' }).click()
  await expect(row(first)).toBeVisible()
  await expect(row(third)).toHaveCount(0)

  await page.getByLabel('全选').check()
  await expect(page.getByText(`已选 ${names.length - 2} 人`)).toBeVisible()
  await page.getByRole('button', { name: '确认', exact: true }).click()
  const deciding = page.getByRole('dialog', { name: '审核' })
  await isAccessible(page, '审核 of many')
  await deciding.getByRole('button', { name: '确认通过' }).click()
  await expect(deciding.getByRole('status', { name: '审核结果' })).toContainText(`${names.length - 2} 人审核通过。`)
  await deciding.getByRole('button', { name: '关闭', exact: true }).click()
  await page.getByRole('link', { name: /^审核通过人员/ }).click()
  await expect(row(third)).toBeVisible()
  await page.getByRole('link', { name: /^审核不通过人员/ }).click()
  await expect(row(second)).toContainText('证件照片不清晰')
})
