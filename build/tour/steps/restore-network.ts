import type { TourStep } from '../tour-step.ts'
import { syncNow } from './clerk.ts'
import { expect } from './expect.ts'

export const restoreNetwork: TourStep = {
  name: 'restore-network',
  docsPicture: '05-sync',
  says: 'The network is back',
  play: async ({ page, network }) => {
    await page.getByRole('button', { name: '返回' }).click()
    const keep = page.getByRole('button', { name: '保留草稿' })
    await Promise.race([keep.click(), page.getByRole('heading', { name: '管理人员登记' }).waitFor()])
    network.restore()
    await syncNow(page)
    await expect(page.getByRole('button', { name: /需要重新验证/ })).toBeVisible()
    return 'the page asks for the PIN once more; the queue waits for it, and says so'
  },
}
