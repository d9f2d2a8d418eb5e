import { chromiumPdf } from '../../electron/browser/chromium-pdf.ts'
import { posterDocument } from '../../electron/host/posters/poster-document.ts'
import { makePosterCode, posterCodeLength, posterUrl } from '../../shared/domain/poster-code.ts'
import { readPrinted } from '../support/printed-pages.ts'
import { alone, alternate, atLeast, report } from './measure.ts'

// How many posters a second does a clerk get who wants those of a hundred projects in one PDF? All of it counts: sheets, QR codes, the
// start of Chromium, the PDF. The names are as long as real ones, and each of some other characters.
const [posters, rounds] = [100, 10]

const wanted = Array.from({ length: posters }, (_each, index) => {
  const code = makePosterCode(Uint8Array.from({ length: posterCodeLength }, (_byte, at) => (index * 37 + at * 11) % 256))
  const projectName = `${2000 + index}年度示例路${index}弄小区屋面及相关设施改造工程（第${index % 9}标段）${String.fromCodePoint(0x4e00 + index * 7)}`
  return { projectNo: `2603HK${String(index).padStart(4, '0')}`, projectName, unitName: '上海某某建筑装饰工程有限公司', code, url: posterUrl('https://register.example.com', code), lastDay: '2027-05-29' }
})

let last: Uint8Array = new Uint8Array()
const times = await alternate({ A4: async () => void (last = await chromiumPdf(posterDocument(wanted, 'A4'))), A3: () => chromiumPdf(posterDocument(wanted, 'A3')) }, rounds)
const { pages, images } = await readPrinted(last)
const decoded = pages.filter(({ codes }, index) => codes.length === 1 && codes[0] === wanted[index]?.url)
if (images > 0 || decoded.length !== posters) throw new Error(`${decoded.length} of ${posters} posters decode, ${images} pictures`)

const perSecond = (milliseconds: readonly number[]) => milliseconds.map((each) => (posters * 1000) / each)
report([
  alone('a4-of-100', perSecond(times.A4), { unit: 'posters/s', bound: atLeast(30, 'posters/s') }),
  alone('a3-of-100', perSecond(times.A3), { unit: 'posters/s', bound: atLeast(30, 'posters/s') }),
  { name: 'size', value: last.length / posters / 1024, unit: 'KB' },
])
