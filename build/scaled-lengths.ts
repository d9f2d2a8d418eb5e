/** Of a style sheet as PostCSS has it, what is needed here. */
interface Sheet {
  walkDecls(visit: (declaration: { value: string }) => void): void
  walkAtRules(name: string, visit: (rule: { params: string }) => void): void
}

/** px a rem at 字号 标准. Sixteenths are exact in binary: at 标准 every length is to the pixel what was written. */
const pixelsPerRem = 16
const length = /(?<![\w.#-])(-?)(\d*\.?\d+)px\b/g

/** Lengths of more than a pixel in rem; a hairline stays one, and what stands in an address is no length. */
export function inRem(value: string): string {
  if (value.includes('url(')) return value
  return value.replace(length, (written, sign: string, pixels: string) => (Number(pixels) > 1 ? `${sign}${Number(pixels) / pixelsPerRem}rem` : written))
}

/**
 * PostCSS plug-in: every length grows with the root's size, in our own styles and Element Plus', and so do the widths
 * at which a container changes its layout. A media query knows nothing of that size: layouts ask containers.
 */
export const scaledLengths = {
  postcssPlugin: 'scaled-lengths',
  OnceExit(sheet: Sheet) {
    sheet.walkDecls((declaration) => void (declaration.value = inRem(declaration.value)))
    sheet.walkAtRules('container', (rule) => void (rule.params = inRem(rule.params)))
  },
}
