import type { TourStep } from '../tour-step.ts'
import { newManager } from './cast.ts'
import { beginWith, closeSyncDetails } from './clerk.ts'
import { expect } from './expect.ts'

export const begin: TourStep = {
  name: 'begin',
  docsPicture: 'begin',
  says: '新增 begins with the ID number, here with a wrong one',
  play: async ({ page }) => {
    await closeSyncDetails(page)
    const { idCardNo } = newManager
    await beginWith(page, idCardNo.slice(0, 17) + (idCardNo.endsWith('1') ? '2' : '1'))
    const says = page.locator('#id-card-no-says')
    await expect(says).toContainText('校验')
    return `refused: ${(await says.locator('p').first().innerText()).trim()}`
  },
}
