import type { Page } from '@playwright/test'

/** 人员相片 and 附件上传 of the form. */
export function attachments(page: Page) {
  const row = (name: string) => page.locator('.attachment-table tbody tr').filter({ hasText: name })
  return {
    photos: page.getByRole('region', { name: '人员相片' }),
    section: page.getByRole('region', { name: '附件上传' }),
    row,
    state: (name: string) => row(name).locator('.state .tag'),
    progress: page.locator('.attachment-table .progress'),
    notAdded: page.locator('.attachments .notes'),
    undo: page.getByRole('button', { name: '撤销' }),
    preview: page.getByRole('dialog', { name: /^预览/ }),
    editor: page.getByRole('dialog', { name: /^旋转裁剪/ }),
    chooseType: async (label: string) => {
      await page.getByRole('combobox', { name: '选择上传类型' }).click()
      await page.getByRole('option', { name: label, exact: true }).click()
    },
    add: (...paths: string[]) => page.getByLabel('选择附件文件').setInputFiles(paths),
    addPhoto: (label: string, path: string) => page.getByLabel(`选择${label}文件`).setInputFiles(path),
  }
}
