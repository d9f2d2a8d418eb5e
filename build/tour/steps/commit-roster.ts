import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const commitRoster: TourStep = {
  name: 'commit-roster',
  says: 'What is right of the roster is registered, kept on this machine, and taken back with one click',
  play: async ({ page }) => {
    await page.getByRole('radiogroup', { name: '导入方式' }).getByText('只保存到本机', { exact: true }).click()
    await page.getByRole('button', { name: '导入1人' }).click()
    await expect(page.getByText('新增1人，更新0人。')).toBeVisible()
    await page.getByRole('button', { name: '撤销导入', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: '撤销导入' })
    await dialog.getByRole('button', { name: '撤销导入' }).click()
    await expect(dialog).toContainText('已撤销1人。')
    await dialog.getByRole('button', { name: '关闭', exact: true }).click()
    await page.getByRole('link', { name: '返回管理人员登记' }).click()
    await expect(page.getByRole('heading', { name: '管理人员登记' })).toBeVisible()
    return 'one was registered and is gone again; the two with errors never were'
  },
}
