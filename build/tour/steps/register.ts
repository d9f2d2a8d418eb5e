import { demoPassword } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const register: TourStep = {
  name: 'register',
  docsPicture: 'list',
  says: "The account's password, once on this device, opens 管理人员登记",
  play: async ({ page }) => {
    await page.getByLabel(/账号密码/).fill(demoPassword)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await expect(page.getByRole('navigation', { name: '分页' })).toContainText('共有 30 条数据，当前第 1 / 2 页')
    await expect(page.getByText('已同步')).toBeVisible()
    return "the unit's 30 managers are here, 15 on a page"
  },
}
