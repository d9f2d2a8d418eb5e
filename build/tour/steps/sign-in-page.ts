import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const signInPage: TourStep = {
  name: 'sign-in-page',
  docsPicture: 'sign-in',
  says: 'The workstation opens and looks for CA locks',
  play: async ({ page }) => {
    await expect(page.getByRole('heading', { name: '修缮实名制工作站' })).toBeVisible()
    const certificate = page.getByRole('radiogroup', { name: 'CA锁证书' })
    await expect(certificate).toContainText('上海申修建设工程有限公司')
    await expect(page.getByRole('tab', { name: '用户名密码登录' })).toBeVisible()
    return `the lock of ${(await certificate.locator('strong').allTextContents()).join(', ')} is plugged in`
  },
}
