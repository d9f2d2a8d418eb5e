import type { Descriptors } from './evaluation.ts'
import type { FacePage } from './face-page.ts'

export type FacePath = 'ours' | 'face-api'

/** What the page's own engine tells of a picture. */
interface Engine {
  ofPicture(picture: Blob, largest: boolean): Promise<{ template: { descriptor: number[] } } | { reason: string }>
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
    found.set(picture, await page.evaluate(describe, `/pictures/${picture.split('/').map(encodeURIComponent).join('/')}`))
    onPicture(found.size)
  }
  return found
}

declare global {
  interface Window {
    describePicture(picture: Blob): Promise<number[] | null>
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
}

/** Runs in the page. */
async function describe(address: string): Promise<number[] | null> {
  const reply = await fetch(address)
  if (!reply.ok) throw new Error(`${reply.status}`)
  return window.describePicture(await reply.blob())
}
