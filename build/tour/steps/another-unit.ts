import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { company, newManager, otherCompany } from './cast.ts'
import { beginWith, signInWithKey } from './clerk.ts'
import { expect } from './expect.ts'

let theirs: Page | undefined

/** For the steps that go on there. */
export function anotherUnitsPage(): Page {
  if (!theirs) throw new Error('the other unit has no page yet')
  return theirs
}

export const anotherUnit: TourStep = {
  name: 'another-unit',
  says: 'Another unit, with its own lock, tries to register the same person',
  play: async ({ anotherWorkstation, locks, centralOffice }) => {
    locks.plug('implementer')
    const workstation = await anotherWorkstation('another-unit')
    const page = (theirs = workstation.page)
    await signInWithKey(page, { company: otherCompany })
    await beginWith(page, newManager.idCardNo)
    await expect(page.locator('#id-card-no-says')).toContainText('该人员已登记在其他单位，请先由其原单位办理离职迁出，再在本单位登记。')
    if ((await page.locator('body').innerText()).includes(company)) throw new Error('the page names the unit where the person is')
    const found = await centralOffice.registrationsOf(newManager.idCardNo)
    if (found.length !== 1) throw new Error(`${found.length} registrations at the central service`)
    return 'refused, without a word about which unit has them'
  },
  picture: () => theirs,
}
