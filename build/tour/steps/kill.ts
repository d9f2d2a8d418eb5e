import type { TourStep } from '../tour-step.ts'
import { interrupted } from './cast.ts'
import { beginWith } from './clerk.ts'
import { expect } from './expect.ts'

export const kill: TourStep = {
  name: 'kill',
  says: 'The workstation is killed (kill -9) while the clerk types the next person',
  play: async ({ page, workstation }) => {
    await beginWith(page, interrupted.idCardNo)
    await page.getByLabel('姓名', { exact: true }).fill(interrupted.name)
    await page.getByLabel('职务', { exact: true }).fill('施工员')
    await expect(page.getByText('草稿已保存')).toBeVisible()
    await workstation.kill()
    return 'the page has nobody to talk to any more'
  },
}
