import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './stage-fixture.ts'

const wide = { width: 1366, height: 768 }
/** The same screen at 125 % of Windows' scaling: what is tight is tight here. */
const narrow = { width: 1093, height: 614 }
export const windowSizes = [wide, narrow] as const

/**
 * Claims that the page as it stands is as wide as the window in both, breaks no serious rule of axe, and can be read where 颜色 is 深色.
 * Leaves the window narrow.
 */
export async function isAccessible(page: Page, what: string): Promise<void> {
  for (const size of windowSizes) {
    await page.setViewportSize(size)
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${what} is as wide as the window, ${size.width}`).toBeLessThanOrEqual(size.width)
  }
  await isStill(page)
  const { violations } = await axe(page).analyze()
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect.soft(grave.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`), what).toEqual([])
  expect.soft(await darkContrast(page), `${what}, dark`).toEqual([])
}

/**
 * A message that comes or goes has no colours to judge. Legacy mode asks within the page, where the other opens one more page for
 * each answer: that is for frames of other origins, which no page of ours has.
 */
const axe = (page: Page) => new AxeBuilder({ page }).exclude('.el-message').setLegacyMode()

const isStill = (page: Page) => page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))

/** The rest of axe's rules does not depend on colours. */
async function darkContrast(page: Page): Promise<string[]> {
  const before = await page.evaluate(() => document.documentElement.dataset['colours'])
  const show = async (colours: string | undefined) => {
    await page.evaluate((wanted) => void (document.documentElement.dataset['colours'] = wanted), colours ?? 'system')
    await isStill(page)
  }
  await show('dark')
  const { violations } = await axe(page).withRules(['color-contrast']).analyze()
  await show(before)
  return violations.flatMap(({ nodes }) => nodes.map(({ html, any }) => `${any[0]?.message ?? ''} ${html}`))
}
