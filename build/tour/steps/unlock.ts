import { demoPin } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { giveKeyPin } from './clerk.ts'
import { expect } from './expect.ts'

export const unlock: TourStep = {
  name: 'unlock',
  says: 'The same lock is back',
  play: async ({ page, locks }) => {
    locks.plug('contractor')
    await giveKeyPin(page, demoPin, '解锁')
    await expect(page.getByRole('dialog', { name: '已锁定' })).toBeHidden()
    await expect(page.getByText('已同步')).toBeVisible()
    return 'unlocked where the clerk was'
  },
}
