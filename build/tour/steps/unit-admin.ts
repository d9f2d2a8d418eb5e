import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { contested } from './cast.ts'
import { signInWithPassword } from './clerk.ts'
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
    await signInWithPassword(page, 'wangjianguo')
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
