import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWorkbook } from '../../../electron/host/roster/workbook.ts'
import { inventedIdCardNo } from './clerk.ts'
import type { TourStep } from '../tour-step.ts'
import { expect } from './expect.ts'

const headers = ['身份证号码', '姓名', '职务', '职称', '民族', '户口所在地', '现居住地址', '现居住地详细地址', '籍贯', '最高学历', '联系电话']
const rest = ['施工员', '工程师', '汉族', '上海市徐汇区', '上海市徐汇区', '示例路8号', '江苏省苏州市昆山市', '本科']

export const importRoster: TourStep = {
  name: 'import-roster',
  docsPicture: 'roster',
  says: 'A roster is looked through before anybody is registered',
  play: async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-'))
    try {
      const file = join(folder, '名册.xlsx')
      const rows = [
        [inventedIdCardNo('19900307', '911'), '江一帆', ...rest, '13900002001'], [inventedIdCardNo('19910417', '913'), '江二橹', ...rest, '1390000'],
        [inventedIdCardNo('19920527', '915'), '江三舵', ...rest.map((text) => (text === '汉族' ? '火星族' : text)), '13900002003'],
      ]
      writeFileSync(file, await writeWorkbook([{ name: '名册', rows: [headers, ...rows] }]))
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toBeHidden()
      await page.getByRole('button', { name: '导入', exact: true }).click()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: '选择文件' }).click()
      await (await chooser).setFiles(file)
      await expect(page.getByRole('button', { name: '错误 2' })).toBeVisible()
      await page.getByRole('button', { name: '下一处错误' }).click()
      await expect(page.locator('#roster-cell-says')).toContainText('联系电话应为11位手机号码')
      return 'of three people one can be registered; two cells are told in the words of the form'
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
