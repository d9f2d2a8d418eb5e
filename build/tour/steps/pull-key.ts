import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const pullKey: TourStep = {
  name: 'pull-key',
  docsPicture: 'locked',
  says: 'The CA lock is pulled out',
  play: async ({ page, locks }) => {
    const pulledAt = Date.now()
    locks.pull('contractor')
    const locked = page.getByRole('dialog', { name: '已锁定' })
    await expect(locked).toContainText('CA锁已拔出，页面已锁定，内容已保存。', { timeout: 3_000 })
    return `locked after ${((Date.now() - pulledAt) / 1000).toFixed(1)} s`
  },
}
