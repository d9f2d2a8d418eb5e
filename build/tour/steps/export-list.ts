import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

export const exportList: TourStep = {
  name: 'export-list',
  docsPicture: 'export',
  says: 'What a list that leaves the program takes along',
  play: async ({ page }) => {
    await page.getByRole('button', { name: '导出', exact: true }).click()
    await expect(page.getByRole('dialog', { name: '导出' })).toContainText('文件带有水印、页脚和“导出说明”')
    return 'the chosen columns of the filtered list, numbers masked; in clear only for a reason that is written down'
  },
}
