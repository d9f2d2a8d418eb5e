import type { TourStep } from '../tour-step.ts'
import { rowOf } from './clerk.ts'
import { expect } from './expect.ts'

export const search: TourStep = {
  name: 'search',
  says: 'Search by initials: oym',
  play: async ({ page }) => {
    await page.getByLabel('员工姓名').fill('oym')
    await expect(page.getByRole('navigation', { name: '分页' })).toContainText('共有 1 条数据')
    await expect(rowOf(page, '欧阳明')).toBeVisible()
    return 'finds 欧阳明 while typing'
  },
}
