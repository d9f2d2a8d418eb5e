import { demoPin } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { interrupted } from './cast.ts'
import { giveKeyPin } from './clerk.ts'
import { expect } from './expect.ts'

export const unlockOffline: TourStep = {
  name: 'unlock-offline',
  says: 'Started again, signed in offline with the same lock',
  play: async ({ workstation }) => {
    await workstation.start()
    const { page } = workstation
    await giveKeyPin(page, demoPin, '登录')
    await page.getByRole('radiogroup', { name: '选择账号' }).getByRole('radio', { name: '张敏' }).press('Enter')
    await expect(page.getByRole('heading', { name: '人员基本信息' })).toBeVisible()
    await expect(page.getByLabel('姓名', { exact: true })).toHaveValue(interrupted.name)
    await expect(page.getByLabel('职务', { exact: true })).toHaveValue('施工员')
    return 'it opens where the clerk was, with all that was typed'
  },
}
