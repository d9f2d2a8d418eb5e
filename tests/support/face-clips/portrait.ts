import { mouthRows } from './head.ts'
import type { Picture } from './raster.ts'
import { portrait, type Sitter } from './sitters.ts'

/** @returns the sitter cut out of the sample picture, upright, with the inside of a mouth below: the texture of a `Head` */
export async function portraitOf(sitter: Sitter, samples: string, paint?: (context: OffscreenCanvasRenderingContext2D) => void): Promise<Picture> {
  const sample = await createImageBitmap(await (await fetch(`${samples}/${sitter.picture}`)).blob())
  const { canvas, context } = makeCanvas(portrait.width, portrait.height + mouthRows)
  const [[lx, ly], [rx, ry]] = sitter.eyes
  const scale = portrait.eyeDistance / Math.hypot(rx - lx, ry - ly)
  context.save()
  context.translate(...portrait.betweenEyes)
  context.rotate(-Math.atan2(ry - ly, rx - lx))
  context.scale(scale, scale)
  context.drawImage(sample, -(lx + rx) / 2, -(ly + ry) / 2)
  context.restore()
  paint?.(context)
  cutOut(context, sitter.hair)
  paintMouth(context)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

export function makeCanvas(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no canvas')
  context.imageSmoothingQuality = 'high'
  return { canvas, context }
}

/** Leaves head and shoulders. */
function cutOut(context: OffscreenCanvasRenderingContext2D, [left, right]: Sitter['hair']): void {
  const { canvas, context: shape } = makeCanvas(portrait.width, portrait.height + mouthRows)
  shape.filter = 'blur(9px)'
  shape.beginPath()
  shape.ellipse((left + right) / 2, 265, (right - left) / 2, 235, 0, 0, 2 * Math.PI)
  shape.fill()
  shape.beginPath()
  shape.ellipse(400, 690, 300, 225, 0, 0, 2 * Math.PI)
  shape.rect(310, 400, 180, 300)
  shape.fill()
  context.globalCompositeOperation = 'destination-in'
  context.drawImage(canvas, 0, 0)
  context.globalCompositeOperation = 'source-over'
}

/** Upper teeth, dark, tongue. */
function paintMouth(context: OffscreenCanvasRenderingContext2D): void {
  const shade = context.createLinearGradient(0, portrait.height, 0, portrait.height + mouthRows)
  const stops: [number, string][] = [[0, '#6b4038'], [0.08, '#c9bdae'], [0.2, '#b3a698'], [0.26, '#3a1716'], [0.6, '#2a0e0f'], [0.8, '#7a3a3a'], [1, '#8c4646']]
  for (const [at, colour] of stops) shade.addColorStop(at, colour)
  context.fillStyle = shade
  context.fillRect(0, portrait.height, portrait.width, mouthRows)
}

/** A surgical mask from below the eyes to under the chin. */
export function paintMask(context: OffscreenCanvasRenderingContext2D, { landmarks }: Sitter): void {
  const at = (index: number) => landmarks[index] ?? portrait.betweenEyes
  const shade = context.createLinearGradient(0, at(28)[1], 0, at(8)[1])
  shade.addColorStop(0, '#a9cfe0')
  shade.addColorStop(1, '#7fb0c8')
  context.fillStyle = shade
  context.beginPath()
  context.moveTo(at(1)[0], at(1)[1] + 6)
  context.quadraticCurveTo(at(28)[0], at(28)[1] - 26, at(15)[0], at(15)[1] + 6)
  for (const index of [13, 12, 11, 10, 9]) context.lineTo(...at(index))
  context.lineTo(at(8)[0], at(8)[1] + 14)
  for (const index of [7, 6, 5, 4, 3]) context.lineTo(...at(index))
  context.closePath()
  context.fill()
  context.strokeStyle = '#6f9fb8'
  context.lineWidth = 2
  for (const part of [0.35, 0.55, 0.75]) {
    const y = at(28)[1] + part * (at(8)[1] - at(28)[1])
    context.beginPath()
    context.moveTo(at(3)[0] + 14, y - 8)
    context.quadraticCurveTo(at(30)[0], y + 14, at(13)[0] - 14, y - 8)
    context.stroke()
  }
}
