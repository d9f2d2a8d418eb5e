import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'
import { shownPosterCode } from './posters.ts'

let phone: Page | undefined

export const workerPage: TourStep = {
  name: 'worker-page',
  says: 'A worker scans a poster',
  play: async ({ demo, anotherBrowser }) => {
    const context = await anotherBrowser({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, ignoreHTTPSErrors: true })
    phone = await context.newPage()
    await phone.goto(`${demo.centralUrl}/W/${await shownPosterCode()}`)
    await expect(phone.getByLabel('姓名')).toBeVisible()
    return 'a form in big type, with unit and project filled in; nothing is installed'
  },
  picture: () => phone,
}
