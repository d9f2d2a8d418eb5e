import type { TourStep } from '../tour-step.ts'
import { syncNow } from './clerk.ts'
import { expect } from './expect.ts'

export const cutNetwork: TourStep = {
  name: 'cut-network',
  says: 'The network is cut',
  play: async ({ page, network }) => {
    network.cut()
    await page.getByRole('link', { name: '管理人员登记' }).click()
    await syncNow(page)
    await expect(page.getByRole('button', { name: '离线' })).toBeVisible()
    return 'the page says 离线 and goes on working'
  },
}
