import type { TourStep } from '../tour-step.ts'
import { company, contested } from './cast.ts'
import { openForm, rowOf, signInWithKey, submit, submitted } from './clerk.ts'
import { expect } from './expect.ts'

export const conflict: TourStep = {
  name: 'conflict',
  docsPicture: 'conflict',
  says: 'Two clerks change the same field of one person',
  play: async ({ page, anotherWorkstation }) => {
    const { name, before, mine, theirs } = contested
    await page.getByRole('link', { name: '管理人员登记' }).click()
    await openForm(page, name)
    await expect(page.getByLabel('职务', { exact: true })).toHaveValue(before)
    await page.getByLabel('职务', { exact: true }).fill(mine)
    const colleague = (await anotherWorkstation('colleague')).page
    await signInWithKey(colleague, { company, account: '李强' })
    await openForm(colleague, name)
    await colleague.getByLabel('职务', { exact: true }).fill(theirs)
    await submit(colleague)
    await expect(rowOf(colleague, name)).toContainText('已上传')
    await submit(page)
    await expect(rowOf(page, name)).toContainText('有冲突')
    await rowOf(page, name).getByText('处理冲突').click()
    const dialog = page.getByRole('dialog', { name: '处理冲突' })
    const row = dialog.getByRole('row').filter({ hasText: '职务' })
    for (const text of [before, mine, theirs]) await expect(row).toContainText(text)
    await submitted(page)
    return 'before, mine and theirs stand side by side, nothing is chosen beforehand'
  },
}
