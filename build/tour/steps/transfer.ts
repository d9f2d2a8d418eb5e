import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { company, otherCompany, settled } from './cast.ts'
import { beginWith, rowOf } from './clerk.ts'
import { anotherUnitsPage } from './another-unit.ts'
import { expect } from './expect.ts'

async function closeBeginning(theirs: Page): Promise<void> {
  const dialog = theirs.getByRole('dialog', { name: '新增管理人员' })
  await dialog.getByRole('button', { name: '关闭此对话框' }).click()
  await expect(dialog).toBeHidden()
}

export const transfer: TourStep = {
  name: 'transfer',
  docsPicture: 'transfers',
  says: 'The other unit asks for somebody; this one sees who asks, and agrees',
  play: async ({ page, locks }) => {
    const theirs = anotherUnitsPage()
    await closeBeginning(theirs)
    await beginWith(theirs, settled.idCardNo)
    await theirs.getByLabel('姓名（与身份证一致）').fill(settled.name)
    await theirs.getByRole('button', { name: '申请迁入' }).click()
    await expect(theirs.getByText('已申请迁入，等待其原单位处理。')).toBeVisible()
    await closeBeginning(theirs)
    await page.getByRole('link', { name: /^人员迁移/ }).click()
    await page.getByRole('button', { name: '刷新' }).click()
    await expect(rowOf(page, settled.name)).toContainText(otherCompany)
    await page.getByRole('button', { name: `同意迁出 ${settled.name}` }).click()
    await page.getByRole('button', { name: '确认同意' }).click()
    await expect(rowOf(page, settled.name)).toContainText('已迁出')
    await theirs.getByRole('link', { name: '人员迁移' }).first().click()
    await theirs.getByRole('button', { name: '刷新' }).click()
    await expect(rowOf(theirs, settled.name)).toContainText('已迁出')
    if ((await theirs.locator('body').innerText()).includes(company)) throw new Error('the page names the unit where the person is')
    await theirs.getByRole('button', { name: `迁入 ${settled.name}` }).click()
    await expect(theirs.getByLabel('姓名', { exact: true })).toHaveValue(settled.name)
    await page.getByRole('link', { name: '管理人员登记' }).click()
    await page.getByLabel('员工姓名').fill(settled.name)
    await expect(rowOf(page, settled.name)).toContainText('离职')
    await page.getByLabel('员工姓名').fill('')
    await page.getByRole('link', { name: /^人员迁移/ }).click()
    locks.pull('implementer')
    return 'they are 离职 here, and on the other form with what may be carried over'
  },
}
