import { zipOf } from './roster-files.ts'

/** Workbooks in the very parts that Excel and WPS write, so that the reader meets their forms and not only its own. */

const types = (parts: string) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>${parts}</Types>`

const relations = (...targets: [type: string, target: string][]) =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.map(([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${type}" Target="${target}"/>`).join('')}</Relationships>`

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

/** Style 1 is a date (built-in format 14), 2 a text (49), 3 Excel's way of showing a long number (general). */
const styles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet ${main}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts><fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="176" applyNumberFormat="1"/></cellXfs></styleSheet>`

export interface OfficeCell {
  /** A shared string, as Excel keeps texts. */
  readonly s?: string
  /** A number as it stands in the XML. */
  readonly n?: string
  readonly style?: number
  readonly formula?: string
}

export interface OfficeFile {
  readonly rows: readonly (readonly (OfficeCell | string | null)[])[]
  /** Behind the rows: merged cells. */
  readonly merges?: readonly string[]
  /** WPS 嵌入单元格的图片, by the id in its DISPIMG formula. */
  readonly pictures?: Readonly<Record<string, Buffer>>
  /** Pictures laid over cells as Excel does it, from the cell at `from` to the one at `to`, by `row,column` from 0; `below`: EMU below their rows' upper edges. */
  readonly anchored?: readonly { readonly from: readonly [number, number]; readonly to: readonly [number, number]; readonly below?: readonly [number, number]; readonly height?: number; readonly content: Buffer }[]
  readonly dimension?: string
}

export function officeFile({ rows, merges = [], pictures, anchored = [], dimension = 'A1' }: OfficeFile): Buffer {
  const strings: string[] = []
  const sheetRows = rows.map((cells, row) => {
    const written = cells.map((cell, column) => {
      if (cell === null) return ''
      const { s, n, style, formula } = typeof cell === 'string' ? { s: cell, n: undefined, style: undefined, formula: undefined } : cell
      const at = `r="${letter(column)}${row + 1}"${style === undefined ? '' : ` s="${style}"`}`
      if (formula !== undefined) return `<c ${at} t="str"><f>${escape(formula)}</f><v>${escape(s ?? n ?? '')}</v></c>`
      return s === undefined ? `<c ${at}><v>${n ?? ''}</v></c>` : `<c ${at} t="s"><v>${strings.push(s) - 1}</v></c>`
    })
    return `<row r="${row + 1}" spans="1:${cells.length}">${written.join('')}</row>`
  })
  const merged = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
  return zipOf({
    '[Content_Types].xml': types(pictures ? '<Override PartName="/xl/cellimages.xml" ContentType="application/vnd.wps-officedocument.cellimage+xml"/>' : ''),
    '_rels/.rels': relations([`${office}/officeDocument`, 'xl/workbook.xml']),
    'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<workbook ${main}><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      [`${office}/worksheet`, 'worksheets/sheet1.xml'], [`${office}/styles`, 'styles.xml'], [`${office}/sharedStrings`, 'sharedStrings.xml'],
      ...(pictures ? [['http://www.wps.cn/officeDocument/2020/cellImage', 'cellimages.xml'] as [string, string]] : []),
    ),
    'xl/styles.xml': styles,
    'xl/sharedStrings.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst ${main} count="${strings.length}" uniqueCount="${strings.length}">${strings.map((text) => `<si><t>${escape(text)}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet ${main}><dimension ref="${dimension}"/><sheetData>${sheetRows.join('')}</sheetData>${merged}${anchored.length > 0 ? '<drawing r:id="rId1"/>' : ''}</worksheet>`,
    ...(pictures ? pictureParts(pictures) : {}),
    ...(anchored.length > 0 ? drawingParts(anchored) : {}),
  })
}

function pictureParts(pictures: Readonly<Record<string, Buffer>>): Record<string, string | Buffer> {
  const ids = Object.keys(pictures)
  const images = ids.map((id, index) => `<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${index + 2}" name="${id}" descr="证件照"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId${index + 1}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr/></xdr:pic></etc:cellImage>`)
  return {
    'xl/cellimages.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<etc:cellImages xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:r="${office}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData">${images.join('')}</etc:cellImages>`,
    'xl/_rels/cellimages.xml.rels': relations(...ids.map((_, index): [string, string] => [`${office}/image`, `media/image${index + 1}.png`])),
    ...Object.fromEntries(ids.map((id, index) => [`xl/media/image${index + 1}.png`, pictures[id] ?? Buffer.alloc(0)])),
  }
}

function drawingParts(anchored: NonNullable<OfficeFile['anchored']>): Record<string, string | Buffer> {
  const corner = (name: string, [row, column]: readonly [number, number], below: number) => `<xdr:${name}><xdr:col>${column}</xdr:col><xdr:colOff>19050</xdr:colOff><xdr:row>${row}</xdr:row><xdr:rowOff>${below}</xdr:rowOff></xdr:${name}>`
  const anchors = anchored.map(({ from, to, below: [under, over] = [9_525, 200_000], height = 300_000 }, index) => `<xdr:twoCellAnchor editAs="oneCell">${corner('from', from, under)}${corner('to', to, over)}<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${index + 2}" name="图片 ${index + 1}"><a:extLst><a:ext uri="{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}"/></a:extLst></xdr:cNvPr><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip xmlns:r="${office}" r:embed="rId${index + 1}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="500000" cy="${height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:twoCellAnchor>`)
  return {
    'xl/worksheets/_rels/sheet1.xml.rels': relations([`${office}/drawing`, '../drawings/drawing1.xml']),
    'xl/drawings/drawing1.xml': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">${anchors.join('')}</xdr:wsDr>`,
    'xl/drawings/_rels/drawing1.xml.rels': relations(...anchored.map((_, index): [string, string] => [`${office}/image`, `../media/image${index + 101}.jpeg`])),
    ...Object.fromEntries(anchored.map(({ content }, index) => [`xl/media/image${index + 101}.jpeg`, content])),
  }
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const letter = (column: number): string => (column < 26 ? '' : letter(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26))
