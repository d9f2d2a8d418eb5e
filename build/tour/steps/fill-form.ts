import type { TourStep } from '../tour-step.ts'
import { newManager } from './cast.ts'
import { chooseFromList, chooseRegion } from './clerk.ts'
import { expect } from './expect.ts'

export const fillForm: TourStep = {
  name: 'fill-form',
  docsPicture: 'form',
  says: 'The clerk fills the form',
  play: async ({ page }) => {
    const typed = { 姓名: newManager.name, 职务: '安全员', 职称: '工程师', 现居住地详细地址: '示例路18号602室', 联系电话: newManager.mobile }
    for (const [label, text] of Object.entries(typed)) await page.getByLabel(label, { exact: true }).fill(text)
    for (const [label, entry] of [['民族', '汉族'], ['政治面貌', '群众'], ['最高学历', '本科'], ['最高学位', '学士']] as const) await chooseFromList(page, label, entry)
    for (const [label, text] of [['户口所在地', '徐汇'], ['现居住地址', '静安'], ['籍贯', '昆山']] as const) await chooseRegion(page, label, text)
    await expect(page.getByRole('heading', { name: /项内容需要修改/ })).toHaveCount(0)
    await expect(page.getByText('草稿已保存')).toBeVisible()
    return 'no complaint is left, and what was typed is kept as a draft'
  },
}
