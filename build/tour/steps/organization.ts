import type { TourStep } from '../tour-step.ts'
import { company } from './cast.ts'
import { expect } from './expect.ts'

export const organization: TourStep = {
  name: 'organization',
  docsPicture: 'organization',
  says: '企业基本信息',
  play: async ({ page }) => {
    await page.getByLabel('员工姓名').fill('')
    await expect(page.getByRole('navigation', { name: '分页' })).toContainText('共有 30 条数据')
    await page.getByRole('link', { name: '企业基本信息' }).click()
    const profile = page.getByRole('region', { name: '企业基本信息' })
    await expect(profile).toContainText(company)
    await expect(profile).toContainText('91310104DEM000014T')
    return 'name, kind, credit code, address and contact of the unit, to read'
  },
}
