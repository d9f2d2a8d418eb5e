import type { Page } from '@playwright/test'
import type { InventedPerson } from '../support/people.ts'

/** 人员基本信息 of a manager, by the labels of the manual. */
export function managerForm(page: Page) {
  const field = (label: string) => page.locator('.basic-information').getByLabel(label, { exact: true })
  const chooseRegion = async (label: string, typed: string) => {
    await page.getByRole('button', { name: new RegExp(`^${label} `) }).click()
    const dialog = page.getByRole('dialog', { name: label })
    await dialog.getByLabel('查找地区').fill(typed)
    await dialog.getByRole('list', { name: '查找结果' }).getByRole('button').first().waitFor()
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
  }
  const chooseEntry = async (label: string, entry: string) => {
    await page.getByRole('combobox', { name: label, exact: true }).click()
    await page.getByRole('option', { name: entry, exact: true }).click()
  }
  return {
    heading: page.getByRole('heading', { name: '人员基本信息' }),
    field,
    chooseRegion,
    chooseEntry,
    region: (label: string) => page.getByRole('button', { name: new RegExp(`^${label} `) }),
    summary: page.locator('.error-summary'),
    kept: page.locator('.manager-form footer').getByRole('status').filter({ hasText: /^草稿已保存/ }),
    saved: page.locator('.manager-form footer').getByRole('status').filter({ hasText: /^已保存/ }),
    status: page.locator('.form-status'),
    save: page.getByRole('button', { name: '保存', exact: true }),
    submit: page.getByRole('button', { name: '提交', exact: true }),
    back: page.getByRole('button', { name: '返回', exact: true }),
    leaving: page.getByRole('dialog', { name: '尚未保存' }),
    conflict: page.getByRole('dialog', { name: '处理冲突' }),
    /** Every field with a star that the ID number does not tell. */
    fillRequired: async ({ name, mobile }: InventedPerson) => {
      await field('姓名').fill(name)
      await field('职务').fill('施工员')
      await field('职称').fill('工程师')
      await chooseEntry('民族', '汉族')
      await chooseRegion('户口所在地', '徐汇')
      await chooseRegion('现居住地址', 'pudong')
      await field('现居住地详细地址').fill('示例路99弄1号101室')
      await chooseRegion('籍贯', '昆山')
      await chooseEntry('最高学历', '本科')
      await field('联系电话').fill(mobile)
    },
  }
}
