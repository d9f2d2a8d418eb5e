import type { Page } from '@playwright/test'
import { demoPassword, demoPin } from '../../../build/demo/units.ts'

/** The sign-in page. */
export function signInPage(page: Page) {
  const signIn = page.getByRole('button', { name: '登录', exact: true })
  return {
    heading: page.getByRole('heading', { name: '修缮实名制工作站' }),
    certificates: page.getByRole('radiogroup', { name: 'CA锁证书' }),
    pin: page.getByLabel('CA锁口令'),
    pinState: page.locator('#pin-state'),
    failure: page.getByRole('alert').filter({ hasText: /./ }),
    signIn,
    accounts: page.getByRole('radiogroup', { name: '选择账号' }),
    accountPassword: page.getByLabel(/^账号密码/),
    way: (name: 'CA锁登录' | '用户名密码登录') => page.getByRole('tab', { name }),
    passwordTab: page.getByRole('tab', { name: '用户名密码登录' }),
    username: page.getByLabel('用户名', { exact: true }),
    password: page.getByLabel('密码', { exact: true }),
    /** Plugged in, typed, and the button pressed; what comes of it is for the caller to see. */
    givePin: async (pin = demoPin) => {
      await page.getByLabel('CA锁口令').fill(pin)
      await signIn.click()
    },
    chooseAccount: async (displayName: string, password: string | null = demoPassword) => {
      await page.getByRole('radiogroup', { name: '选择账号' }).getByLabel(displayName).check()
      if (password !== null) await page.getByLabel(/^账号密码/).fill(password)
      await signIn.click()
    },
    givePassword: async (username: string, password = demoPassword) => {
      await page.getByRole('tab', { name: '用户名密码登录' }).click()
      await page.getByLabel('用户名', { exact: true }).fill(username)
      await page.getByLabel('密码', { exact: true }).fill(password)
      await signIn.click()
    },
  }
}
