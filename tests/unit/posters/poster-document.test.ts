import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { posterDocument, type Poster } from '../../../electron/host/posters/poster-document.ts'
import { qrSymbol } from '../../../electron/host/posters/qr-symbol.ts'
import { isPosterOrigin, longestPosterOrigin, posterUrl } from '../../../shared/domain/poster-code.ts'
import { neededModule, posterPapers, posterPaperTable, printedModule } from '../../../shared/domain/poster-paper.ts'

const poster: Poster = {
  projectNo: '2103HK0001', projectName: '某小区<b>屋面</b>"改造"工程', unitName: '甲&乙修缮有限公司', code: '7K3M9Q2XTB', url: posterUrl('https://register.example.com', '7K3M9Q2XTB'), lastDay: '2027-05-09',
}

describe('the QR code of a poster', () => {
  const longest = `https://${'a'.repeat(longestPosterOrigin - 8)}`

  it.each(posterPapers)('on %s has modules large enough for the distance it is made for, however long the address', (paper) => {
    for (const origin of ['https://a.cn', 'https://register.example.com', longest]) {
      expect(isPosterOrigin(origin)).toBe(true)
      const { modules } = qrSymbol(posterUrl(origin, '7K3M9Q2XTB'))
      expect(printedModule(paper, modules), origin).toBeGreaterThanOrEqual(neededModule(posterPaperTable[paper].distance))
    }
    expect(isPosterOrigin(`${longest}a`)).toBe(false)
  })

  it.each([['A4', 130], ['A3', 240]] as const)('on %s is at least %i mm wide, within the margins of a printer', (paper, least) => {
    const { qr, width } = posterPaperTable[paper]
    expect(qr).toBeGreaterThanOrEqual(least)
    expect(qr + 2 * 10).toBeLessThanOrEqual(width)
  })

  it('is one path of whole modules, with a quiet zone of four on each side', () => {
    const { modules, svg } = qrSymbol(poster.url)
    expect(modules).toBe(29)
    expect(svg).toContain('viewBox="-4 -4 37 37"')
    expect(svg.match(/<path/g)).toHaveLength(1)
    // The finder pattern in the corner: seven dark modules in a row.
    expect(svg).toContain('M0 0h7v1h-7z')
  })
})

describe('a document of posters', () => {
  const html = posterDocument([poster, { ...poster, projectName: '长'.repeat(100) }], 'A4')

  it('has a policy that lets nothing in but its own style', () => {
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? ''
    expect(html).toContain(`content="default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'"`)
    expect(html).not.toMatch(/<script|<img|<link|url\(|https?:\/\/|style="/)
  })

  it('takes names as text', () => {
    expect(html).toContain('某小区&lt;b&gt;屋面&lt;/b&gt;&quot;改造&quot;工程')
    expect(html).toContain('甲&amp;乙修缮有限公司')
  })

  it('groups the short code for reading, names the last day in words, and sets long names smaller', () => {
    expect(html).toContain('7K3-M9Q-2XTB')
    expect(html).toContain('2027年5月9日')
    expect(html.match(/class="name (\w+)"/g)).toEqual(['class="name usual"', 'class="name longest"'])
  })
})
