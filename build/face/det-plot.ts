import type { Rates } from './error-rates.ts'

export interface PlottedCurve {
  readonly name: string
  readonly curve: readonly Rates[]
  /** Thresholds that are marked on it. */
  readonly marked: readonly Rates[]
}

const size = { width: 700, height: 690 }
const area = { left: 92, top: 74, width: 560, height: 540 }
const colours = ['#0b5cad', '#b3541e']
const ticks = [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4]
const [lowest, highest] = [0.00005, 0.5]

/** @returns the detection error trade-off as SVG: both rates on a normal-deviate scale, where normal distributions give straight lines */
export function detPlot(title: string, curves: readonly PlottedCurve[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="'Noto Sans CJK SC','Microsoft YaHei',sans-serif" font-size="13" fill="#333">`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    `<text x="${area.left}" y="34" font-size="18" font-weight="600" fill="#111">${escape(title)}</text>`,
    `<text x="${area.left}" y="55" fill="#666">越靠左下越好；虚线上两种错误率相等（EER） · lower left is better</text>`,
    ...ticks.flatMap(gridLine),
    `<line x1="${x(lowest)}" y1="${y(lowest)}" x2="${x(highest)}" y2="${y(highest)}" stroke="#999" stroke-dasharray="5 5"/>`,
    `<rect x="${area.left}" y="${area.top}" width="${area.width}" height="${area.height}" fill="none" stroke="#888"/>`,
    `<text x="${area.left + area.width / 2}" y="${area.top + area.height + 46}" text-anchor="middle">误识率 FMR：不同的人被当成同一人 (different people taken for one)</text>`,
    `<text transform="translate(24 ${area.top + area.height / 2}) rotate(-90)" text-anchor="middle">拒识率 FNMR：同一人没有被认出 (one person not recognised)</text>`,
    ...curves.flatMap((curve, index) => drawn(curve, colours[index % colours.length] ?? '#333')),
    ...legend(curves),
    '</svg>',
    '',
  ].join('\n')
}

function gridLine(rate: number): string[] {
  const label = `${Number((rate * 100).toPrecision(2))} %`
  return [
    `<path d="M${x(rate)} ${area.top}v${area.height}M${area.left} ${y(rate)}h${area.width}" stroke="#e3e3e3" fill="none"/>`,
    `<text x="${x(rate)}" y="${area.top + area.height + 20}" text-anchor="middle" font-size="12">${label}</text>`,
    `<text x="${area.left - 8}" y="${y(rate) + 4}" text-anchor="end" font-size="12">${label}</text>`,
  ]
}

function drawn({ curve, marked }: PlottedCurve, colour: string): string[] {
  const inside = curve.filter(({ falseMatch, falseNonMatch }) => falseMatch < highest && falseNonMatch < highest && (falseMatch > 0 || falseNonMatch > 0))
  const path = inside.map((rates, index) => (index === 0 ? `M${x(rates.falseMatch)} ${y(rates.falseNonMatch)}` : `H${x(rates.falseMatch)}V${y(rates.falseNonMatch)}`)).join('')
  const marks = marked.flatMap((rates) => {
    const [px, py] = [x(rates.falseMatch), y(rates.falseNonMatch)]
    return [`<circle cx="${px}" cy="${py}" r="4.5" fill="#fff" stroke="${colour}" stroke-width="2"/>`, `<text x="${px + 9}" y="${py - 7}" font-size="12" fill="${colour}">${rates.threshold.toFixed(2)}</text>`]
  })
  return [`<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`, ...marks]
}

function legend(curves: readonly PlottedCurve[]): string[] {
  return curves.flatMap(({ name }, index) => {
    const py = area.top + 22 + index * 22
    const end = area.left + area.width - 14
    return [
      `<text x="${end - 34}" y="${py + 4}" text-anchor="end">${escape(name)}</text>`,
      `<line x1="${end - 26}" y1="${py}" x2="${end}" y2="${py}" stroke="${colours[index % colours.length] ?? '#333'}" stroke-width="3"/>`,
    ]
  })
}

const x = (rate: number): number => round(area.left + area.width * along(rate))
const y = (rate: number): number => round(area.top + area.height * (1 - along(rate)))
const round = (value: number): number => Math.round(value * 10) / 10

/** Where on an axis a rate lies, 0 to 1; a rate of nought at the very beginning. */
function along(rate: number): number {
  const within = Math.max(lowest, Math.min(highest, rate))
  return (normalDeviate(within) - normalDeviate(lowest)) / (normalDeviate(highest) - normalDeviate(lowest))
}

/** Inverse of the standard normal distribution for 0 < part ≤ 0.5: Abramowitz and Stegun 26.2.23, exact to 4.5e-4. */
function normalDeviate(part: number): number {
  const t = Math.sqrt(-2 * Math.log(part))
  return -(t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3))
}

const escape = (text: string): string => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign)
