import type { Similarity } from '../../shared/domain/face/alignment.ts'
import type { FaceBox } from '../../shared/domain/face/geometry.ts'
import { AppError } from '../../shared/errors/app-error.ts'

/** How a part of a picture lies in a square that a net takes: px of the picture = offset + px of the square × scale. */
export interface SquareView {
  readonly rgba: Uint8ClampedArray
  readonly size: number
  readonly scale: number
  readonly x: number
  readonly y: number
}

type Surface = { readonly canvas: OffscreenCanvas; readonly context: OffscreenCanvasRenderingContext2D }

function newSurface(width: number, height: number): Surface {
  const canvas = new OffscreenCanvas(width, height)
  // All of it is read back; kept by the graphics card each reading would wait for it.
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new AppError('face-worker-failed')
  return { canvas, context }
}

/** A picture in main memory, and the parts of it that the nets look at. Reused for every frame of a camera. */
export function createFaceSurface() {
  let whole = newSurface(1, 1)
  const squares = new Map<number, Surface>()
  const squareOf = (size: number): Surface => {
    const surface = squares.get(size) ?? newSurface(size, size)
    squares.set(size, surface)
    surface.context.setTransform(1, 0, 0, 1, 0, 0)
    surface.context.fillStyle = '#000'
    surface.context.fillRect(0, 0, size, size)
    return surface
  }
  const pixelsOf = ({ context }: Surface, size: number) => context.getImageData(0, 0, size, size).data

  return {
    get width() {
      return whole.canvas.width
    },
    get height() {
      return whole.canvas.height
    },

    /**
     * @param padding a share of the picture's width and height, left on every side in the colour of an ID photo's ground
     * @param quarters turned to the right by so many right angles
     */
    put(picture: ImageBitmap, { scale = 1, padding = { x: 0, y: 0 }, quarters = 0 }: { scale?: number; padding?: { x: number; y: number }; quarters?: number } = {}): void {
      const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
      const [acrossWidth, acrossHeight] = quarters % 2 ? [height, width] : [width, height]
      const [fullWidth, fullHeight] = [Math.round(acrossWidth * (1 + 2 * padding.x)), Math.round(acrossHeight * (1 + 2 * padding.y))]
      if (whole.canvas.width !== fullWidth || whole.canvas.height !== fullHeight) whole = newSurface(fullWidth, fullHeight)
      const { context } = whole
      context.resetTransform()
      context.fillStyle = '#e8eef5'
      if (fullWidth !== acrossWidth || fullHeight !== acrossHeight) context.fillRect(0, 0, fullWidth, fullHeight)
      context.imageSmoothingQuality = 'high'
      context.translate(fullWidth / 2, fullHeight / 2)
      context.rotate((quarters * Math.PI) / 2)
      context.drawImage(picture, -width / 2, -height / 2, width, height)
    },

    /** The whole picture in the upper left of a square, as the detector was trained. */
    viewOfWhole(size: number): SquareView {
      const scale = Math.max(whole.canvas.width, whole.canvas.height) / size
      const square = squareOf(size)
      square.context.imageSmoothingQuality = 'medium'
      square.context.drawImage(whole.canvas, 0, 0, whole.canvas.width / scale, whole.canvas.height / scale)
      return { rgba: pixelsOf(square, size), size, scale, x: 0, y: 0 }
    },

    /** What of a box lies within the picture, in the middle of a square, as the landmark net was trained. */
    viewOfBox(box: FaceBox, size: number): SquareView {
      const left = Math.max(0, Math.floor(box.x))
      const top = Math.max(0, Math.floor(box.y))
      const width = Math.max(1, Math.min(whole.canvas.width - left, Math.floor(box.width)))
      const height = Math.max(1, Math.min(whole.canvas.height - top, Math.floor(box.height)))
      const scale = Math.max(width, height) / size
      const [offsetX, offsetY] = [(size - width / scale) / 2, (size - height / scale) / 2]
      const square = squareOf(size)
      square.context.imageSmoothingQuality = 'medium'
      square.context.drawImage(whole.canvas, left, top, width, height, offsetX, offsetY, width / scale, height / scale)
      return { rgba: pixelsOf(square, size), size, scale, x: left - offsetX * scale, y: top - offsetY * scale }
    },

    /** A box pulled to a square, whatever its shape: all measures of quality are of faces in this form. */
    pixelsOfBox({ x, y, width, height }: FaceBox, size: number): Uint8ClampedArray {
      const square = squareOf(size)
      square.context.imageSmoothingQuality = 'low'
      square.context.drawImage(whole.canvas, x, y, width, height, 0, 0, size, size)
      return pixelsOf(square, size)
    },

    /** The picture moved, turned and scaled into a square. */
    chip({ a, b, e, f }: Similarity, size: number): Uint8ClampedArray {
      const square = squareOf(size)
      square.context.imageSmoothingQuality = 'high'
      square.context.setTransform(a, b, -b, a, e, f)
      square.context.drawImage(whole.canvas, 0, 0)
      return pixelsOf(square, size)
    },

    /** The same as a picture to look at. */
    still({ a, b, e, f }: Similarity, { width, height }: { width: number; height: number }): OffscreenCanvas {
      const surface = newSurface(width, height)
      surface.context.fillStyle = '#e8eef5'
      surface.context.fillRect(0, 0, width, height)
      surface.context.imageSmoothingQuality = 'high'
      surface.context.setTransform(a, b, -b, a, e, f)
      surface.context.drawImage(whole.canvas, 0, 0)
      return surface.canvas
    },
  }
}
export type FaceSurface = ReturnType<typeof createFaceSurface>

/** Seen in a mirror. @param rgba a square of `size` */
export function mirrored(rgba: Uint8ClampedArray, size: number): Uint8ClampedArray {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, size * size)
  const flipped = new Uint32Array(size * size)
  for (let row = 0; row < size * size; row += size) for (let x = 0; x < size; x++) flipped[row + x] = pixels[row + size - 1 - x]!
  return new Uint8ClampedArray(flipped.buffer)
}
