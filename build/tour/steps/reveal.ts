import type { TourStep } from '../tour-step.ts'
import { contested } from './cast.ts'
import { rowOf } from './clerk.ts'
import { expect } from './expect.ts'

export const reveal: TourStep = {
  name: 'reveal',
  docsPicture: 'reveal',
  says: 'A masked number is looked at, for a reason',
  play: async ({ page }) => {
    await page.getByLabel('员工姓名').fill(contested.name)
    await page.getByRole('button', { name: `显示 ${contested.name} 的手机号码` }).click()
    await page.getByLabel('联系本人').check()
    await page.getByRole('button', { name: '显示', exact: true }).click()
    await expect(rowOf(page, contested.name)).toContainText(/1\d{10}/)
    return 'the phone number, for 30 seconds; who looked and why is told to the central service'
  },
}
