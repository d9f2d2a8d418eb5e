import type { TourStep } from '../tour-step.ts'
import { contested } from './cast.ts'
import { openForm, rowOf } from './clerk.ts'
import { expect } from './expect.ts'

export const settleConflict: TourStep = {
  name: 'settle-conflict',
  says: "The clerk takes the colleague's text",
  play: async ({ page }) => {
    await page.getByRole('radio', { name: '职务：服务器上的内容' }).check()
    await page.getByRole('dialog', { name: '处理冲突' }).getByRole('button', { name: '确认' }).click()
    await expect(page.getByRole('dialog', { name: '处理冲突' })).toBeHidden()
    await page.getByRole('button', { name: '返回' }).click()
    await expect(rowOf(page, contested.name)).toContainText('已上传')
    await openForm(page, contested.name)
    await expect(page.getByLabel('职务', { exact: true })).toHaveValue(contested.theirs)
    return `settled and uploaded; both sides have ${contested.theirs}`
  },
}
