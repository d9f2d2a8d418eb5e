import type { Page } from '@playwright/test'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'
import { demoPassword, demoPin } from '../../demo/units.ts'

/** What clerks do again and again, in the words of the page. */

export async function giveKeyPin(page: Page, pin: string, action: '登录' | '解锁' | '重新验证'): Promise<void> {
  await page.getByLabel('CA锁口令').fill(pin)
  await page.locator('form').filter({ has: page.getByLabel('CA锁口令') }).getByRole('button', { name: action, exact: true }).click()
}

/** Signs in for the first time on this device. `account` where the lock has several. */
export async function signInWithKey(page: Page, { company, account }: { company: string; account?: string }): Promise<void> {
  await page.getByRole('radio', { name: company }).check()
  await giveKeyPin(page, demoPin, '登录')
  if (account) {
    await page.getByRole('radiogroup', { name: '选择账号' }).getByText(account).click()
    await page.getByLabel(/账号密码/).fill(demoPassword)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  await page.getByRole('heading', { name: '管理人员登记' }).waitFor()
}

export async function signInWithPassword(page: Page, username: string): Promise<void> {
  await page.getByRole('tab', { name: '用户名密码登录' }).click()
  await page.getByLabel('用户名', { exact: true }).fill(username)
  await page.getByLabel('密码', { exact: true }).fill(demoPassword)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

export const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

/** 新增: the ID number first. */
export async function beginWith(page: Page, idCardNo: string): Promise<void> {
  if (!(await page.getByRole('dialog', { name: '新增管理人员' }).isVisible())) await page.getByRole('button', { name: '新增', exact: true }).click()
  await page.getByLabel('身份证号码', { exact: true }).fill(idCardNo)
  await page.getByRole('button', { name: '下一步' }).click()
}

export async function chooseRegion(page: Page, label: string, typed: string): Promise<void> {
  await page.getByRole('button', { name: `${label} 请选择` }).click()
  const dialog = page.getByRole('dialog', { name: label })
  await dialog.getByLabel('查找地区').fill(typed)
  await dialog.getByRole('list', { name: '查找结果' }).getByRole('button').first().waitFor()
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
}

export async function chooseFromList(page: Page, label: string, entry: string): Promise<void> {
  const list = page.getByRole('combobox', { name: label, exact: true })
  await list.click()
  await list.fill(entry)
  await page.getByRole('option', { name: entry, exact: true }).click()
}

export async function openForm(page: Page, name: string): Promise<void> {
  await page.getByLabel('员工姓名').fill(name)
  await page.getByRole('button', { name: `编辑 ${name}` }).click()
  await page.getByRole('heading', { name: '人员基本信息' }).waitFor()
}

export const submit = async (page: Page): Promise<void> => page.getByRole('button', { name: '提交', exact: true }).click()

/** Opens what stands behind the sync state and leaves it open. */
export async function syncNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(已同步|正在同步|离线)/ }).click()
  await page.getByRole('button', { name: '立即同步' }).click()
}

export async function closeSyncDetails(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '立即同步' }).waitFor({ state: 'hidden' })
}

/** Until the green word on it is gone, which would stand in the picture. */
export const submitted = (page: Page): Promise<void> => page.getByText('已提交，上传情况见列表').waitFor({ state: 'hidden' })

/** Wrong in form nowhere, and nobody's: papers carry the code of a district where this one has that of the whole city. */
export function inventedIdCardNo(birthDate: string, order: string): string {
  const first17 = `310100${birthDate}${order}`
  return first17 + idCardCheckCharacter(first17)
}
