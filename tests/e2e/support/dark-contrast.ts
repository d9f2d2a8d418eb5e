import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What cannot be read well, or not at all, of the page as it stands where 颜色 is 深色. The rest of axe's rules does not depend on colours. */
export async function darkContrast(page: Page): Promise<string[]> {
  const before = await page.evaluate(() => document.documentElement.dataset['colours'])
  const show = (colours: string | undefined) =>
    page.evaluate(async (wanted) => {
      document.documentElement.dataset['colours'] = wanted
      // Colours fade over: half way there they have no contrast.
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
    }, colours ?? 'system')
  await show('dark')
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze()
  await show(before)
  return violations.flatMap(({ nodes }) => nodes.map(({ html, any }) => `${any[0]?.message ?? ''} ${html}`))
}
