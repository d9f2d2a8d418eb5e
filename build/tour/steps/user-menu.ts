import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const userMenu: TourStep = {
  name: 'user-menu',
  docsPicture: 'user-menu',
  says: "The user's menu",
  play: async ({ page }) => {
    await page.getByRole('button', { name: /^当前用户/ }).click()
    const entries = page.getByRole('menuitem')
    await expect(entries).toHaveCount(4)
    return (await entries.allTextContents()).map((text) => text.trim()).join(', ')
  },
}
