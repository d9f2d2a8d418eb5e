import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** Pixels of a tile. A page on the screen shows some six of them. */
const [width, height] = [480, 300]
/** Radians: clear of both the rows and the columns. */
const slope = -Math.PI / 9
const longestLine = 380

/** Bytes of a PNG's signature and header chunk. */
const behindHeader = 33
/** The chunk `pHYs` for 96 pixels an inch (PNG 11.3.5.3), with its checksum: LibreOffice prints a picture without it six times too small. */
const resolution = [0, 0, 0, 9, 112, 72, 89, 115, 0, 0, 14, 196, 0, 0, 14, 196, 1, 149, 43, 14, 27]

/**
 * 水印 of an exported workbook: one tile with the unit, the clerk and the day, pale enough to be read through.
 * @returns a PNG, as base64
 */
export async function drawWatermark(unit: string, clerk: string, now: Date): Promise<string> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new AppError('roster-not-saved')
  // Not transparent: some programs paint what is behind black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.translate(width / 2, height / 2)
  context.rotate(slope)
  context.fillStyle = '#d8dde6'
  context.textAlign = 'center'
  context.font = `18px ${getComputedStyle(document.body).fontFamily}`
  context.fillText(unit, 0, -8, longestLine)
  context.fillText(`${clerk} ${shanghaiDate(now)}`, 0, 24, longestLine)
  const drawn = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  return new Uint8Array([...drawn.subarray(0, behindHeader), ...resolution, ...drawn.subarray(behindHeader)]).toBase64()
}
