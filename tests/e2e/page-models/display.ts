import type { Page } from '@playwright/test'

/** 显示设置: colours and size of the text on this workstation. */
export function displayDialog(page: Page) {
  const dialog = page.getByRole('dialog', { name: '显示设置' })
  return {
    dialog,
    onSignInPage: page.getByRole('contentinfo').getByRole('button', { name: '显示设置' }),
    choice: (name: '浅色' | '深色' | '跟随系统' | '标准' | '大' | '特大') => dialog.getByRole('radio', { name, exact: true }),
    close: dialog.getByRole('button', { name: '关闭', exact: true }),
  }
}
