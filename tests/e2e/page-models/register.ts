import type { Page } from '@playwright/test'

/** 管理人员登记: the list and 新增. */
export function registerPage(page: Page) {
  const query = page.getByLabel('员工姓名', { exact: true })
  const beginning = page.getByRole('dialog', { name: '新增管理人员' })
  const idCardNo = beginning.getByLabel('身份证号码', { exact: true })
  const next = beginning.getByRole('button', { name: '下一步' })
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('cell', { name: new RegExp(`^${name}`) }) })
  return {
    heading: page.getByRole('heading', { name: '管理人员登记' }),
    query,
    row,
    total: page.getByRole('status').filter({ hasText: /^共有/ }),
    onlyNeedingAttention: page.getByRole('status').filter({ hasText: '只显示需要处理的人员' }),
    begin: page.getByRole('button', { name: '新增', exact: true }),
    beginning,
    idCardNo,
    says: beginning.locator('#id-card-no-says'),
    next,
    cancel: beginning.getByRole('button', { name: '取消' }),
    find: async (text: string) => query.fill(text),
    beginWith: async (number: string) => {
      await page.getByRole('button', { name: '新增', exact: true }).click()
      await idCardNo.fill(number)
      await next.click()
    },
    edit: async (name: string) => {
      await query.fill(name)
      await row(name).getByRole('button', { name: /^编辑/ }).click()
    },
  }
}
