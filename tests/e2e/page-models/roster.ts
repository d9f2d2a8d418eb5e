import type { Download, Page } from '@playwright/test'

/** 导入名册 and 导出. */
export function rosterPage(page: Page) {
  const grid = page.getByRole('grid', { name: '名册预览' })
  const filters = page.getByRole('group', { name: '按结果筛选' })
  const exporting = page.getByRole('dialog', { name: '导出' })
  const undoing = page.getByRole('dialog', { name: '撤销导入' })
  return {
    open: page.getByRole('button', { name: '导入', exact: true }),
    heading: page.getByRole('heading', { name: '导入名册' }),
    back: page.getByRole('link', { name: '返回管理人员登记' }),
    grid,
    filter: (name: '全部' | '新增' | '更新' | '跳过' | '错误') => filters.getByRole('button', { name: new RegExp(`^${name}`) }),
    row: (text: string) => grid.getByRole('row').filter({ hasText: text }),
    nextError: page.getByRole('button', { name: '下一处错误' }),
    says: page.locator('#roster-cell-says'),
    onlyHere: page.getByRole('radiogroup', { name: '导入方式' }).getByText('只保存到本机', { exact: true }),
    commit: page.getByRole('button', { name: /^导入\d+人$/ }),
    done: page.getByText(/^导入完成：/),
    refusal: page.getByRole('alert').filter({ hasText: /./ }),
    review: page.getByRole('button', { name: '继续改正' }),
    finish: page.getByRole('button', { name: '完成', exact: true }),
    undo: page.getByRole('button', { name: '撤销导入', exact: true }),
    undoing,
    exporting,
    startExport: page.getByRole('search').getByRole('button', { name: '导出' }),
    inClear: exporting.getByRole('checkbox', { name: '显示完整号码' }),
    photos: page.getByRole('region', { name: '照片核对结果' }),
    photo: (text: string) => page.getByRole('region', { name: '照片核对结果' }).getByRole('row').filter({ hasText: text }),
    addPhotos: page.getByRole('button', { name: /加入\d+张照片$/ }),
    choosePhotos: (path: string) => page.getByLabel('照片压缩包或照片').setInputFiles(path),
    /** As a file that is dragged out of a folder. */
    drop: async (name: string, content: Buffer) => {
      const files = await page.evaluateHandle(
        ({ name: fileName, bytes }) => {
          const transfer = new DataTransfer()
          transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], fileName))
          return transfer
        },
        { name, bytes: content.toString('base64') },
      )
      for (const event of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent('.roster-page', event, { dataTransfer: files })
    },
    choose: async (path: string) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: '选择文件' }).click()
      await (await chooser).setFiles(path)
    },
    download: async (button: '下载模板' | '下载错误文件'): Promise<Download> => {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: button }).click()
      return download
    },
  }
}
