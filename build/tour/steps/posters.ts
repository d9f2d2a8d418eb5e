import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { signInWithPassword } from './clerk.ts'
import { expect } from './expect.ts'

let seen: Page | undefined

/** Of the first poster that is shown, as it stands in its address. */
export async function shownPosterCode(): Promise<string> {
  const shown = await seen?.getByRole('dialog', { name: '项目二维码' }).locator('.code').first().textContent()
  if (!shown) throw new Error('no poster is shown yet')
  return shown.replaceAll('-', '')
}

export const posters: TourStep = {
  name: 'posters',
  docsPicture: 'posters',
  says: '项目二维码 of two projects, as they will be printed',
  play: async ({ anotherWorkstation }) => {
    const { page } = await anotherWorkstation('posters')
    seen = page
    await signInWithPassword(page, 'liqiang')
    await page.getByRole('link', { name: '项目人员绑定' }).click()
    for (const number of ['2603HK0001', '2602XH0014']) await page.getByRole('checkbox', { name: `选择 ${number}` }).check()
    await page.getByRole('button', { name: '项目二维码（2）' }).click()
    const dialog = page.getByRole('dialog', { name: '项目二维码' })
    await dialog.getByRole('button', { name: '下一页' }).click()
    await expect(dialog.getByText('第2页，共2页')).toBeVisible()
    await expect(dialog.locator('canvas')).not.toHaveClass(/drawing/)
    return 'one PDF, a page each, with codes of their own; a code can be changed for another, or stopped'
  },
  picture: () => seen,
}
