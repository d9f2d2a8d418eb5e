import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const restoreNetwork: TourStep = {
  name: 'restore-network',
  docsPicture: 'sync',
  says: 'The network is back',
  play: async ({ page, network }) => {
    await page.getByRole('button', { name: '返回' }).click()
    await page.getByRole('heading', { name: '管理人员登记' }).waitFor()
    await page.getByRole('button', { name: /^离线/ }).click()
    await page.getByRole('button', { name: '立即同步' }).waitFor()
    network.restore()
    const asks = page.getByRole('button', { name: '需要重新验证，待上传1条' })
    // It may have noticed by itself, and then there is nothing to click.
    await Promise.race([page.getByRole('button', { name: '立即同步' }).click(), asks.waitFor()])
    await expect(asks).toBeVisible()
    return 'the page asks for the PIN once more; the queue waits for it, and says so'
  },
}
