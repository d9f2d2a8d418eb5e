import type { Page } from '@playwright/test'
import type { TourStep } from '../tour-step.ts'
import { toBeReviewed } from './cast.ts'
import { chooseFromList, openForm } from './clerk.ts'
import { expect } from './expect.ts'

export const attach: TourStep = {
  name: 'attach',
  docsPicture: 'attachments',
  says: 'A photo and a paper are added to somebody who waits for a review',
  play: async ({ page }) => {
    await openForm(page, toBeReviewed)
    const photos = page.getByRole('region', { name: '人员相片' })
    await page.getByLabel('选择正面照文件').setInputFiles(await drawn(page, '正面照.png', 600, 800))
    await expect(photos.getByRole('button', { name: '查看正面照' }).locator('img')).toBeVisible()
    await chooseFromList(page, '选择上传类型', '劳动合同')
    await page.getByLabel('选择附件文件').setInputFiles(await drawn(page, '劳动合同.png', 1_240, 1_754))
    await expect(page.getByText('上传进度：2/2')).toBeVisible()
    await photos.scrollIntoViewIfNeeded()
    return 'both are uploaded by themselves, sealed here and there; the picture went upright and without what a camera notes'
  },
}

/** A picture of nobody and nothing. */
async function drawn(page: Page, name: string, width: number, height: number): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const address = await page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
      const context = canvas.getContext('2d')
      if (!context) throw new Error('no canvas')
      context.fillStyle = '#dfe8f2'
      context.fillRect(0, 0, w, h)
      context.fillStyle = '#7d95b3'
      for (let line = 1; line < 14; line++) context.fillRect(w * 0.12, (h * line) / 14, w * (line % 4 === 0 ? 0.4 : 0.76), h * 0.012)
      return canvas.toDataURL('image/png')
    },
    [width, height] as const,
  )
  return { name, mimeType: 'image/png', buffer: Buffer.from(address.slice(address.indexOf(',') + 1), 'base64') }
}
