import type { Page } from '@playwright/test'
import { appFrame } from './frame.ts'

/** 企业基本信息. */
export function organizationPage(page: Page) {
  const region = page.getByRole('region', { name: '企业基本信息', exact: true })
  const tab = (name: '基本信息' | '资质附件' | '账号' | 'CA证书') => region.getByRole('tab', { name, exact: true })
  const accountRow = (name: string) => region.getByRole('region', { name: '账号列表' }).getByRole('row').filter({ hasText: name })
  const adding = page.getByRole('dialog', { name: '新增账号' })
  const handedOver = page.getByRole('dialog', { name: '初始密码' })
  return {
    region,
    tab,
    open: async () => {
      await appFrame(page).menu.getByRole('link', { name: '企业基本信息' }).click()
      await region.getByText('读取时间').waitFor()
    },
    field: (label: '地址' | '联系人' | '联系电话') => region.getByRole('textbox', { name: label, exact: true }),
    save: region.getByRole('button', { name: '保存', exact: true }),
    says: region.getByRole('alert').filter({ hasText: /./ }),
    accountRow,
    /** Pressed and confirmed. */
    act: async (label: string, name: string, confirm: string) => {
      await accountRow(name).getByRole('button', { name: `${label} ${name}` }).click()
      await page.getByRole('dialog').getByRole('button', { name: confirm }).click()
    },
    adding,
    handedOver,
    add: async (displayName: string, username: string) => {
      await region.getByRole('button', { name: '新增账号' }).click()
      await adding.getByLabel('姓名').fill(displayName)
      await adding.getByLabel('用户名').fill(username)
      await adding.getByRole('button', { name: '新增', exact: true }).click()
    },
    certificates: region.getByRole('region', { name: 'CA证书列表' }),
  }
}
