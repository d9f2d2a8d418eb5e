import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { faceAssets } from '../../../renderer/face/face-assets.ts'
import { fetchFaceAsset } from '../../../renderer/face/fetch-face-assets.ts'

const [, manifest] = faceAssets
const content = () => new Uint8Array(readFileSync(`node_modules/${manifest.from}`))
const answering = (answer: () => Response | Promise<Response>) => vi.stubGlobal('fetch', vi.fn(async () => answer()))
const asked = () => fetchFaceAsset('app://bundle/face/', manifest.name)

describe('a file of the face nets', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it('is taken as the list has it', async () => {
    answering(() => new Response(content()))
    expect(new Uint8Array(await asked())).toEqual(content())
  })

  it('is refused with one bit changed, and one byte short', async () => {
    const changed = content()
    changed[100]! ^= 1
    for (const wrong of [changed, content().slice(0, -1)]) {
      answering(() => new Response(wrong))
      await expect(asked()).rejects.toMatchObject({ code: 'face-model-damaged', details: { file: manifest.name } })
    }
  })

  it('that is not there is called missing, and so is one that nobody sends', async () => {
    answering(() => new Response(null, { status: 404 }))
    await expect(asked()).rejects.toMatchObject({ code: 'face-model-missing' })
    answering(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(asked()).rejects.toMatchObject({ code: 'face-model-missing' })
  })
})
