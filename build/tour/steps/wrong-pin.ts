import type { TourStep } from '../tour-step.ts'
import { giveKeyPin } from './clerk.ts'
import { expect } from './expect.ts'

export const wrongPin: TourStep = {
  name: 'wrong-pin',
  says: 'A wrong PIN',
  play: async ({ page }) => {
    await giveKeyPin(page, '999999', '登录')
    await expect(page.getByText('口令错误，请核对后再试。')).toBeVisible()
    return 'the page says so, clears the PIN and tries nothing by itself'
  },
}
