import type { TourStep } from '../tour-step.ts'
import { newManager } from './cast.ts'
import { rowOf, submit, submitted } from './clerk.ts'
import { expect } from './expect.ts'

export const submitOffline: TourStep = {
  name: 'submit-offline',
  says: '提交, still without a network',
  play: async ({ page, centralOffice }) => {
    await submit(page)
    await expect(rowOf(page, newManager.name)).toContainText('待上传')
    await submitted(page)
    await expect(page.getByRole('button', { name: '离线，待上传1条' })).toBeVisible()
    const found = await centralOffice.registrationsOf(newManager.idCardNo)
    if (found.length > 0) throw new Error('the central service knows the person already')
    return 'the row says 待上传, and the central service knows nothing yet'
  },
}
