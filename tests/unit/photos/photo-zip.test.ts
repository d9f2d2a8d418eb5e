import { describe, expect, it } from 'vitest'
import { openPhotoZip, requireReadable } from '../../../renderer/stores/photo-zip.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { packZip, type ZipPart } from '../../support/zips.ts'

const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a4649460001', 'hex'), Buffer.from(Array.from({ length: 900 }, (_, index) => index * 7).join('px'))])
const open = (bytes: Buffer) => openPhotoZip(new File([new Uint8Array(bytes)], '照片.zip'))
const sourcesOf = (...parts: ZipPart[]) => open(packZip(parts))
const refusal = (bytes: Buffer) => open(bytes).then(() => 'read', (error: unknown) => (error instanceof AppError ? error.code : error))
const first = async (part: ZipPart) => (await sourcesOf(part))[0]!
const codeOf = (work: () => Promise<unknown>) => work().then(() => 'read', (error: unknown) => (error as AppError).code)

describe('a ZIP of photos', () => {
  it('is read by its directory: deflated and stored files, names in UTF-8 and in GBK, and none of what systems add to it', async () => {
    const gbk = Buffer.from('d5c5c8fd313233342e6a7067', 'hex')
    const sources = await sourcesOf(
      { name: '甲公司/', content: '' }, { name: '甲公司/李四5678.jpg', content: jpeg }, { name: gbk, content: jpeg, method: 0 },
      { name: '__MACOSX/甲公司/._李四5678.jpg', content: 'x' }, { name: '甲公司/.DS_Store', content: 'x' }, { name: 'Thumbs.db', content: 'x' },
    )
    expect(sources.map(({ path, size }) => [path, size])).toEqual([['甲公司/李四5678.jpg', jpeg.length], ['张三1234.jpg', jpeg.length]])
    for (const source of sources) {
      expect(Buffer.from(await source.head(12))).toEqual(jpeg.subarray(0, 12))
      expect(Buffer.from(await (await source.content()).arrayBuffer())).toEqual(jpeg)
    }
  })

  it.each<[string, Buffer, string]>([
    ['something else', Buffer.from('Rar!\u001a\u0007\u0001\u0000'.padEnd(80)), 'photos-not-zip'],
    ['cut off', packZip([{ name: 'a.jpg', content: jpeg }]).subarray(0, 200), 'photos-damaged'],
    ['with a directory that is not there', packZip([{ name: 'a.jpg', content: jpeg }]).subarray(40), 'photos-damaged'],
    ['empty', packZip([]), 'photos-none'],
    ['of nothing but clutter', packZip([{ name: 'Thumbs.db', content: 'x' }]), 'photos-none'],
    ['of too many files', packZip(Array.from({ length: 5_001 }, (_, index) => ({ name: `${index}.jpg`, content: 'x' }))), 'photos-too-many'],
    ['that would become too much', packZip(Array.from({ length: 3 }, (_, index) => ({ name: `${index}.jpg`, content: jpeg, declared: 0xf000_0000 }))), 'photos-expands'],
    ['whose files share their bytes', packZip([{ name: 'a.jpg', content: jpeg }, { name: 'b.jpg', content: jpeg, overlaps: true }]), 'photos-expands'],
  ])('%s is refused whole', async (_what, bytes, code) => {
    expect(await refusal(bytes)).toBe(code)
  })

  it.each<[string, ZipPart, string]>([
    ['encrypted', { name: 'a.jpg', content: jpeg, flags: 1 }, 'photo-encrypted'],
    ['packed in another way', { name: 'a.jpg', content: jpeg, method: 14 }, 'photo-packed-otherwise'],
    ['leading out of its folder', { name: '../../a.jpg', content: jpeg }, 'photo-path-refused'],
    ['on a drive', { name: 'C:\\a.jpg', content: jpeg }, 'photo-path-refused'],
    ['of nothing', { name: 'a.jpg', content: '' }, 'attachment-empty'],
    ['larger than any photo', { name: 'a.jpg', content: jpeg, declared: 30 << 20 }, 'attachment-too-large'],
  ])('has each file for itself: one %s is told before it is unpacked', async (_what, part, code) => {
    const source = await first(part)
    expect(await codeOf(async () => requireReadable(source))).toBe(code)
  })

  it('never unpacks more of a file than it says it is, nor takes less', async () => {
    expect(await codeOf((await first({ name: 'a.jpg', content: Buffer.alloc(8 << 20), declared: 1_000 })).content)).toBe('photo-damaged')
    expect(await codeOf((await first({ name: 'a.jpg', content: jpeg, declared: jpeg.length + 1 })).content)).toBe('photo-damaged')
    const broken = packZip([{ name: 'a.jpg', content: jpeg }])
    broken.fill(0xff, 40, 60)
    expect(await codeOf(async () => (await open(broken))[0]?.content())).toBe('photo-damaged')
  })
})
