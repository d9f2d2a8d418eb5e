import type { Page } from '@playwright/test'

/** 人员迁移, and the dialogs by which people move. */
export function transfersPage(page: Page) {
  const leaving = page.getByRole('dialog', { name: '离职迁出' })
  const agreeing = page.getByRole('dialog', { name: '同意迁出' })
  const refusing = page.getByRole('dialog', { name: '拒绝迁出' })
  const incoming = page.getByRole('region', { name: '其他单位的申请列表' })
  const outgoing = page.getByRole('region', { name: '本单位的申请列表' })
  return {
    menu: page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: /^人员迁移/ }),
    begin: page.getByRole('button', { name: '离职迁出', exact: true }),
    leaving,
    agreeing,
    refusing,
    withdrawing: page.getByRole('dialog', { name: '撤回申请' }),
    incoming,
    outgoing,
    received: (name: string) => incoming.getByRole('row').filter({ hasText: name }),
    asked: (name: string) => outgoing.getByRole('row').filter({ hasText: name }),
    refresh: page.getByRole('button', { name: '刷新' }),
    chooseReason: async (label: string) => {
      await leaving.getByRole('combobox', { name: '离职原因' }).click()
      await page.getByRole('option', { name: label, exact: true }).click()
    },
    ask: async (name: string) => {
      await page.getByLabel('姓名（与身份证一致）').fill(name)
      await page.getByRole('button', { name: '申请迁入' }).click()
    },
    transferIn: async (name: string) => {
      await page.getByLabel('姓名（与身份证一致）').fill(name)
      await page.getByRole('dialog', { name: '新增管理人员' }).getByRole('button', { name: '迁入', exact: true }).click()
    },
  }
}
