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
    for (const [tab, shown] of [['账号', '王建国'], ['CA证书', '张敏']] as const) {
      await profile.getByRole('tab', { name: tab }).click()
      await expect(profile.getByRole('table')).toContainText(shown)
    }
    await profile.getByRole('tab', { name: '基本信息' }).click()
    return 'what the unit is and how it is reached, its accounts and certificates; a clerk reads, the 单位管理员 changes'
  },
}
