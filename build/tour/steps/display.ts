import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const display: TourStep = {
  name: 'display',
  docsPicture: 'display',
  says: 'Dark, and larger text',
  play: async ({ page }) => {
    await page.getByRole('menuitem', { name: '显示设置' }).click()
    const dialog = page.getByRole('dialog', { name: '显示设置' })
    await dialog.getByText('深色', { exact: true }).click()
    await dialog.getByText('大', { exact: true }).click()
    await expect(dialog.getByRole('radio', { name: '深色' })).toBeChecked()
    return 'at once, in every window of this workstation, and from its next start on'
  },
}
