import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { company, toBeReviewed } from './cast.ts'
import { signInWithPassword } from './clerk.ts'
import { expect } from './expect.ts'

let seen: Page | undefined

export const review: TourStep = {
  name: 'review',
  docsPicture: 'review',
  says: 'The implementing unit reviews registrations of others',
  play: async ({ anotherWorkstation }) => {
    const { page } = await anotherWorkstation('reviewer')
    seen = page
    await signInWithPassword(page, 'chenjing')
    await page.getByRole('link', { name: '登记审核' }).click()
    await page.getByRole('button', { name: `审核 ${toBeReviewed}` }).click()
    await expect(page.getByRole('region', { name: '登记内容' })).toContainText(company)
    await expect(page.getByRole('button', { name: '查看正面照' })).toBeVisible()
    await expect(page.getByRole('table', { name: '附件', exact: true })).toContainText('劳动合同.jpg')
    return `${toBeReviewed} of ${company}, whole, beside the photo and above the paper, with 审核通过 and 审核不通过; the next one follows by itself`
  },
  picture: () => seen,
}

export const bindingReview: TourStep = {
  name: 'binding-review',
  docsPicture: 'binding-review',
  says: '项目人员登记绑定审核: the projects of the implementing unit',
  play: async () => {
    if (!seen) throw new Error('the reviewer has no page yet')
    await seen.getByRole('link', { name: '项目人员登记绑定审核' }).click()
    await expect(seen.getByRole('region', { name: '各项目的审核情况' }).getByRole('row')).toHaveCount(16)
    return 'how many people of every unit stand where on each, and each number leads to them'
  },
  picture: () => seen,
}
