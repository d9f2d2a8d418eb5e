import { makeCanvas } from './portrait.ts'
import type { Mesh, Picture } from './raster.ts'

/** How a photo is held before the camera. Degrees; shifts in px of the frame. */
export interface PhotoPose {
  readonly yaw?: number
  readonly pitch?: number
  readonly roll?: number
  readonly zoom?: number
  readonly shift?: readonly [x: number, y: number]
  /** Bent about its upright middle line: how far its sides go back, px. */
  readonly bent?: number
}

const parts = 24
const cameraDistance = 1000

/** @returns a picture as a sheet in the frame, with its middle where an unshifted face has its own */
export function heldPhoto(photo: Picture, { yaw = 0, pitch = 0, roll = 0, zoom = 1, shift = [0, 0], bent = 0 }: PhotoPose): Mesh {
  const [y, p, r] = [yaw, pitch, roll].map((angle) => (angle * Math.PI) / 180) as [number, number, number]
  const corners: number[] = []
  for (let column = 0; column <= parts; column++) {
    for (let row = 0; row <= parts; row++) {
      const [u, v] = [(column / parts) * (photo.width - 1), (row / parts) * (photo.height - 1)]
      const [x0, y0, z0] = [u - photo.width / 2, v - photo.height / 2, -bent * ((2 * column) / parts - 1) ** 2]
      const [x1, z1] = [Math.cos(y) * x0 + Math.sin(y) * z0, -Math.sin(y) * x0 + Math.cos(y) * z0]
      const [y2, z2] = [Math.cos(p) * y0 + Math.sin(p) * z1, -Math.sin(p) * y0 + Math.cos(p) * z1]
      const near = (zoom * cameraDistance) / (cameraDistance - z2)
      corners.push(320 + shift[0] + near * (Math.cos(r) * x1 - Math.sin(r) * y2), 240 + shift[1] + near * (Math.sin(r) * x1 + Math.cos(r) * y2), z2, u, v)
    }
  }
  const triangles: number[] = []
  for (let column = 0; column < parts; column++) {
    for (let row = 0; row < parts; row++) {
      const [a, b] = [column * (parts + 1) + row, (column + 1) * (parts + 1) + row]
      triangles.push(a, b, a + 1, b, b + 1, a + 1)
    }
  }
  return { texture: photo, corners: Float32Array.from(corners), triangles: Uint32Array.from(triangles) }
}

/** A frame shown by a telephone: bezel, rows of pixels, glare, the colours of a bright screen. */
export function onScreen(frame: Picture): Picture {
  const border = 26
  const { context } = framed(frame, border, '#101114')
  context.globalCompositeOperation = 'multiply'
  context.fillStyle = 'rgb(180 190 205)'
  for (let y = border; y < border + frame.height; y += 3) context.fillRect(border, y, frame.width, 1)
  for (let x = border; x < border + frame.width; x += 3) context.fillRect(x, border, 1, frame.height)
  context.globalCompositeOperation = 'screen'
  const glare = context.createLinearGradient(0, 0, frame.width, frame.height)
  glare.addColorStop(0.15, 'rgb(0 0 0)')
  glare.addColorStop(0.3, 'rgb(70 74 84)')
  glare.addColorStop(0.42, 'rgb(0 0 0)')
  context.fillStyle = glare
  context.fillRect(border, border, frame.width, frame.height)
  return context.getImageData(0, 0, frame.width + 2 * border, frame.height + 2 * border)
}

/** A frame printed with a white border: paler, without deep blacks. */
export function onPaper(frame: Picture): Picture {
  const border = 30
  const { context } = framed(frame, border, '#f4f2ec')
  context.globalCompositeOperation = 'screen'
  context.fillStyle = 'rgb(28 26 22)'
  context.fillRect(border, border, frame.width, frame.height)
  return context.getImageData(0, 0, frame.width + 2 * border, frame.height + 2 * border)
}

function framed(frame: Picture, border: number, colour: string) {
  const made = makeCanvas(frame.width + 2 * border, frame.height + 2 * border)
  made.context.fillStyle = colour
  made.context.fillRect(0, 0, made.canvas.width, made.canvas.height)
  const inside = makeCanvas(frame.width, frame.height)
  inside.context.putImageData(new ImageData(frame.data, frame.width, frame.height), 0, 0)
  made.context.drawImage(inside.canvas, border, border)
  return made
}
