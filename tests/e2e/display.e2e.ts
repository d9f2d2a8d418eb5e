import type { Page } from '@playwright/test'
import { appFrame } from './page-models/frame.ts'
import { registerPage } from './page-models/register.ts'
import { signInPage } from './page-models/sign-in.ts'
import { displayDialog } from './page-models/display.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithKey } from './support/clerks.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage()

test.describe.configure({ mode: 'serial' })

const look = (page: Page) => page.evaluate(() => ({ surface: getComputedStyle(document.querySelector('.card') ?? document.body).backgroundColor, size: getComputedStyle(document.body).fontSize }))
const light = 'rgb(255, 255, 255)'
const dark = 'rgb(29, 35, 43)'

test('the page is light at the usual size where the system is, and dark where that is', async () => {
  const { page } = stage()
  await expect(signInPage(page).pin).toBeVisible()
  expect(await look(page)).toEqual({ surface: light, size: '14px' })
  await page.emulateMedia({ colorScheme: 'dark' })
  expect((await look(page)).surface).toBe(dark)
  await page.emulateMedia({ colorScheme: 'light' })
})

test('what is chosen on the sign-in page holds at once, by the keyboard too, and the focus goes back', async () => {
  const { page } = stage()
  const display = displayDialog(page)
  await display.onSignInPage.click()
  await expect(display.choice('跟随系统')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(display.choice('深色')).toBeChecked()
  await display.choice('特大').check()
  await expect.poll(() => look(page)).toEqual({ surface: dark, size: '18.2px' })
  await isAccessible(page, '显示设置')
  await page.keyboard.press('Escape')
  await expect(display.dialog).toBeHidden()
  await expect(display.onSignInPage).toBeFocused()
})

test('after a restart of the workstation it is there before anybody signs in, with the first paint', async () => {
  const { workstation } = stage()
  await workstation.kill()
  await workstation.start()
  const { page } = workstation
  // As it came over the line, before any script of it ran.
  const sent = await page.evaluate(async () => (await fetch('/')).text())
  expect(sent).toContain('data-colours="dark" data-text-size="largest"')
  await expect(signInPage(page).pin).toBeVisible()
  expect(await look(page)).toEqual({ surface: dark, size: '18.2px' })
})

test('two windows of a workstation follow one another', async () => {
  const { page } = stage()
  await signInWithKey(page)
  const other = await page.context().newPage()
  await other.goto(new URL('/', page.url()).href)
  await expect(registerPage(other).heading).toBeVisible()
  expect(await look(other)).toEqual({ surface: dark, size: '18.2px' })
  await appFrame(other).user.click()
  await other.getByRole('menuitem', { name: '显示设置' }).click()
  const display = displayDialog(other)
  await display.choice('浅色').check()
  await display.choice('标准').check()
  for (const each of [page, other]) await expect.poll(() => look(each)).toEqual({ surface: light, size: '14px' })
  await display.close.click()
  await expect(display.dialog).toBeHidden()
  await expect(appFrame(other).user).toBeFocused()
  await other.close()
})

test('at 特大 a small screen counts as the smaller one that it is, and drop-downs open at their field', async () => {
  const { page } = stage()
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.evaluate(() => void (document.documentElement.dataset['textSize'] = 'largest'))
  const menu = await appFrame(page).menu.boundingBox()
  expect(menu?.width).toBeCloseTo(148 * 1.3, 0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1366)
  const field = page.getByRole('search').locator('.el-select')
  await field.click()
  const list = page.getByRole('listbox')
  await expect(list).toBeVisible()
  await list.evaluate((element) => Promise.allSettled(element.closest('.el-popper')?.getAnimations().map(({ finished }) => finished) ?? []))
  const [at, below] = [await field.boundingBox(), await list.boundingBox()]
  expect(Math.abs((below?.x ?? 0) - (at?.x ?? 0))).toBeLessThan(12)
  expect((below?.y ?? 0) - ((at?.y ?? 0) + (at?.height ?? 0))).toBeLessThan(40)
  await page.keyboard.press('Escape')
})

test('in high contrast of Windows fields have their border and the chosen entry its mark', async () => {
  const { page } = stage()
  await page.emulateMedia({ forcedColors: 'active' })
  const styleOf = (selector: string) => page.locator(selector).first().evaluate((element) => {
    const { borderTopStyle, outlineStyle } = getComputedStyle(element)
    return { borderTopStyle, outlineStyle }
  })
  expect((await styleOf('.el-input__wrapper')).borderTopStyle).toBe('solid')
  expect((await styleOf('.el-select__wrapper')).borderTopStyle).toBe('solid')
  expect((await styleOf('.side-menu a[aria-current]')).outlineStyle).toBe('solid')
  await page.emulateMedia({ forcedColors: 'none' })
})

test('nothing moves where the system shows no animations, and a dialog opens and closes all the same', async () => {
  const { page } = stage()
  const longest = () => page.evaluate(() => Math.max(0, ...document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().duration))))
  const durationOf = () => page.locator('.el-button').first().evaluate((element) => Number.parseFloat(getComputedStyle(element).transitionDuration))
  const { dialog, close } = displayDialog(page)
  expect(await durationOf()).toBe(0)
  await appFrame(page).user.click()
  await page.getByRole('menuitem', { name: '显示设置' }).click()
  await expect(dialog).toBeVisible()
  expect(await longest()).toBe(0)
  await close.click()
  await expect(dialog).toBeHidden()
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  expect(await durationOf()).toBeGreaterThan(0.05)
})
