import { create } from 'qrcode'
import { quietZone } from '../../../shared/domain/poster-paper.ts'

export interface QrSymbol {
  /** A side, without the quiet zone. */
  readonly modules: number
  /** SVG, with the quiet zone; it takes the size of what it stands in. */
  readonly svg: string
}

/**
 * The QR code of a text as one vector path. Level Q: a quarter of it may be dirty or torn off.
 * @param text in capitals, as posterUrl makes it: alphanumeric mode needs fewer modules
 */
export function qrSymbol(text: string): QrSymbol {
  const { modules: { data, size } } = create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'Q' })
  const side = size + 2 * quietZone
  const path = Array.from({ length: size }, (_each, row) => runsIn(data.subarray(row * size, (row + 1) * size), row)).join('')
  return { modules: size, svg: `<svg viewBox="${-quietZone} ${-quietZone} ${side} ${side}" shape-rendering="crispEdges"><path d="${path}"/></svg>` }
}

/** Dark modules that lie side by side are one rectangle: between two there would be hairlines on some screens. */
function runsIn(row: Uint8Array, y: number): string {
  const runs: string[] = []
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const from = x
    while (row[x + 1]) x++
    const width = x + 1 - from
    runs.push(`M${from} ${y}h${width}v1h-${width}z`)
  }
  return runs.join('')
}
