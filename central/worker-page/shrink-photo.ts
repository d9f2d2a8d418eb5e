import { largestSelfPhoto } from '../../shared/domain/self-registration.ts'

/** Of the longer side: an ID card is readable and a line on a site has something to spare. */
export const longestSide = 1600

/** A picture that cannot be opened as one. */
export class UnreadablePhoto extends Error {}

/** Width and height within `longestSide`, never enlarged. */
export function fitted(width: number, height: number, longest = longestSide): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * A JPEG of what the camera or the album gave. Drawn anew, so that nothing but the picture is left: no place, no time, no
 * device (EXIF).
 * @param quarterTurns clockwise, for engines that ignore how the phone was held
 * @throws UnreadablePhoto
 */
export async function shrinkPhoto(file: Blob, quarterTurns = 0): Promise<Blob> {
  const address = URL.createObjectURL(file)
  try {
    const image = await loaded(address)
    const { width, height } = fitted(image.naturalWidth, image.naturalHeight)
    const isTurned = quarterTurns % 2 === 1
    const canvas = document.createElement('canvas')
    ;[canvas.width, canvas.height] = isTurned ? [height, width] : [width, height]
    const context = canvas.getContext('2d')
    if (!context) throw new UnreadablePhoto()
    // What is see-through would turn black in a JPEG.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.translate(canvas.width / 2, canvas.height / 2)
    context.rotate((quarterTurns * Math.PI) / 2)
    context.drawImage(image, -width / 2, -height / 2, width, height)
    for (const quality of [0.85, 0.7, 0.5]) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
      if (blob && blob.size <= largestSelfPhoto) return blob
    }
    throw new UnreadablePhoto()
  } finally {
    URL.revokeObjectURL(address)
  }
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image()
    image.onload = () => (image.naturalWidth > 0 ? resolve(image) : reject(new UnreadablePhoto()))
    image.onerror = () => reject(new UnreadablePhoto())
    image.src = address
  })
}
