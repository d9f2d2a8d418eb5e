import { demoPin } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { company, newManager } from './cast.ts'
import { giveKeyPin, rowOf } from './clerk.ts'
import { expect } from './expect.ts'

export const renewSession: TourStep = {
  name: 'renew-session',
  says: '重新验证, with one PIN',
  play: async ({ page, centralOffice }) => {
    await page.getByRole('heading', { name: '管理人员登记' }).click()
    await page.getByRole('button', { name: '重新验证', exact: true }).first().click()
    await giveKeyPin(page, demoPin, '重新验证')
    await expect(rowOf(page, newManager.name)).toContainText('已上传')
    const found = await centralOffice.registrationsOf(newManager.idCardNo)
    if (found.length !== 1 || found[0]?.organization !== company) throw new Error(`registrations at the central service: ${JSON.stringify(found)}`)
    return 'uploaded; the person is at the central service exactly once'
  },
}
