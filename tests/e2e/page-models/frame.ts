import type { Page } from '@playwright/test'
import { demoPassword, demoPin } from '../../../build/demo/units.ts'

/** What stands around every page once somebody has signed in: bar, menu, sync state, lock screen. */
export function appFrame(page: Page) {
  const user = page.getByRole('button', { name: /^当前用户/ })
  const lockScreen = page.getByRole('dialog', { name: '已锁定' })
  const changing = page.getByRole('dialog', { name: '修改密码' })
  const renewal = page.getByRole('dialog', { name: '重新验证' })
  return {
    user,
    sync: page.locator('.sync-indicator').getByRole('status'),
    messages: page.getByRole('banner').getByRole('button', { name: /^消息/ }),
    needingAttention: page.getByRole('button', { name: /^需处理\d+人$/ }),
    renew: page.getByRole('banner').getByRole('button', { name: '重新验证', exact: true }),
    renewal,
    signingOut: page.getByRole('dialog', { name: '还有内容待上传' }),
    lockScreen,
    changing,
    startChangingPassword: async () => {
      await user.click()
      await page.getByRole('menuitem', { name: '修改密码' }).click()
    },
    changePassword: async (present: string, wanted: string, again = wanted) => {
      await changing.getByLabel('原密码').fill(present)
      await changing.getByLabel('新密码', { exact: true }).fill(wanted)
      await changing.getByLabel('确认新密码').fill(again)
      await changing.getByRole('button', { name: '保存' }).click()
    },
    hostLost: page.getByRole('alertdialog').filter({ hasText: '与工作站后台的连接已断开' }),
    breadcrumb: page.getByRole('navigation', { name: '当前位置' }),
    menu: page.getByRole('navigation', { name: '菜单' }),
    syncNow: async () => {
      await page.locator('.sync-indicator').getByRole('status').getByRole('button').click()
      await page.getByRole('button', { name: '立即同步' }).click()
      await page.keyboard.press('Escape')
    },
    lock: async () => {
      await user.click()
      await page.getByRole('menuitem', { name: '锁定' }).click()
    },
    signOut: async () => {
      await user.click()
      await page.getByRole('menuitem', { name: '退出登录' }).click()
    },
    unlockWithPin: async (pin = demoPin) => {
      await lockScreen.getByLabel('CA锁口令').fill(pin)
      await lockScreen.getByRole('button', { name: '解锁' }).click()
    },
    unlockWithPassword: async (password = demoPassword) => {
      await lockScreen.getByLabel(/的密码$/).fill(password)
      await lockScreen.getByRole('button', { name: '解锁' }).click()
    },
    renewWithPin: async (pin = demoPin) => {
      await renewal.getByLabel('CA锁口令').fill(pin)
      await renewal.getByRole('button', { name: '重新验证' }).click()
    },
  }
}
