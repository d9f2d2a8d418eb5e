import type { DisplaySettings } from '../../shared/contract/display.contract.ts'

/**
 * The page with 显示设置 on its root element, where the style sheets look for them: it has its colours and its size with
 * its first paint, without a script having run. renderer/theme/display.ts sets the same when they change.
 * @param attackModel the operator has a presentation-attack model of their own, which the face worker then loads
 */
export function dressPage(html: string, { colours, textSize }: DisplaySettings, { attackModel = false }: { attackModel?: boolean } = {}): string {
  return html.replace('<html', `<html data-colours="${colours}" data-text-size="${textSize}"${attackModel ? ' data-face-attack-model' : ''}`)
}
