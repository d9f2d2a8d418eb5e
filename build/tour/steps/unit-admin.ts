import type { Page } from '@playwright/test'
import { demoPassword } from '../../demo/units.ts'
import type { TourStep } from '../tour-step.ts'
import { contested } from './cast.ts'
import { expect } from './expect.ts'

let seen: Page | undefined

const profileOf = (page: Page) => page.getByRole('region', { name: '企业基本信息', exact: true })

export const accounts: TourStep = {
  name: 'accounts',
  docsPicture: 'accounts',
  says: 'The 单位管理员 runs the accounts of the unit',
  play: async ({ anotherWorkstation }) => {
    const { page } = await anotherWorkstation('administrator')
    seen = page
    await page.getByRole('tab', { name: '用户名密码登录' }).click()
    await page.getByLabel('用户名', { exact: true }).fill('wangjianguo')
    await page.getByLabel('密码', { exact: true }).fill(demoPassword)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('link', { name: '企业基本信息' }).click()
    await profileOf(page).getByRole('tab', { name: '账号' }).click()
    await expect(profileOf(page).getByRole('button', { name: '重置密码 李强' })).toBeVisible()
    return 'new ones, roles, passwords, 停用; the own account is left to another administrator'
  },
  picture: () => seen,
}

export const certificates: TourStep = {
  name: 'certificates',
  docsPicture: 'certificates',
  says: 'Who signs in with the certificates of the unit',
  play: async () => {
    const page = administratorsPage()
    await profileOf(page).getByRole('tab', { name: 'CA证书' }).click()
    await expect(profileOf(page).getByRole('button', { name: '解除 张敏' })).toBeVisible()
    return 'bound and released by the 单位管理员; which certificate names the unit is the operator’s word'
  },
  picture: () => seen,
}

export const revealLog: TourStep = {
  name: 'reveal-log',
  docsPicture: 'reveal-log',
  says: 'The 单位管理员 reads who looked at which number, and why',
  play: async () => {
    const page = administratorsPage()
    await page.getByRole('link', { name: '查看记录' }).click()
    await expect(page.getByRole('row').filter({ hasText: contested.name })).toContainText('联系本人')
    return `张敏 looked at the phone number of ${contested.name}`
  },
  picture: () => seen,
}

function administratorsPage(): Page {
  if (!seen) throw new Error('the administrator has no page yet')
  return seen
}
