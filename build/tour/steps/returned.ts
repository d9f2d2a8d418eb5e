import type { TourStep } from '../tour-step.ts'
import { newManager } from './cast.ts'
import { closeSyncDetails, rowOf, syncNow } from './clerk.ts'
import { expect } from './expect.ts'

const reason = '职称与所附材料不一致，请核对后重新提交。'

export const returned: TourStep = {
  name: 'returned',
  docsPicture: 'register',
  says: 'A reviewer returns the person with a reason',
  play: async ({ page, centralOffice }) => {
    const [registration] = await centralOffice.registrationsOf(newManager.idCardNo)
    if (!registration) throw new Error('the person is not at the central service')
    await centralOffice.review(registration.id, { approve: false, comment: reason })
    await page.getByRole('link', { name: '管理人员登记' }).click()
    await page.getByLabel('员工姓名').fill('')
    await syncNow(page)
    await expect(rowOf(page, newManager.name)).toContainText('被退回')
    await expect(rowOf(page, newManager.name)).toContainText(reason)
    await closeSyncDetails(page)
    return `its row says 被退回: ${reason}`
  },
}
