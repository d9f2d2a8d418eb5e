import { createHash } from 'node:crypto'
import { groupPosterCode } from '../../../shared/domain/poster-code.ts'
import { posterPaperTable, type PosterPaper } from '../../../shared/domain/poster-paper.ts'
import { qrSymbol } from './qr-symbol.ts'

/** What stands on one poster. */
export interface Poster {
  readonly projectNo: string
  readonly projectName: string
  readonly unitName: string
  readonly code: string
  /** What the QR code holds. */
  readonly url: string
  /** yyyy-MM-dd: the last day on which it is good. */
  readonly lastDay: string
}

/**
 * Posters as one HTML document, a sheet of paper each: printed as it is, or made into a PDF by the shell (HostPorts.printing). It needs
 * nothing from anywhere, runs no script, and its policy permits neither.
 */
export function posterDocument(posters: readonly Poster[], paper: PosterPaper): string {
  const style = styleOf(paper)
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>项目二维码</title><style>${style}</style></head><body>`,
    ...posters.map(sheetOf),
    '</body></html>',
  ].join('')
}

function sheetOf({ projectNo, projectName, unitName, code, url, lastDay }: Poster): string {
  return [
    '<section class="poster"><header><p class="system">上海市住宅修缮工程从业人员实名制</p><h1>现场作业人员扫码登记</h1></header>',
    `<dl><div class="name ${lengthOf(projectName)}"><dt>项目名称</dt><dd>${escaped(projectName)}</dd></div>`,
    `<div><dt>报建编号</dt><dd class="digits">${escaped(projectNo)}</dd></div><div><dt>施工单位</dt><dd>${escaped(unitName)}</dd></div></dl>`,
    `<figure>${qrSymbol(url).svg}</figure>`,
    `<p class="how">用微信“扫一扫”或手机相机对准二维码，按页面提示填写<b>本人</b>信息</p>`,
    `<footer><p>短码 <b class="digits">${groupPosterCode(code)}</b></p><p>有效期至 <b class="digits">${inWords(lastDay)}</b></p></footer></section>`,
  ].join('')
}

/** Long names get smaller letters rather than cost the QR code its room. */
const lengthOf = (name: string): string => (name.length > 80 ? 'longest' : name.length > 40 ? 'long' : 'usual')

const inWords = (day: string): string => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

/** Black on white whatever surrounds it. Lengths in u: 1 mm on A4, as much more on other papers as they are wider. */
function styleOf(paper: PosterPaper): string {
  const { width, height, qr } = posterPaperTable[paper]
  const u = (count: number) => `${Math.round((count * width * 100) / posterPaperTable.A4.width) / 100}mm`
  return `
@page{size:${width}mm ${height}mm;margin:0}
html,body{margin:0;padding:0}
.poster,.poster *{box-sizing:border-box;margin:0;padding:0}
.poster{display:flex;flex-direction:column;width:${width}mm;height:${height}mm;padding:${u(12)} ${u(14)};overflow:hidden;background:#fff;color:#000;
font-family:"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;font-size:${u(5.4)};line-height:1.4;break-after:page;print-color-adjust:exact}
.poster:last-child{break-after:auto}
.poster header{padding-bottom:${u(4)};border-bottom:${u(1.2)} solid #000;text-align:center}
.poster .system{font-size:${u(5)};letter-spacing:.12em}
.poster h1{margin-top:${u(1)};font-size:${u(14.5)};font-weight:700;line-height:1.25;letter-spacing:.04em}
.poster dl{display:grid;row-gap:${u(1.6)};margin-top:${u(5)}}
.poster dl div{display:grid;grid-template-columns:${u(25)} 1fr;align-items:baseline}
.poster dt{color:#333}
.poster dd{font-weight:700;overflow-wrap:anywhere;text-wrap:pretty}
.poster .name dd{font-size:${u(7)};line-height:1.3}
.poster .name.long dd{font-size:${u(5.8)}}
.poster .name.longest dd{font-size:${u(4.6)}}
.poster figure{flex:none;width:${qr}mm;height:${qr}mm;margin:auto}
.poster figure svg{display:block;width:100%;height:100%}
.poster .how{font-size:${u(6)};text-align:center}
.poster footer{display:flex;justify-content:space-between;margin-top:${u(4)};padding-top:${u(3)};border-top:${u(0.5)} solid #000;font-size:${u(5.4)}}
.poster .digits{font-variant-numeric:tabular-nums;letter-spacing:.03em}
.poster footer .digits{font-size:${u(7)}}
`
}
