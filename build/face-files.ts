import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of a package that the page loads at run time, as renderer/face/face-assets.ts lists it. */
export interface FaceFile {
  readonly name: string
  /** In node_modules. */
  readonly from: string
  readonly bytes: number
  readonly sha256: string
}
interface Emitting {
  emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): string
}
interface Serving {
  readonly middlewares: { use(path: string, handle: (request: { url?: string }, response: { setHeader(name: string, value: string): void; end(body: Uint8Array): void }, next: () => void) => void): void }
}

/**
 * Vite plug-in: copies the face models and the WebAssembly that runs them to `face/` beside the page, by the names that the list says.
 * A file that is not the one listed stops the build: the page would refuse it.
 */
export const faceFiles = (files: readonly FaceFile[], nodeModules: string) => ({
  name: 'face-files',
  applyToEnvironment: ({ name }: { name: string }) => name === 'client',
  generateBundle(this: Emitting) {
    for (const file of files) this.emitFile({ type: 'asset', fileName: `face/${file.name}`, source: checkedBytes(file, nodeModules) })
  },
  configureServer({ middlewares }: Serving) {
    middlewares.use('/face', ({ url }, response, next) => {
      const file = files.find(({ name }) => url === `/${name}`)
      if (!file) return next()
      response.setHeader('content-type', file.name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream')
      response.end(checkedBytes(file, nodeModules))
    })
  },
})

function checkedBytes({ from, bytes, sha256 }: FaceFile, nodeModules: string): Uint8Array {
  const content = readFileSync(join(nodeModules, from))
  const found = createHash('sha256').update(content).digest('hex')
  if (content.length !== bytes || found !== sha256) throw new Error(`${from} is not the file that renderer/face/face-assets.ts lists: ${content.length} bytes, SHA-256 ${found}`)
  return new Uint8Array(content)
}
