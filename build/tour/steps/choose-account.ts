import { demoPin } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { giveKeyPin } from './clerk.ts'
import { expect } from './expect.ts'

export const chooseAccount: TourStep = {
  name: 'choose-account',
  docsPicture: 'account-choice',
  says: 'The right PIN, for a lock that two clerks share',
  play: async ({ page }) => {
    await giveKeyPin(page, demoPin, '登录')
    const choice = page.getByRole('radiogroup', { name: '选择账号' })
    await expect(choice.getByRole('radio')).toHaveCount(2)
    await choice.getByText('张敏').click()
    return `the clerk chooses an account: ${(await choice.locator('label').allTextContents()).join(', ')}`
  },
}
