import type { TourStep } from '../tour-step.ts'
import { newManager } from './cast.ts'
import { beginWith, submit } from './clerk.ts'
import { expect } from './expect.ts'

export const submitIncomplete: TourStep = {
  name: 'submit-incomplete',
  docsPicture: 'form-errors',
  says: 'The right ID number opens the form; 提交 with most of it missing',
  play: async ({ page }) => {
    await beginWith(page, newManager.idCardNo)
    await expect(page.getByRole('heading', { name: '人员基本信息' })).toBeVisible()
    await expect(page.getByLabel('出生年月日')).toHaveValue('1986-05-21')
    await expect(page.getByLabel('出生年月日')).toBeDisabled()
    await submit(page)
    const title = page.getByRole('heading', { name: /项内容需要修改/ })
    await expect(title).toBeVisible()
    return `sex, birth date and age follow from the number; ${await title.innerText()}`
  },
}
