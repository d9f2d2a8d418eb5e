import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { shanghaiDate } from '../../shared/domain/dates.ts'
import { attachments } from './page-models/attachments.ts'
import { managerForm } from './page-models/manager-form.ts'
import { registerPage } from './page-models/register.ts'
import { isAccessible } from './support/accessible.ts'
import { signInWithKey, signInWithPassword } from './support/clerks.ts'
import { cameraPicture, filesFolder, holdsCameraNote, madeFile, madePdf, sparseFile } from './support/made-files.ts'
import { expect, test, useStage } from './support/stage-fixture.ts'

const stage = useStage(({ page }) => signInWithKey(page))
const folder = filesFolder()
const person = '欧阳明'

// One person's file cabinet, filled step by step.
test.describe.configure({ mode: 'serial' })

async function openPerson(page: Page) {
  await registerPage(page).edit(person)
  await expect(managerForm(page).heading).toBeVisible()
}

async function downloaded(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download')
  await attachments(page).row(name).getByRole('button', { name: /^下载/ }).click()
  return readFileSync(await (await coming).path())
}

test('a photo of a camera lies upright in its place, without the place it was taken at, and a colleague sees it', async () => {
  const { page } = stage()
  await openPerson(page)
  const { photos, addPhoto, preview } = attachments(page)
  await addPhoto('身份证人像面', madeFile(folder, '人像面.jpg', await cameraPicture(page, 2_400, 1_500)))
  const picture = photos.getByRole('button', { name: '查看身份证人像面' }).locator('img')
  await expect(picture).toBeVisible()
  expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([1_250, 2_000])
  await expect(photos.getByText('已上传')).toBeVisible()
  await photos.getByRole('button', { name: '查看身份证人像面' }).click()
  await expect(preview.getByRole('img', { name: '人像面.jpg' })).toBeVisible()
  await page.keyboard.press('Escape')
})

test('rotated and cropped it takes the old one’s place', async () => {
  const { page } = stage()
  const { photos, editor } = attachments(page)
  await photos.getByRole('button', { name: '旋转裁剪身份证人像面' }).click()
  await expect(editor.locator('cropper-selection')).toBeVisible()
  // The area that stays is the whole picture and nothing beside it, at once and in a window of another size.
  const distance = () =>
    editor.locator('cropper-selection').evaluate((selection) => {
      const image = selection.closest('cropper-canvas')?.querySelector('cropper-image')
      const [chosen, shown] = [selection, image].map((element) => element?.getBoundingClientRect() ?? new DOMRect())
      return Math.max(...(['left', 'top', 'right', 'bottom'] as const).map((side) => Math.abs((chosen?.[side] ?? 0) - (shown?.[side] ?? -1_000))))
    })
  for (const size of [{ width: 1093, height: 614 }, { width: 1366, height: 768 }]) {
    await page.setViewportSize(size)
    await expect.poll(distance).toBeLessThan(2)
    await expect(editor.locator('cropper-image')).toBeInViewport({ ratio: 0.99 })
  }
  await editor.getByRole('button', { name: '向右旋转' }).click()
  await editor.getByRole('button', { name: '保存' }).click()
  await expect(editor).toBeHidden()
  const picture = photos.getByRole('button', { name: '查看身份证人像面' }).locator('img')
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth > image.naturalHeight)).toBe(true)
})

test('files are uploaded, previewed, downloaded and deleted; what is none of them is refused with a sentence', async () => {
  const { page } = stage()
  const form = attachments(page)
  await form.section.getByRole('button', { name: '添加文件' }).click()
  await expect(form.section.getByRole('alert').first()).toHaveText('请先选择上传类型。')
  await form.chooseType('学历证书')
  const pdf = madePdf(300_000)
  await form.add(madeFile(folder, '毕业证.pdf', pdf), madeFile(folder, '学位证.jpg', await cameraPicture(page, 900, 600)))
  await expect(form.state('毕业证.pdf')).toHaveText('已上传')
  await expect(form.state('学位证.jpg')).toHaveText('已上传')
  await expect(form.progress).toContainText('上传进度：3/3')
  expect((await downloaded(page, '毕业证.pdf')).equals(pdf)).toBe(true)
  expect(holdsCameraNote(await downloaded(page, '学位证.jpg'))).toBe(false)

  await form.row('毕业证.pdf').getByRole('button', { name: '毕业证.pdf', exact: true }).click()
  const canvas = form.preview.locator('canvas')
  await expect.poll(() => canvas.evaluate((element: HTMLCanvasElement) => [...(element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [])].some((value) => value < 100))).toBe(true)
  await page.keyboard.press('Escape')

  await form.add(
    madeFile(folder, '压缩包.jpg', Buffer.from('504b0304140000000800', 'hex')), madeFile(folder, '空.pdf', ''), sparseFile(folder, '录像.pdf', 500 << 20),
    madeFile(folder, '手机.heic', Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypheic'), Buffer.alloc(200)])), madeFile(folder, '又一份.pdf', pdf),
  )
  for (const sentence of ['“压缩包.jpg”没有添加：文件内容不是', '“空.pdf”没有添加：该文件是空的', '“录像.pdf”没有添加：文件太大', '“手机.heic”没有添加：这是苹果手机的HEIC照片', '“又一份.pdf”没有添加：该文件已经添加过']) {
    await expect(form.notAdded).toContainText(sentence)
  }
  await form.row('学位证.jpg').getByRole('button', { name: /^删除/ }).click()
  await expect(form.row('学位证.jpg')).toHaveCount(0)
  await form.undo.click()
  await expect(form.row('学位证.jpg')).toBeVisible()
})

test('a 社保缴费证明 wants its date, shows the days left, is refused when it is older than 60 days, and is warned of in the register', async () => {
  const { page } = stage()
  const form = attachments(page)
  const daysAgo = (days: number) => shanghaiDate(new Date(Date.now() - days * 86_400_000))
  await form.chooseType('社保缴费证明')
  const proof = madeFile(folder, '社保.pdf', madePdf(10))
  await form.add(proof)
  await expect(form.section.getByRole('alert').first()).toHaveText('请填写社保缴费证明的开具日期。')
  await page.getByLabel('开具日期').fill(daysAgo(61))
  await form.add(proof)
  await expect(form.section).toContainText('已过60天有效期')
  await page.getByLabel('开具日期').fill(daysAgo(55))
  await form.add(proof)
  await expect(form.row('社保.pdf')).toContainText('剩余5天')
  await managerForm(page).back.click()
  await page.getByRole('button', { name: /^社保缴费证明提醒/ }).click()
  await expect(page.getByRole('dialog', { name: '社保缴费证明提醒' }).getByRole('row', { name: new RegExp(person) })).toContainText('剩余5天')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: '社保缴费证明提醒' })).toBeHidden()
})

test('an upload goes on after the network was gone and the program was killed in its middle', async () => {
  const { network, workstation } = stage()
  await openPerson(workstation.page)
  const before = attachments(workstation.page)
  network.cut()
  await before.chooseType('劳动合同')
  const content = madePdf(6_000_000)
  await before.add(madeFile(folder, '合同.pdf', content))
  await expect(before.row('合同.pdf')).toBeVisible()
  await workstation.kill()
  await workstation.start()
  network.restore()
  await signInWithPassword(workstation.page)
  await openPerson(workstation.page)
  await expect(attachments(workstation.page).state('合同.pdf')).toHaveText('已上传')
  expect((await downloaded(workstation.page, '合同.pdf')).equals(content)).toBe(true)
})

test('two windows show the same, and neither page breaks a rule of accessibility', async () => {
  const { page } = stage()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(attachments(other).row('合同.pdf')).toBeVisible()
  await attachments(page).row('合同.pdf').getByRole('button', { name: /^删除/ }).click()
  await expect(attachments(other).row('合同.pdf')).toHaveCount(0)
  await other.close()
  await isAccessible(page, '附件上传')
})
