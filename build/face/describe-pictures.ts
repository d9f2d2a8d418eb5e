import type { Descriptors } from './evaluation.ts'
import type { FacePage } from './face-page.ts'

export type FacePath = 'ours' | 'face-api'

/** What the page's own engine tells of a picture. */
interface Engine {
  ofPicture(picture: Blob, largest: boolean): Promise<{ template: { descriptor: number[] }; still: Blob } | { reason: string }>
}
interface Tools {
  openFaceEngine(): Promise<Engine>
  defaultPath: { openDefaultPath(at: { models: string; wasm: string }): Promise<(picture: Blob) => Promise<number[] | null>> }
}

/** @param onPicture hears how many are done */
export async function describePictures({ page, tools }: FacePage, path: FacePath, pictures: readonly string[], onPicture: (done: number) => void): Promise<Descriptors> {
  await page.evaluate(open, { address: tools, path })
  const found = new Map<string, readonly number[] | null>()
  for (const picture of pictures) {
    found.set(picture, await page.evaluate(describe, addressOf(picture)))
    onPicture(found.size)
  }
  return found
}

/** How many of these pictures show no face, as the photo on an ID card's chip has them: 102x126 px. @param portraits JPEGs of 240x320 */
export async function notFoundOnChip({ page, tools }: FacePage, path: FacePath, portraits: readonly string[]): Promise<number> {
  await page.evaluate(open, { address: tools, path })
  const found: boolean[] = []
  for (const portrait of portraits) found.push(await page.evaluate(isFoundOnChip, portrait))
  return found.filter((each) => !each).length
}

/** Portraits as an ID photo is cut, of each picture with a face. @returns data: addresses */
export async function portraitsOf({ page, tools }: FacePage, pictures: readonly string[]): Promise<string[]> {
  await page.evaluate(open, { address: tools, path: 'ours' as const })
  const portraits: string[] = []
  for (const picture of pictures) portraits.push(...(await page.evaluate(portraitOf, addressOf(picture))))
  return portraits
}

const addressOf = (picture: string): string => `/pictures/${picture.split('/').map(encodeURIComponent).join('/')}`

declare global {
  interface Window {
    describePicture(picture: Blob): Promise<number[] | null>
    cutPortrait(picture: Blob): Promise<Blob | null>
  }
}

/** Runs in the page. */
async function open({ address, path }: { address: string; path: FacePath }): Promise<void> {
  const tools = (await import(address)) as Tools
  if (path === 'face-api') {
    window.describePicture = await tools.defaultPath.openDefaultPath({ models: '/models', wasm: '/wasm/' })
    return
  }
  const engine = await tools.openFaceEngine()
  window.describePicture = async (picture) => {
    const found = await engine.ofPicture(picture, true)
    return 'template' in found ? found.template.descriptor : null
  }
  window.cutPortrait = async (picture) => {
    const found = await engine.ofPicture(picture, true)
    return 'still' in found ? found.still : null
  }
}

/** Runs in the page. @returns one address or none */
async function portraitOf(address: string): Promise<string[]> {
  const portrait = await window.cutPortrait(await (await fetch(address)).blob())
  if (!portrait) return []
  const bytes = new Uint8Array(await portrait.arrayBuffer())
  return [`data:image/jpeg;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`]
}

/** Runs in the page. The middle of the portrait in the chip's proportions, as small as the chip's picture. */
async function isFoundOnChip(address: string): Promise<boolean> {
  const portrait = await createImageBitmap(await (await fetch(address)).blob())
  const chip = new OffscreenCanvas(102, 126)
  const context = chip.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.imageSmoothingQuality = 'high'
  const height = (portrait.width * chip.height) / chip.width
  context.drawImage(portrait, 0, (portrait.height - height) / 2, portrait.width, height, 0, 0, chip.width, chip.height)
  return (await window.describePicture(await chip.convertToBlob({ type: 'image/jpeg', quality: 0.8 }))) !== null
}

/** Runs in the page. */
async function describe(address: string): Promise<number[] | null> {
  const reply = await fetch(address)
  if (!reply.ok) throw new Error(`${reply.status}`)
  return window.describePicture(await reply.blob())
}
